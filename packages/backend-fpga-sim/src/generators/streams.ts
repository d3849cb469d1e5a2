/** The streams that lanes draw from: how the words of a state become a number of 16 bits, and the next state. */
import { lfsr32Leap16, lfsr32Shift } from './lfsr32.ts';
import { xorshift32 } from './xorshift32.ts';
import { xoshiro128p, xoshiro128pp, xoshiro128Step } from './xoshiro128.ts';

export interface Stream {
  /** 32-bit words of state; all of them 0 is illegal. */
  readonly words: number;
  /** The word of the state at `at`, which goes one step. Unsigned, of 32 bits. */
  next(state: Uint32Array, at: number): number;
}

/** xoshiro and the shift registers give what they hold and then step; xorshift32 gives the state that it steps to, as published. */
export const streams = {
  xoshiro128pp: {
    words: 4,
    next(state, at) {
      const word = xoshiro128pp(state, at);
      xoshiro128Step(state, at);
      return word;
    },
  },
  xoshiro128p: {
    words: 4,
    next(state, at) {
      const word = xoshiro128p(state, at);
      xoshiro128Step(state, at);
      return word;
    },
  },
  xorshift32: {
    words: 1,
    next(state, at) {
      const word = xorshift32(state[at] as number);
      state[at] = word;
      return word;
    },
  },
  lfsr32: {
    words: 1,
    next(state, at) {
      const word = state[at] as number;
      state[at] = lfsr32Leap16(word);
      return word;
    },
  },
  lfsr32Leap1: {
    words: 1,
    next(state, at) {
      const word = state[at] as number;
      state[at] = lfsr32Shift(word);
      return word;
    },
  },
  lfsr32Leap2: {
    words: 1,
    next(state, at) {
      const word = state[at] as number;
      state[at] = lfsr32Shift(lfsr32Shift(word));
      return word;
    },
  },
} as const satisfies Readonly<Record<string, Stream>>;
