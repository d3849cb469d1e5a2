import { type Block, type PackedSpins, type Program, referenceBeta, spinCountOf, wordsPerRow } from '@isinglass/sdk';
import { enumerateBlock } from '@isinglass/sdk/reference';
import { Dice, randomProgram, randomSpins, runtimeGains } from '@isinglass/sdk/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { plainRun, runOnce } from './drive.ts';

/**
 * The real law against exact enumeration.
 *
 * H0: after 60 sweeps from random states, the states of independent chains follow P(s) ∝ exp(−β E(s)).
 * Statistic: Pearson's X² of the last states of N = 2000 chains over the states of the block, rare ones joined until a
 * bin expects 10 chains; df = bins − 1. Rejected above df + 2·√(df·x) + 2x, which a χ² variable exceeds with a
 * probability of at most e^−x (Laurent and Massart 2000); x = 17 and 24 blocks: false alarms below 24·e^−17 = 1.0·10⁻⁶.
 * Couplings are weak (|β·f| ≈ 0.5 each), so what the start leaves after 60 sweeps is far below the resolution of N chains.
 */
const chains = 2000;
const sweeps = 60;
const x = 17;
const seeds = Array.from({ length: 24 }, (_, n) => n);

const threshold = (df: number): number => df + 2 * Math.sqrt(df * x) + 2 * x;

function smallProgram(seed: number): Program {
  return randomProgram({
    seed,
    law: 'real',
    freeSpinsMax: 9,
    pinnedSpinsMax: 6,
    strength: 0.5,
    temperature: 'constant',
  });
}

/** The last states of all chains of one block, and the law at β and at 1.5·β. */
interface Sample {
  readonly seed: number;
  /** How many chains ended in each state. */
  readonly observed: Float64Array;
  readonly law: Float64Array;
  readonly colderLaw: Float64Array;
}

async function sample(seed: number): Promise<Sample> {
  const program = smallProgram(seed);
  const block = program.json.stages.find((stage): stage is Block => stage.kind === 'block');
  if (block === undefined) throw new Error('no block');
  const dice = new Dice(seed, 5);
  const gains = runtimeGains(block);
  const pinned = block.banks.filter((bank) => bank.role === 'pinned');
  const input = Object.fromEntries(pinned.map((bank) => [bank.id, randomSpins(dice, 1, spinCountOf(bank))]));
  const { last } = await runOnce(
    program,
    plainRun({ block: block.index, gains, inputs: input, chains, sweeps, seed: BigInt(seed + 1), keep: 'host' }),
  );
  const beta = referenceBeta(block.schedule);
  const exact = enumerateBlock(program, block.index, { gains, input, beta });
  const observed = new Float64Array(exact.probabilities.length);
  for (let chain = 0; chain < chains; chain++) {
    const state = exact.spins.reduce((bits, { bank, index }, n) => bits | (bitOf(last?.[bank], chain, index) << n), 0);
    observed[state] = (observed[state] as number) + 1;
  }
  const { probabilities: colderLaw } = enumerateBlock(program, block.index, { gains, input, beta: 1.5 * beta });
  return { seed, observed, law: exact.probabilities, colderLaw };
}

/** Pearson's X² with states in the order of their probability, rare ones joined until a bin expects 10 chains. */
function pearson(observed: Float64Array, probabilities: Float64Array): { statistic: number; df: number } {
  const byProbability = [...probabilities.keys()].sort((a, b) => (probabilities[a] ?? 0) - (probabilities[b] ?? 0));
  const bins: { seen: number; expected: number }[] = [];
  for (const state of byProbability) {
    const open = bins.at(-1);
    const seen = observed[state] as number;
    const expected = chains * (probabilities[state] as number);
    if (open === undefined || open.expected >= 10) {
      bins.push({ seen, expected });
    } else {
      open.seen += seen;
      open.expected += expected;
    }
  }
  const statistic = bins.reduce((sum, { seen, expected }) => sum + (seen - expected) ** 2 / expected, 0);
  return { statistic, df: Math.max(1, bins.length - 1) };
}

function bitOf(spins: PackedSpins | undefined, row: number, index: number): number {
  if (spins === undefined) throw new Error('no last state');
  return ((spins.words[row * wordsPerRow(spins.spinCount) + (index >>> 5)] as number) >>> (index & 31)) & 1;
}

describe(`the last states of ${chains} chains on ${seeds.length} random blocks of at most 9 free spins`, () => {
  const samples: Sample[] = [];
  beforeAll(async () => {
    for (const seed of seeds) samples.push(await sample(seed));
  });

  test('follow the enumerated law', () => {
    for (const { seed, observed, law } of samples) {
      const { statistic, df } = pearson(observed, law);
      expect({ seed, excess: Math.max(0, statistic - threshold(df)) }).toEqual({ seed, excess: 0 });
    }
  });

  test('control: do not follow the law at 1.5 times β, for most blocks', () => {
    const refused = samples.filter(({ observed, colderLaw }) => {
      const { statistic, df } = pearson(observed, colderLaw);
      return statistic > threshold(df);
    });
    expect(refused.length).toBeGreaterThan(seeds.length / 2);
  });
});
