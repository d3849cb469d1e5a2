import { expect, test } from 'vitest';
import { unpackSpins } from './packed-spins.ts';
import { signsOfSums } from './signs-of-sums.ts';

test.each([1, -1] as const)('sums above and below zero give their sign, and a tie gives %i', (tie) => {
  const signs = signsOfSums(Int32Array.of(5, 0, -5, 2 ** 31 - 1, -(2 ** 31), 0), 2, tie);
  expect({ rows: signs.rows, spinCount: signs.spinCount }).toEqual({ rows: 2, spinCount: 3 });
  expect([...unpackSpins(signs)]).toEqual([1, tie, -1, 1, -1, tie]);
});

test('of no images there are no signs', () => {
  expect(signsOfSums(new Int32Array(), 0, 1)).toEqual({ words: new Uint32Array(), rows: 0, spinCount: 0 });
});
