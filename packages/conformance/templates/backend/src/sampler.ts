/**
 * The heart of the machine: one sweep of one row.
 *
 * TO BE WRITTEN. What stands here tosses a fair coin for every spin, whatever its field. It is there so that everything around it can be tried:
 * `doctor` passes, and the law checks of the conformance suite fail until this function samples the law.
 */
import type { IsingBlock } from './ising-block.ts';

export interface SweepOptions {
  /** Factor on β of this sweep, 0 … 1. */
  readonly temperature: number;
  /** 0 < x < 1, a fresh number at every call. */
  readonly random: () => number;
}

/**
 * Updates every free spin once, colors in their order. An update sets s_i = +1 with probability 1 / (1 + exp(−2·f_i)), f_i = temperature ·
 * (fields[i] + Σ J·s_j over its partners).
 *
 * @param states ±1 of all spins of the block, pinned ones included; free ones are overwritten
 */
export function sweep(block: IsingBlock, states: Int8Array, { random }: SweepOptions): void {
  for (const color of block.colors) {
    for (const spin of color) states[spin] = random() < 0.5 ? 1 : -1;
  }
}
