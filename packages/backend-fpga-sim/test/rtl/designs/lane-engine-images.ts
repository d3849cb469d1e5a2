/** Images for lane-engine.sv that reach all of its parts: sums beyond both ends of the table, every weight, every source. */
import { chunks, degree, type LaneImage, lanes, sites } from './lane-engine-model.ts';

/** Words of splitmix32 from a seed on. */
function wordsFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let word = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return (word ^ (word >>> 15)) >>> 0;
  };
}

export function laneImage(seed: number): LaneImage {
  const word = wordsFrom(seed);
  const slots = sites * degree;
  return {
    spins: Uint32Array.from({ length: sites / 32 }, word),
    biases: Int16Array.from({ length: lanes * chunks }, () => (word() % 256) - 128),
    sources: Uint8Array.from({ length: slots }, () => word() % sites),
    weights: Int8Array.from({ length: slots }, word),
    // A slow sigmoid, so that most decisions are open.
    thresholds: Uint16Array.from({ length: 512 }, (_, n) => Math.round(65535 / (1 + Math.exp((256 - n) / 128)))),
    generators: Uint32Array.from({ length: 4 * lanes }, word),
  };
}
