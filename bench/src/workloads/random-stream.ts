/** Random numbers for making workloads: Philox4x32-10 in counter order, so that a seed and a stream name them for ever. */
import { philox4x32, philoxKey } from '@isinglass/sdk';

export interface RandomStream {
  /** 32 random bits, unsigned. */
  word(): number;
  /** Uniform in 0 … n − 1, n ≤ 2³²; without bias. */
  below(n: number): number;
  /** Independent N(0, σ²) in every element. */
  fillNormal(out: Float32Array, sigma: number): void;
}

/** `stream` separates the numbers of one seed: 0 … 2³² − 1. */
export function randomStream(seed: bigint, stream = 0): RandomStream {
  const [key0, key1] = philoxKey(seed);
  const words = new Uint32Array(4);
  let block = 0;
  let used = 4;

  const word = (): number => {
    if (used === 4) {
      philox4x32(block >>> 0, Math.floor(block / 2 ** 32), stream, 0, key0, key1, words);
      block++;
      used = 0;
    }
    return words[used++] as number;
  };

  const below = (n: number): number => {
    // Words above the largest multiple of n would favour small results.
    const limit = 2 ** 32 - (2 ** 32 % n);
    for (;;) {
      const value = word();
      if (value < limit) return value % n;
    }
  };

  /** Box–Muller: two uniforms in (0, 1) make two independent normals. */
  const fillNormal = (out: Float32Array, sigma: number): void => {
    for (let i = 0; i < out.length; i += 2) {
      const radius = sigma * Math.sqrt(-2 * Math.log((word() + 0.5) / 2 ** 32));
      const angle = (2 * Math.PI * word()) / 2 ** 32;
      out[i] = radius * Math.cos(angle);
      if (i + 1 < out.length) out[i + 1] = radius * Math.sin(angle);
    }
  };

  return { word, below, fillNormal };
}
