/**
 * Whether machines that draw from a generator sample the law of small blocks (devices.md section 8). Null hypothesis: draws are independent and uniform. Then the average of
 * each parity of a bank's spins is normal around its exact mean, with the exact variance of its chain.
 */
import type { GeneratorKind } from '../../src/generators/catalogue.ts';
import { laneGenerators } from '../../src/generators/create-lane-generators.ts';
import type { LaneGenerators } from '../../src/generators/lane-generators.ts';
import { type BankLaw, exactLaw } from './exact-law.ts';
import { sampledMeans } from './sampled-law.ts';
import { bankSize, smallBlock, stateCount } from './small-block.ts';

export const blockCount = 6;

/** Coupling strengths of a check. */
export const deltas = [1, 0.1] as const;

/** Parities of all blocks at both strengths. */
export const statisticCount = deltas.length * blockCount * 2 * (stateCount - 1);

/**
 * In standard deviations. A normal number lies beyond with probability 5.7·10⁻¹⁰, so that one of the 1,512 statistics does with less than 10⁻⁶: a generator that gives
 * independent draws fails no more often than that.
 */
export const scoreMax = 6.2;

export interface LawDeviation {
  /** Largest difference of the mean of a spin from the exact one. */
  readonly worst: number;
  /** Root mean square of those differences over the spins of all blocks. */
  readonly rms: number;
  /** Largest difference of any parity, in standard deviations of independent draws. */
  readonly largestScore: number;
}

/** Laws of blocks, by strength and number: the same for every generator. */
const laws = new Map<string, readonly [BankLaw, BankLaw]>();

function lawOf(number: number, delta: number): readonly [BankLaw, BankLaw] {
  const name = `${delta} ${number}`;
  const law = laws.get(name) ?? exactLaw(smallBlock(number, delta));
  laws.set(name, law);
  return law;
}

/** Six blocks of coupling strength `delta`. Blocks and seeds are the same each time. */
export function lawDeviation(generators: LaneGenerators, delta: number, sweeps: number): LawDeviation {
  let worst = 0;
  let squares = 0;
  let largestScore = 0;
  for (let number = 0; number < blockCount; number++) {
    const block = smallBlock(number, delta);
    generators.seed({ seed: 20_260_900n, image: number, blockAndChain: 0, sweepOffset: 0 });
    const sampled = sampledMeans(block, generators, sweeps);
    lawOf(number, delta).forEach(({ means, variances }, bank) => {
      for (let mask = 1; mask < stateCount; mask++) {
        const difference = Math.abs((sampled[bank]?.[mask] as number) - (means[mask] as number));
        largestScore = Math.max(largestScore, difference / Math.sqrt((variances[mask] as number) / sweeps));
        if ((mask & (mask - 1)) !== 0) continue;
        worst = Math.max(worst, difference);
        squares += difference ** 2;
      }
    });
  }
  return { worst, rms: Math.sqrt(squares / (blockCount * 2 * bankSize)), largestScore };
}

/** Of a generator by name. */
export const generatorDeviation = (kind: GeneratorKind, delta: number, sweeps: number): LawDeviation =>
  lawDeviation(laneGenerators(kind, bankSize), delta, sweeps);
