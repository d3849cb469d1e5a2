/**
 * splitmix32: a counter that steps by 2³² / golden ratio, each value scrambled by the finalizer of MurmurHash3 (Appleby), a bijection of 32-bit words. It makes
 * the first states of the streams of lanes; nothing is sampled with it.
 */
import type { StreamKey } from './lane-generators.ts';

/** 2³² / golden ratio, odd. */
export const goldenStep = 0x9e3779b9;

/** The finalizer of MurmurHash3 for 32 bits. */
export function scramble(word: number): number {
  let z = word;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

/** What splitmix32 gives next after `state`; its next state is `state + goldenStep`. */
export const splitmix32 = (state: number): number => scramble(state + goldenStep);

/** Takes one more word into a state: for each `state` a bijection of `word`, so that keys that differ in one word never meet. */
const absorb = (state: number, word: number): number => splitmix32(state ^ word);

/**
 * Word `index` of the first state of a lane: 0 takes in, one after the other, index, seed (low, high), image, block and chain, sweep offset, lane. Every word has
 * a path of its own, so that streams of several words are as different as their words are many.
 */
export const streamSeedWord = (key: StreamKey, lane: number, index: number): number =>
  laneSeedWord(rowSeedWord(key, index), lane);

/** What the lanes of a row have in common: machines of many lanes are seeded at each row. */
export function rowSeedWord(key: StreamKey, index: number): number {
  let state = absorb(0, index);
  state = absorb(state, Number(key.seed & 0xffffffffn));
  state = absorb(state, Number((key.seed >> 32n) & 0xffffffffn));
  state = absorb(state, key.image);
  state = absorb(state, key.blockAndChain);
  return absorb(state, key.sweepOffset);
}

export const laneSeedWord = (row: number, lane: number): number => absorb(row, lane);
