/** What a small block's states are when lanes draw from a generator: six lanes, which serve the first bank and then the second. */
import type { LaneGenerators } from '../../src/generators/lane-generators.ts';
import { parity } from './exact-law.ts';
import { bankSize, bankThresholds, type SmallBlock, stateCount } from './small-block.ts';

/** Semantics 5.2: banks begin at multiples of 32. */
const spinIndices = Uint32Array.from({ length: 2 * bankSize }, (_, n) => (n < bankSize ? n : 32 + n - bankSize));

const burnIn = 1000;

/**
 * Averages over `sweeps` sweeps, after 1,000 that are left out: for each bank, entry m is that of the product of the spins whose bits are set in m. Generators are
 * seeded beforehand. The initial state takes a draw for each update slot, as machines do.
 */
export function sampledMeans(
  block: SmallBlock,
  generators: LaneGenerators,
  sweeps: number,
): readonly [Float64Array, Float64Array] {
  const thresholds = [bankThresholds(block, 0), bankThresholds(block, 1)] as const;
  const counts = [new Float64Array(stateCount), new Float64Array(stateCount)] as const;
  const draws = new Uint16Array(bankSize);
  const states: [number, number] = [0, 0];
  for (const bank of [0, 1] as const) {
    generators.draw(draws, spinIndices, bank * bankSize, 0);
    draws.forEach((draw, spin) => {
      if (draw < 32768) states[bank] |= 1 << spin;
    });
  }
  for (let sweep = 1; sweep <= burnIn + sweeps; sweep++) {
    for (const bank of [0, 1] as const) {
      generators.draw(draws, spinIndices, bank * draws.length, sweep);
      const row = states[(1 - bank) as 0 | 1] * draws.length;
      let state = 0;
      for (let spin = 0; spin < draws.length; spin++) {
        if ((draws[spin] as number) < (thresholds[bank][row + spin] as number)) state |= 1 << spin;
      }
      states[bank] = state;
      if (sweep > burnIn) counts[bank][state] = (counts[bank][state] as number) + 1;
    }
  }
  const means = (count: Float64Array) =>
    Float64Array.from({ length: stateCount }, (_, mask) =>
      count.reduce((sum, times, state) => sum + (times / sweeps) * parity(state, mask), 0),
    );
  return [means(counts[0]), means(counts[1])];
}
