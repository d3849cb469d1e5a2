/** What a run holds is compared with its plan on a GPU: test/memory.gpu.test.ts. */
import type { Block, Program } from '@isinglass/sdk';
import { describe, expect, test } from 'vitest';
import { fakeContext } from '../gpu/fixtures/fake-device.ts';
import type { GpuContext } from '../gpu/gpu-context.ts';
import { loadSmall } from '../small/loaded-small.ts';
import { isSmall } from '../small/small-block.ts';
import { drained, generatedBlocks, influencesOf } from './fixtures/generated-blocks.ts';
import { gpuFootprint } from './footprint.ts';
import { type GpuBlock, gpuBlock } from './gpu-block.ts';
import { loadBlock } from './loaded-block.ts';

/** Bytes that the block takes when it is loaded. */
function heldBytes(block: GpuBlock, gpu: GpuContext): number {
  const loaded = drained(loadBlock(block, gpu));
  if (isSmall(block)) drained(loadSmall(loaded, gpu));
  return gpu.memory.bytes;
}

describe.each([{ packed: true }, { packed: false }])('with %o', ({ packed }) => {
  test('a loaded block holds no more than planned, and a quarter of it at least: weights of 0 and taps on padding are planned, too', () => {
    for (const { name, block } of generatedBlocks(16)) {
      const gpu = fakeContext({ packed });
      const planned = gpuFootprint(block, gpu).loadedBytes;
      const held = heldBytes(block, gpu);
      expect({ name, planned, fits: held <= planned }).toEqual({ name, planned, fits: true });
      expect({ name, planned, near: held > planned / 4 }).toEqual({ name, planned, near: true });
    }
  });

  test('a coupling breaks the limit of bindings by one byte, in the numbers of the breach, and not at the limit', () => {
    const seen = new Map<string, number>();
    for (const { name, block } of generatedBlocks(6)) {
      const at = (bindingBytesMax: number) => gpuFootprint(block, fakeContext({ packed, pieces: { bindingBytesMax } }));
      // At 3 bytes every coupling that reaches a free bank breaks it.
      const { breaches } = at(3);
      expect(breaches).toHaveLength(influencesOf(block).length);
      for (const { limit, needed, available, what } of breaches) {
        expect({ limit, available }).toEqual({ limit: 'maxStorageBufferBindingSize', available: 3 });
        const others = breaches.filter((breach) => breach.needed > needed).length;
        const own = breaches.filter((breach) => breach.needed === needed).length;
        expect({ name, what, broken: at(needed).breaches.length }).toEqual({ name, what, broken: others });
        expect({ name, what, broken: at(needed - 1).breaches.length }).toEqual({ name, what, broken: others + own });
        const form = block.block.couplings.find(({ id }) => what === `coupling ${id}`)?.form.kind ?? 'none';
        seen.set(form, (seen.get(form) ?? 0) + 1);
      }
    }
    expect([...seen.keys()].sort()).toEqual(['conv', 'dense', 'diagonal', 'sparse']);
  });
});

test('weights are in parts of whole blocks of receivers where a binding has no room for all of them', () => {
  let partsMax = 0;
  for (const { name, block } of generatedBlocks(4)) {
    const { breaches } = gpuFootprint(block, fakeContext({ packed: true, pieces: { bindingBytesMax: 3 } }));
    const bindingBytesMax = Math.max(4, ...breaches.map(({ needed }) => needed));
    const loaded = drained(loadBlock(block, fakeContext({ packed: true, pieces: { bindingBytesMax } })));
    for (const influence of [
      ...loaded.statics.flat(),
      ...loaded.parts.flat().flatMap(({ influences }) => influences),
    ]) {
      if (influence.kind !== 'conv') continue;
      partsMax = Math.max(partsMax, influence.parts.length);
      const largest = Math.max(...influence.parts.map(({ weights }) => weights.size));
      expect({ name, fits: largest <= bindingBytesMax }).toEqual({ name, fits: true });
    }
  }
  expect(partsMax).toBeGreaterThan(2);
});

/** One free spin that looks at the last of so many pinned ones; nothing of it is verified. */
function oneLook(pinned: number): GpuBlock {
  const block: Block = {
    kind: 'block',
    id: 'block',
    index: 0,
    banks: [
      { id: 'x', role: 'pinned', shape: [pinned], value: 'x' },
      { id: 's', role: 'free', shape: [1], color: 0 },
    ],
    gains: [{ id: 'one', value: 1, runtime: false }],
    couplings: [
      {
        id: 'j',
        from: 'x',
        to: 's',
        gain: 'one',
        scale: 1,
        form: {
          kind: 'sparse',
          rowStart: { tensor: 'rowStart' },
          column: { tensor: 'column' },
          value: { tensor: 'value' },
        },
      },
    ],
    biases: [],
    readouts: [{ id: 'y', bank: 's', observable: 'spin-sum', tie: 1 }],
    schedule: { sweeps: 1, burnIn: 0, stride: 1, chains: 1, colors: [0], init: 'random', beta: 1 },
    fixed: { fractionBits: 9, beta: 1 },
  };
  const tensors: Program['tensors'] = new Map([
    ['rowStart', { dtype: 'U32', shape: [2], data: Uint32Array.of(0, 1) }],
    ['column', { dtype: 'U32', shape: [1], data: Uint32Array.of(pinned - 1) }],
    ['value', { dtype: 'I8', shape: [1], data: Int8Array.of(1) }],
  ] as const);
  const json: Program['json'] = {
    irVersion: '1.0',
    features: ['fixed', 'sparse'],
    name: 'one look',
    provenance: {},
    law: { kind: 'fixed' },
    inputs: [{ name: 'x', dtype: 'spin', shape: ['batch', pinned] }],
    outputs: [],
    stages: [block],
  };
  return gpuBlock({ json, tensors, hash: '' }, block);
}

test('a list names 2^24 spins of the other bank: with one more, the coupling does not fit', () => {
  const gpu = fakeContext({ packed: true });
  expect(gpuFootprint(oneLook(2 ** 24), gpu).breaches).toEqual([]);
  expect(gpuFootprint(oneLook(2 ** 24 + 1), gpu).breaches).toEqual([
    { limit: 'columns', needed: 2 ** 24 + 1, available: 2 ** 24, what: 'coupling j' },
  ]);
});

test('runs of many rows are planned to hold at least their states, fields and sums', () => {
  for (const { name, block } of generatedBlocks(6)) {
    const { bytesPerRow, bindingPerRow, rowsPreferred } = gpuFootprint(block, fakeContext({ packed: true }));
    const spins = block.banks.reduce((sum, bank) => sum + (bank.free ? bank.spins : 0), 0);
    const largest = Math.max(...block.banks.map((bank) => (bank.free ? bank.spins : 0)));
    expect({ name, enough: bytesPerRow >= 8 * spins + 4 * largest }).toEqual({ name, enough: true });
    expect(bindingPerRow).toBeGreaterThanOrEqual(4 * largest);
    expect(rowsPreferred * spins).toBeGreaterThanOrEqual(2 ** 18);
    expect((rowsPreferred - 1) * spins).toBeLessThan(2 ** 18);
  }
});
