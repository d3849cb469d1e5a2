/**
 * The law of the reference machines, by sampling (semantics 1.3, 1.5, 4, 7).
 *
 * Hypothesis, per block and comparison: the states of independent chains after n sweeps are draws from Tⁿ of their
 * common start, the law that the sweep kernel computes without chance. One state per chain, so the draws are
 * independent and identically distributed, and the hypothesis is exact.
 *   fixed law: n = 1, 2, 3, and an n after which Tⁿ is the stationary law of the sweep
 *   real law:  an n after which Tⁿ is the Boltzmann law of exact enumeration
 * "Is" is computed, not sampled: total variation ≤ 10⁻⁵ (real law: ≤ 10⁻⁴, its update probabilities have 16 bits).
 *
 * Statistic: N·KL of the states of five spins at a time, with a bound that holds at every N (statistics.ts).
 *
 * N: 20,000 chains for n = 1, 2, 3 and 5,000 for the long runs.
 *
 * False alarms: at most 2 × 24 blocks × 4 comparisons × 6 groups = 1,152 bounds, each tested at 10⁻⁶ / 1,152: below
 * 10⁻⁶ in all.
 */
import { describe, expect, test } from 'vitest';
import type { Program } from '../src/program/program.ts';
import type { Block } from '../src/program/program-json.ts';
import {
  enumerateBlock,
  type ReferenceResult,
  type ReferenceRun,
  runFixedLaw,
  runRealLaw,
  sweepKernel,
  totalVariation,
} from '../src/reference/index.ts';
import { groupsMax, type LawBlock, lawBlocks, lawBounds, lawRun, tallyStates } from './law-blocks.ts';

const blockCount = 24;
const comparisonsMax = 4;
const alarm = 1e-6 / (2 * blockCount * comparisonsMax * groupsMax);
const powerChains = 20_000;
const stationaryChains = 5_000;

const fixedBlocks = lawBlocks('fixed', blockCount);
const realBlocks = lawBlocks('real', blockCount);

function smallest(bounds: readonly number[]): number {
  expect(bounds.length).toBeLessThanOrEqual(groupsMax);
  return Math.min(...bounds);
}

/**
 * The first Tⁿ within `distance` of `limit`, in n ≤ 200 sweeps; undefined for a block that remembers its start for
 * longer.
 */
function lawAtRest(
  b: LawBlock,
  limit: Float64Array,
  distance: number,
): { sweeps: number; law: Float64Array } | undefined {
  let law = b.kernel.power(b.start, 0);
  for (let sweeps = 1; sweeps <= 200; sweeps++) {
    law = b.kernel.apply(law);
    if (totalVariation(law, limit) <= distance) return { sweeps, law };
  }
  return undefined;
}

/** The smallest bound of the last states of many chains against a law over states. */
function boundOfLongRun(
  b: LawBlock,
  machine: (program: Program, run: ReferenceRun) => ReferenceResult,
  { sweeps, law }: { sweeps: number; law: Float64Array },
): number {
  const run = lawRun(b, { sweeps, samples: 1, chains: stationaryChains, stream: 2 });
  const counts = tallyStates(b, machine(b.program, run).readouts, { k: 0, samples: 1 });
  return smallest(lawBounds(counts, law));
}

/** Counts of the states after 1, 2 and 3 sweeps of every fixed block: sampled once. */
const powerCounts = new Map<LawBlock, readonly Float64Array[]>();
function countsOfPowers(b: LawBlock): readonly Float64Array[] {
  const known = powerCounts.get(b);
  if (known !== undefined) return known;
  const run = lawRun(b, { sweeps: 3, samples: 3, chains: powerChains, stream: 1 });
  const { readouts } = runFixedLaw(b.program, run);
  const counts = [0, 1, 2].map((k) => tallyStates(b, readouts, { k, samples: 3 }));
  powerCounts.set(b, counts);
  return counts;
}

describe.each(fixedBlocks.map((b) => ({ b, seed: b.seed })))('fixed-law block $seed', ({ b }) => {
  test('states after 1, 2 and 3 sweeps have the laws T¹, T², T³', () => {
    countsOfPowers(b).forEach((counts, k) => {
      expect(smallest(lawBounds(counts, b.kernel.power(b.start, k + 1)))).toBeGreaterThan(alarm);
    });
  });

  test('long chains have the stationary law of the sweep', () => {
    const stationary = b.kernel.stationaryLaw({ residualMax: 1e-12 });
    const rest = lawAtRest(b, stationary.probabilities, 1e-5);
    if (rest === undefined) throw new Error('the block does not come to rest');
    expect(boundOfLongRun(b, runFixedLaw, rest)).toBeGreaterThan(alarm);
  });
});

describe.each(realBlocks.map((b) => ({ b, seed: b.seed })))('real-law block $seed', ({ b }) => {
  const boltzmann = enumerateBlock(b.program, b.block.index, { gains: b.gains, input: b.input }).probabilities;

  test('a sweep leaves the Boltzmann law unchanged, up to 16-bit probabilities', () => {
    // Every update probability is within 2⁻¹⁷ of σ; a sweep of n updates moves the law by at most n times that.
    const spinCount = b.kernel.spins.length;
    expect(totalVariation(b.kernel.apply(boltzmann), boltzmann)).toBeLessThanOrEqual(spinCount * 2 ** -17 + 1e-12);
  });

  test('long chains have the Boltzmann law', () => {
    const rest = lawAtRest(b, boltzmann, 1e-4);
    if (rest === undefined) throw new Error('the block does not come to rest');
    expect(boundOfLongRun(b, runRealLaw, rest)).toBeGreaterThan(alarm);
  });
});

describe('the test sees a law that is slightly wrong', () => {
  /** How many fixed blocks refuse the law that `change` makes of their block, on the samples of the tests above. */
  function refused(change: (block: Block) => Block): number {
    return fixedBlocks.filter((b) => {
      const stages = b.program.json.stages.map((stage) => (stage.kind === 'block' ? change(stage) : stage));
      const program = { json: { ...b.program.json, stages }, tensors: b.program.tensors };
      const wrong = sweepKernel(program, b.block.index, { gains: b.gains, input: b.input });
      const [first = new Float64Array()] = countsOfPowers(b);
      return smallest(lawBounds(first, wrong.power(b.start, 1))) <= alarm;
    }).length;
  }

  test('no block refuses the law as it is', () => {
    expect(refused((block) => block)).toBe(0);
  });

  test('β 10 % too high', () => {
    const hotter = (block: Block): Block =>
      block.fixed === undefined ? block : { ...block, fixed: { ...block.fixed, beta: 1.1 * block.fixed.beta } };
    expect(refused(hotter)).toBeGreaterThanOrEqual(blockCount / 2);
  });

  test('colors in the reverse order', () => {
    const reversed = (block: Block): Block => ({
      ...block,
      schedule: { ...block.schedule, colors: block.schedule.colors.toReversed() },
    });
    expect(refused(reversed)).toBeGreaterThanOrEqual(blockCount / 2);
  });
});
