import { describe, expect, test } from 'vitest';
import { fixedBlock } from '../law/fixed-block.ts';
import { spinCountOf } from '../program/block-layout.ts';
import type { Block } from '../program/program-json.ts';
import { features } from '../program/program-json.ts';
import { verifyProgram } from '../program/verify/verify-program.ts';
import { rowWithDirtyPadding } from '../spins/packed-spins.ts';
import { type RandomProgramOptions, randomProgram, randomProgramParts } from './random-program.ts';
import { randomRun } from './random-run.ts';

const seeds = Array.from({ length: 150 }, (_, n) => n);
const blocksOf = (o: RandomProgramOptions): Block[] =>
  randomProgramParts(o).json.stages.filter((stage): stage is Block => stage.kind === 'block');

describe('random programs', () => {
  test.each(['fixed', 'real'] as const)('are valid under the %s law', (law) => {
    for (const seed of seeds) {
      const { json, tensors } = randomProgramParts({ seed, law, blocks: 1 + (seed % 3) });
      expect({ seed, violations: verifyProgram(json, tensors) }).toEqual({ seed, violations: [] });
    }
  });

  test('are the same for the same seed and differ otherwise', () => {
    const hashes = seeds.slice(0, 20).map((seed) => randomProgram({ seed }).hash);
    expect(seeds.slice(0, 20).map((seed) => randomProgram({ seed }).hash)).toEqual(hashes);
    expect(new Set(hashes).size).toBe(20);
  });

  test('together use every feature but host stages', () => {
    const used = new Set(
      seeds.flatMap((seed) => [
        ...randomProgramParts({ seed }).json.features,
        ...randomProgramParts({ seed, law: 'real' }).json.features,
      ]),
    );
    expect([...used].sort()).toEqual(features.filter((feature) => feature !== 'host'));
  });

  test('together use couplings among free, to pinned, from pinned and within one bank', () => {
    const kinds = new Set<string>();
    for (const seed of seeds) {
      for (const block of blocksOf({ seed })) {
        const role = (id: string) => block.banks.find((bank) => bank.id === id)?.role;
        for (const { from, to, form } of block.couplings) {
          kinds.add(from === to ? `${form.kind} within` : `${form.kind} ${role(from)} to ${role(to)}`);
        }
      }
    }
    for (const kind of ['conv', 'dense', 'sparse', 'diagonal']) {
      for (const ends of ['free to free', 'free to pinned', 'pinned to free'])
        expect(kinds).toContain(`${kind} ${ends}`);
    }
    expect(kinds).toContain('sparse within');
  });

  test('together use strides, dilations, groups and asymmetric pads', () => {
    const seen = { strided: 0, dilated: 0, grouped: 0, asymmetric: 0, long: 0, square: 0 };
    for (const seed of seeds) {
      for (const { form } of blocksOf({ seed }).flatMap((block) => block.couplings)) {
        if (form.kind !== 'conv') continue;
        const axes = form.strides.length;
        if (form.strides.some((n) => n > 1)) seen.strided++;
        if (form.dilations.some((n) => n > 1)) seen.dilated++;
        if (form.groups > 1) seen.grouped++;
        if (form.pads.slice(0, axes).some((pad, n) => pad !== form.pads[axes + n])) seen.asymmetric++;
        if (axes === 1) seen.long++;
        else seen.square++;
      }
    }
    expect(Object.values(seen).every((count) => count >= 5)).toBe(true);
  });

  test('reach small and large shifts', () => {
    const shifts = seeds.flatMap((seed) => {
      const program = randomProgram({ seed });
      return blocksOf({ seed }).flatMap((block) =>
        [...fixedBlock(program, block, {}).multipliers.values()].map((m) => m.sh),
      );
    });
    expect(Math.min(...shifts)).toBeLessThanOrEqual(8);
    expect(Math.max(...shifts)).toBeGreaterThanOrEqual(30);
  });

  test('keep within the spins that were asked for', () => {
    for (const seed of seeds) {
      for (const block of blocksOf({ seed, freeSpinsMax: 12, pinnedSpinsMax: 5 })) {
        const spins = (role: string) =>
          block.banks.filter((bank) => bank.role === role).reduce((sum, bank) => sum + spinCountOf(bank), 0);
        expect(spins('free')).toBeLessThanOrEqual(12);
        expect(spins('pinned')).toBeLessThanOrEqual(5);
      }
    }
  });
});

describe('random runs', () => {
  test('are valid: shapes, padding, retained sweeps, representable fields', () => {
    const starts = new Set<string>();
    for (const seed of seeds) {
      const program = randomProgram({ seed, blocks: 2 });
      const run = randomRun(program, seed);
      const block = program.json.stages.find(
        (stage): stage is Block => stage.kind === 'block' && stage.index === run.block,
      );
      if (block === undefined) throw new Error('no such block');
      starts.add(run.start.kind);
      expect(() => fixedBlock(program, block, run.gains)).not.toThrow();
      expect(Math.floor((run.sweeps - run.burnIn) / run.stride)).toBeGreaterThanOrEqual(1);
      expect(run.sweepOffset + run.sweeps).toBeLessThan(2 ** 32);
      const states = run.start.kind === 'given' ? Object.values(run.start.states) : [];
      for (const packed of [...Object.values(run.inputs), ...states]) expect(rowWithDirtyPadding(packed)).toBe(-1);
      expect(new Set(run.images).size).toBe(run.images.length);
    }
    expect([...starts].sort()).toEqual(['feed-forward', 'given', 'random']);
  });
});
