import { expect, test } from 'vitest';
import { bfloat16ToNumber, float16ToNumber, numberToBfloat16, numberToFloat16 } from './half.ts';

test('known float16 bits have their values', () => {
  expect([0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400, 0x3555].map(float16ToNumber)).toEqual([
    1,
    -2,
    65504,
    2 ** -24,
    2 ** -14,
    0.333251953125,
  ]);
  expect([0x7c00, 0xfc00].map(float16ToNumber)).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  expect(float16ToNumber(0x7e00)).toBeNaN();
});

test('every finite float16 survives the way to a number and back', () => {
  for (let bits = 0; bits < 65536; bits++) {
    if (((bits >> 10) & 31) === 31) continue;
    if (numberToFloat16(float16ToNumber(bits)) !== bits) expect.fail(`bits ${bits.toString(16)}`);
  }
});

test('float16 rounds to the nearest, ties to even', () => {
  const step = 2 ** -10;
  expect(float16ToNumber(numberToFloat16(1 + step / 2))).toBe(1);
  expect(float16ToNumber(numberToFloat16(1 + 1.5 * step))).toBe(1 + 2 * step);
  expect(float16ToNumber(numberToFloat16(1 + 0.51 * step))).toBe(1 + step);
  expect(float16ToNumber(numberToFloat16(2 - step / 2))).toBe(2);
  expect(float16ToNumber(numberToFloat16(65519))).toBe(65504);
  expect(float16ToNumber(numberToFloat16(65520))).toBe(Number.POSITIVE_INFINITY);
});

test('every finite bfloat16 survives the way to a number and back', () => {
  for (let bits = 0; bits < 65536; bits++) {
    if (((bits >> 7) & 255) === 255) continue;
    if (numberToBfloat16(bfloat16ToNumber(bits)) !== bits) expect.fail(`bits ${bits.toString(16)}`);
  }
});

test('bfloat16 rounds to the nearest, ties to even', () => {
  expect(bfloat16ToNumber(numberToBfloat16(1 + 2 ** -8))).toBe(1);
  expect(bfloat16ToNumber(numberToBfloat16(1 + 3 * 2 ** -8))).toBe(1 + 2 ** -6);
  expect(numberToBfloat16(Number.NaN)).toBe(0x7fc0);
});
