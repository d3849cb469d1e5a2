import { couplingView } from '@isinglass/sdk';
import { expect, test } from 'vitest';
import { gathered } from './fixtures/gathered.ts';
import { generatedBlocks, influencesOf } from './fixtures/generated-blocks.ts';

test('every spin gathers from the spins that the coupling joins it with, at both ends of convolutions and matrices', () => {
  const seen = new Map<string, number>();
  for (const { name, block } of generatedBlocks(12)) {
    for (const { bank, influence, giver } of influencesOf(block)) {
      const { geometry, coupling, side } = influence;
      if (geometry === null) continue;
      const view = couplingView(coupling, block.block, block.program.tensors);
      const weights = block.program.tensors.get(geometry.weights.tensor)?.data as Int8Array;
      const { groupStride, receiverStride, giverStride } = geometry;
      for (let spin = 0; spin < bank.spins; spin += 1 + Math.floor(bank.spins / 40)) {
        const found = gathered(
          geometry,
          spin,
          ({ group, receiver, giver: from, tap }) =>
            weights[group * groupStride + receiver * receiverStride + from * giverStride + tap] as number,
        );
        const place = { name, coupling: coupling.id, side, spin };
        expect({ ...place, found }).toEqual({ ...place, found: [...view.neighbours(side, spin)] });
      }
      expect(geometry.groups * geometry.receivers * geometry.pixels).toBe(bank.spins);
      expect(geometry.groups * geometry.givers * geometry.x.sourceSize * geometry.y.sourceSize).toBe(giver.spins);
      for (const sight of sightsOf(coupling.form, side)) seen.set(sight, (seen.get(sight) ?? 0) + 1);
    }
  }
  const sights = ['conv to', 'conv from', 'dense to', 'dense from', 'strides', 'dilations', 'groups', 'one axis'];
  for (const sight of sights) expect({ sight, often: (seen.get(sight) ?? 0) >= 5 }).toEqual({ sight, often: true });
});

function sightsOf(form: Parameters<typeof couplingView>[0]['form'], side: 'to' | 'from'): readonly string[] {
  if (form.kind !== 'conv') return [`${form.kind} ${side}`];
  return [
    `conv ${side}`,
    ...(form.strides.some((n) => n > 1) ? ['strides'] : []),
    ...(form.dilations.some((n) => n > 1) ? ['dilations'] : []),
    ...(form.groups > 1 ? ['groups'] : []),
    ...(form.strides.length === 1 ? ['one axis'] : []),
  ];
}

test('sparse and diagonal couplings have no such geometry', () => {
  const kinds = new Set<string>();
  for (const { block } of generatedBlocks(12)) {
    for (const { influence } of influencesOf(block)) {
      const { kind } = influence.coupling.form;
      kinds.add(kind);
      expect({ kind, none: influence.geometry === null }).toEqual({
        kind,
        none: kind === 'sparse' || kind === 'diagonal',
      });
    }
  }
  expect([...kinds].sort()).toEqual(['conv', 'dense', 'diagonal', 'sparse']);
});

test('a bank is spread where its pixels have their channels apart: maps of more than one pixel, not vectors', () => {
  const spread = new Set<string>();
  for (const { block } of generatedBlocks(12)) {
    for (const { influence, giver } of influencesOf(block)) {
      if (influence.geometry === null) continue;
      const { kind } = influence.coupling.form;
      spread.add(`${kind}, ${giver.pixels > 1 ? 'pixels' : 'one pixel'}: ${influence.geometry.spread}`);
    }
  }
  expect([...spread].sort()).toEqual([
    'conv, one pixel: false',
    'conv, pixels: true',
    'dense, one pixel: false',
    'dense, pixels: false',
  ]);
});
