/** Known answers of what is published. */
import { expect, test } from 'vitest';
import { goldenStep, scramble, splitmix32 } from './splitmix32.ts';
import { type Stream, streams } from './streams.ts';

function first(stream: Stream, state: readonly number[], count: number): number[] {
  const words = Uint32Array.from(state);
  return Array.from({ length: count }, () => stream.next(words, 0));
}

test('xoshiro128++ gives the words of the authors’ reference from state 1, 2, 3, 4 (as rand_xoshiro tests them)', () => {
  expect(first(streams.xoshiro128pp, [1, 2, 3, 4], 10)).toEqual([
    641, 1573767, 3222811527, 3517856514, 836907274, 4247214768, 3867114732, 1355841295, 495546011, 621204420,
  ]);
});

test('xoshiro128+ gives the words of the authors’ reference from state 1, 2, 3, 4 (as rand_xoshiro tests them)', () => {
  expect(first(streams.xoshiro128p, [1, 2, 3, 4], 10)).toEqual([
    5, 12295, 25178119, 27286542, 39879690, 1140358681, 3276312097, 4110231701, 399823256, 2144435200,
  ]);
});

test('xorshift32 gives the words that follow Marsaglia’s seed 2463534242', () => {
  expect(first(streams.xorshift32, [2463534242], 3)).toEqual([723471715, 2497366906, 2064144800]);
});

test('splitmix32 scrambles as MurmurHash3 does: the hashes of no bytes under seeds 1 and 2³² − 1', () => {
  expect(scramble(1)).toBe(0x514e28b7);
  expect(scramble(0xffffffff)).toBe(0x81f16f39);
});

test('splitmix32 gives the scrambled multiples of its step', () => {
  let state = 0;
  const given = Array.from({ length: 5 }, () => {
    const word = splitmix32(state);
    state = (state + goldenStep) >>> 0;
    return word;
  });
  expect(given).toEqual([1, 2, 3, 4, 5].map((n) => scramble(Math.imul(n, goldenStep))));
});
