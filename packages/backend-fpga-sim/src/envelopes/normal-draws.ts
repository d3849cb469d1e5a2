/** Standard normal numbers that depend on a seed and a stream alone: Philox4x32-10 and Box–Muller. */
import { philox4x32, philoxKey } from '@isinglass/sdk';

/** Separates these draws from those of semantics 5.1: "nois". */
const noiseDomain = 0x6e6f6973;

/** A function that gives the next number of a stream. */
export function normalDraws(seed: bigint, stream: { readonly block: number; readonly use: number }): () => number {
  const [low, high] = philoxKey(seed);
  const words = new Uint32Array(4);
  let drawn = 0;
  return () => {
    philox4x32(drawn, stream.use, stream.block, noiseDomain, low, high, words);
    drawn++;
    // (w + ½) / 2³² is never 0.
    const radius = Math.sqrt(-2 * Math.log(((words[0] as number) + 0.5) / 2 ** 32));
    return radius * Math.cos((2 * Math.PI * (words[1] as number)) / 2 ** 32);
  };
}
