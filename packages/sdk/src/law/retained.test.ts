import { expect, test } from 'vitest';
import { retainedCount, retainedIndex } from './retained.ts';

test('the retained sweeps are burnIn + k·stride, k = 1 … K, and retainedIndex numbers them from 0', () => {
  let runs = 0;
  for (let sweeps = 1; sweeps <= 12; sweeps++) {
    for (let burnIn = 0; burnIn < sweeps; burnIn++) {
      for (let stride = 1; stride <= sweeps - burnIn; stride++) {
        const run = { sweeps, burnIn, stride };
        const expected = Array.from({ length: sweeps }, () => -1);
        for (let k = 1; burnIn + k * stride <= sweeps; k++) expected[burnIn + k * stride - 1] = k - 1;
        expect(expected.map((_, n) => retainedIndex(run, n + 1))).toEqual(expected);
        expect(retainedCount(run)).toBe(1 + Math.max(...expected));
        runs++;
      }
    }
  }
  expect(runs).toBe(364);
});
