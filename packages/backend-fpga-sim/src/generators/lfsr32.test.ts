import { expect, test } from 'vitest';
import { lfsr32Leap16, lfsr32Shift } from './lfsr32.ts';
import { splitmix32 } from './splitmix32.ts';

const singleShifts = (state: number, count: number): number => {
  let word = state;
  for (let n = 0; n < count; n++) word = lfsr32Shift(word);
  return word;
};

test('a leap of 16 is 16 single shifts: for every state of one bit, hence by linearity for all, and for 10⁴ others', () => {
  const oneBit = Array.from({ length: 32 }, (_, bit) => 2 ** bit);
  const others = Array.from({ length: 10_000 }, (_, n) => splitmix32(n));
  for (const state of [...oneBit, ...others]) expect(lfsr32Leap16(state)).toBe(singleShifts(state, 16));
});

test('a shift moves the word left and takes in bits 31, 21, 1 and 0', () => {
  expect(lfsr32Shift(0x8000_0000)).toBe(1);
  expect(lfsr32Shift(0x0020_0000)).toBe(0x0040_0001);
  expect(lfsr32Shift(2)).toBe(5);
  expect(lfsr32Shift(1)).toBe(3);
  expect(lfsr32Shift(4)).toBe(8);
});

/** Rows of a 32 × 32 matrix over GF(2): column c is the image of bit c. */
type Matrix = readonly number[];
const apply = (matrix: Matrix, word: number): number => {
  let image = 0;
  for (let bit = 0; bit < 32; bit++) if ((word >>> bit) & 1) image ^= matrix[bit] as number;
  return image >>> 0;
};
const product = (a: Matrix, b: Matrix): Matrix => b.map((column) => apply(a, column));

test('the cycle has 2³² − 1 states: the shift to that power is the identity, and to that over each of its primes is not', () => {
  const shift: Matrix = Array.from({ length: 32 }, (_, bit) => lfsr32Shift(2 ** bit));
  const identity: Matrix = Array.from({ length: 32 }, (_, bit) => 2 ** bit);
  const power = (exponent: number): Matrix => {
    let result = identity;
    let square = shift;
    for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
      if (rest % 2 === 1) result = product(square, result);
      square = product(square, square);
    }
    return result;
  };
  expect(power(2 ** 32 - 1)).toEqual(identity);
  for (const prime of [3, 5, 17, 257, 65537]) expect(power((2 ** 32 - 1) / prime)).not.toEqual(identity);
});
