/** What lane-engine.sv computes, written from its description: the second witness of every simulator. */

export const lanes = 4;
export const chunks = 16;
export const degree = 8;
export const sites = lanes * chunks;

export interface LaneImage {
  /** ±1 as bits, 32 sites a word. */
  readonly spins: Uint32Array;
  /** int16, by chunk and lane. */
  readonly biases: Int16Array;
  /** Source site of every slot, by chunk, lane and slot. */
  readonly sources: Uint8Array;
  /** int8, likewise. */
  readonly weights: Int8Array;
  /** 512 thresholds of the random number, from the most negative sum on. */
  readonly thresholds: Uint16Array;
  /** Four words a lane. */
  readonly generators: Uint32Array;
}

export interface LaneState {
  readonly spins: Uint32Array;
  readonly generators: Uint32Array;
  readonly cycles: number;
  readonly flips: number;
}

const rotateLeft = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

/** One step of xoshiro128++ in place; the word it yields, u32. */
function nextWord(state: Uint32Array): number {
  const [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = state;
  const t2 = s2 ^ s0;
  const t3 = s3 ^ s1;
  state.set([s0 ^ t3, s1 ^ t2, t2 ^ (s1 << 9), rotateLeft(t3, 11)]);
  return (rotateLeft(s0 + s3, 7) + s0) >>> 0;
}

/** Sites of a chunk are decided on the same spins. */
export function laneSweeps(image: LaneImage, sweeps: number): LaneState {
  const spins = image.spins.slice();
  const generators = image.generators.slice();
  const isUp = (site: number): boolean => (((spins[site >> 5] ?? 0) >>> (site & 31)) & 1) === 1;
  let flips = 0;
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (let chunk = 0; chunk < chunks; chunk++) {
      const decided = Array.from({ length: lanes }, (_, lane) => {
        const site = chunk * lanes + lane;
        let sum = image.biases[site] ?? 0;
        for (let slot = site * degree; slot < (site + 1) * degree; slot++) {
          const weight = image.weights[slot] ?? 0;
          sum += isUp(image.sources[slot] ?? 0) ? weight : -weight;
        }
        const threshold = image.thresholds[Math.min(Math.max(sum + 256, 0), 511)] ?? 0;
        return nextWord(generators.subarray(4 * lane, 4 * lane + 4)) >>> 16 < threshold;
      });
      for (const [lane, up] of decided.entries()) {
        const site = chunk * lanes + lane;
        if (isUp(site) === up) continue;
        flips++;
        spins[site >> 5] = (spins[site >> 5] ?? 0) ^ (1 << (site & 31));
      }
    }
  }
  return { spins, generators, cycles: sweeps * (chunks * (degree + 3) + 1), flips };
}
