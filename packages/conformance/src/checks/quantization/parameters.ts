/** The fields and couplings of a program as numbers, however it stores them. */
import type { Program } from '@isinglass/sdk';
import { blockStructure, gainValues } from '../../oracle/block-structure.ts';

export interface ProgramParameters {
  /** What must not change: banks with their sizes, colors. */
  readonly shape: string;
  /** h of every spin of all banks, summed over biases, times its gain; in units of k_B·T at β = 1. */
  readonly h: Float64Array;
  /** J by pair of spins, `a b` with a < b, summed over couplings, times gain and scale. */
  readonly J: ReadonlyMap<string, number>;
  /** β of the schedule's largest entry. */
  readonly beta: number;
}

/** Of a program's block 0. Throws RangeError where there is none. */
export function parametersOf(program: Program): ProgramParameters {
  const structure = blockStructure(program, 0);
  const { block, banks, colors, spins, couplings, biases } = structure;
  const gains = gainValues(block);
  const h = new Float64Array(spins);
  for (const { gain, first, h: values } of biases) {
    for (const [n, value] of values.entries()) {
      h[first + n] = (h[first + n] as number) + value * (gains.get(gain) as number);
    }
  }
  const J = new Map<string, number>();
  for (const { coupling, pairs } of couplings) {
    const factor = (coupling.scale ?? 1) * (gains.get(coupling.gain) as number);
    for (const { a, b, w } of pairs) {
      const key = a < b ? `${a} ${b}` : `${b} ${a}`;
      J.set(key, (J.get(key) ?? 0) + w * factor);
    }
  }
  const { beta } = block.schedule;
  return {
    shape: JSON.stringify([banks.map(({ id, free, spins: count }) => [id, free, count]), colors]),
    h,
    J,
    beta: typeof beta === 'number' ? beta : Math.max(...beta.map((step) => step.beta)),
  };
}
