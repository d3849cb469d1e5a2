import { expect, test } from 'vitest';
import { SaturatingSum } from './saturating-sum.ts';

test.each([2, 8, 21, 32])('sums of %i bits stop at both ends, and only additions that pass them count', (bits) => {
  const sum = new SaturatingSum(bits);
  const max = 2 ** (bits - 1) - 1;
  expect(sum.add(max - 1, 1)).toBe(max);
  expect(sum.add(-max, -1)).toBe(-max - 1);
  expect(sum.saturations).toBe(0);
  expect(sum.add(max, 1)).toBe(max);
  expect(sum.add(-max - 1, -1)).toBe(-max - 1);
  expect(sum.saturations).toBe(2);
});

test('what is lost at an end stays lost: the order of terms matters', () => {
  const total = (terms: readonly number[]) => {
    const sum = new SaturatingSum(8);
    return [terms.reduce((so, term) => sum.add(so, term), 0), sum.saturations];
  };
  expect(total([100, 100, -100])).toEqual([27, 1]);
  expect(total([100, -100, 100])).toEqual([100, 0]);
});

test('a register has 2 to 32 bits', () => {
  for (const bits of [1, 33, 8.5, Number.NaN]) expect(() => new SaturatingSum(bits)).toThrow(RangeError);
  for (const bits of [2, 32]) expect(() => new SaturatingSum(bits)).not.toThrow();
});
