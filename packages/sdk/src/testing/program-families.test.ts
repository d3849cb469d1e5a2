import { describe, expect, test } from 'vitest';
import { couplingView } from '../couplings/coupling-view.ts';
import { spinCountOf } from '../program/block-layout.ts';
import type { Program } from '../program/program.ts';
import type { Block } from '../program/program-json.ts';
import { verifyProgram } from '../program/verify/verify-program.ts';
import { randomGraph } from './graph-programs.ts';
import { type ProgramFamily, programFamilies } from './program-families.ts';

const seeds = Array.from({ length: 24 }, (_, n) => n);
const names = Object.keys(programFamilies) as ProgramFamily[];

const blockOf = ({ json }: Program): Block =>
  json.stages.find((stage): stage is Block => stage.kind === 'block') as Block;

/** What the couplings of a family's first programs are, and whether something is pinned. */
function sightsOf(name: ProgramFamily): { readonly forms: readonly string[]; readonly roles: readonly string[] } {
  const blocks = seeds.map((seed) => blockOf(programFamilies[name](seed)));
  const forms = new Set(blocks.flatMap(({ couplings }) => couplings.map(({ form }) => form.kind)));
  const roles = new Set(blocks.flatMap(({ banks }) => banks.map(({ role }) => role)));
  return { forms: [...forms].sort(), roles: [...roles].sort() };
}

describe.each(names)('%s', (name) => {
  test('are valid, the same for the same seed, and others for others', () => {
    const hashes = seeds.map((seed) => {
      const { json, tensors, hash } = programFamilies[name](seed);
      expect({ seed, violations: verifyProgram(json, tensors) }).toEqual({ seed, violations: [] });
      expect(programFamilies[name](seed).hash).toBe(hash);
      return hash;
    });
    expect(new Set(hashes).size).toBe(seeds.length);
  });
});

test('families are what their names say', () => {
  const both = ['free', 'pinned'];
  expect(sightsOf('convolutions')).toEqual({ forms: ['conv', 'diagonal'], roles: both });
  expect(sightsOf('layers')).toEqual({ forms: ['dense'], roles: both });
  expect(sightsOf('lattice')).toEqual({ forms: ['sparse'], roles: ['free'] });
  expect(sightsOf('irregularGraph')).toEqual({ forms: ['dense', 'sparse'], roles: both });
  expect(sightsOf('mixed')).toEqual({ forms: ['conv', 'dense', 'diagonal', 'sparse'], roles: both });
});

test('families have programs larger than the random ones of everything', () => {
  for (const name of ['convolutions', 'layers', 'lattice', 'irregularGraph', 'mixed'] as const) {
    const sizes = seeds.map((seed) => Math.max(...blockOf(programFamilies[name](seed)).banks.map(spinCountOf)));
    expect({ name, largest: Math.max(...sizes) > 200 }).toEqual({ name, largest: true });
  }
});

/** Partners of every spin of bank s, within the bank. */
function degreesOf(program: Program): readonly number[] {
  const block = blockOf(program);
  const coupling = block.couplings.find(({ from, to }) => from === 's' && to === 's');
  if (coupling === undefined) throw new Error('s is not coupled to itself');
  const view = couplingView(coupling, block, program.tensors);
  return Array.from({ length: view.toCount }, (_, spin) => [...view.neighbours('to', spin)].length);
}

test('every spin of a lattice has two partners per axis, those of an axis of two spins once', () => {
  for (const seed of seeds) {
    const program = programFamilies.lattice(seed);
    const shape = blockOf(program).banks[0]?.shape ?? [];
    const expected = shape.reduce((sum, side) => sum + (side === 2 ? 1 : 2), 0);
    expect(new Set(degreesOf(program))).toEqual(new Set([expected]));
  }
});

test('a random graph has about as many partners per spin as asked', () => {
  const degrees = degreesOf(randomGraph(5, { spins: 600, degree: 8 }));
  const mean = degrees.reduce((sum, degree) => sum + degree, 0) / degrees.length;
  // 2400 pairs are drawn; about one in 600 joins a spin to itself, about 8 in 1200 come twice.
  expect(mean).toBeGreaterThan(7.8);
  expect(mean).toBeLessThanOrEqual(8);
  expect(Math.max(...degrees)).toBeGreaterThan(12);
});
