/** The random numbers of one row in one sweep (semantics 5). */
import { blockAndChain, philox4x32, philoxKey, spinDraw } from '../law/philox.ts';
import type { SpinGraph } from './spin-graph.ts';

/** What a draw depends on, but for the spin. */
export interface DrawKey {
  readonly seed: bigint;
  readonly blockIndex: number;
  /** The image's global number. */
  readonly image: number;
  /** The chain's global number. */
  readonly chain: number;
  /** 0 for the initial state, else sweepOffset + sweep. */
  readonly sweep: number;
}

/** Writes the 16-bit number of every free spin to `draws[spinIndex]`. One Philox block serves eight spins. */
export function fillDraws(graph: SpinGraph, key: DrawKey, draws: Uint16Array): void {
  const [low, high] = philoxKey(key.seed);
  const c3 = blockAndChain(key.blockIndex, key.chain);
  const words = new Uint32Array(4);
  for (const { bank, offset, spinCount } of graph.layout) {
    if (bank.role === 'pinned') continue;
    for (let spinIndex = offset; spinIndex < offset + spinCount; spinIndex++) {
      // Offsets are multiples of 32, so a bank begins with a fresh block.
      if (spinIndex % 8 === 0) philox4x32(Math.floor(spinIndex / 8), key.sweep, key.image, c3, low, high, words);
      draws[spinIndex] = spinDraw(words, spinIndex);
    }
  }
}
