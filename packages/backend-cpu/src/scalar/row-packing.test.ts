import { Dice } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import { lanesFor, packLanes, rowPacking, unpacked } from './row-packing.ts';

const sumsMax = [0, 1, 7, 8, 100, 4095, 4096, 65535, 65536, 131071, 131072, 2 ** 21 - 1];

test.each(sumsMax)('sums up to ±%i never leave 2^52 and digits never overlap', (m) => {
  const { base, rowsPerLane } = rowPacking(m);
  expect(base).toBeGreaterThanOrEqual(2 * m + 1);
  let largest = 0n;
  for (let digit = 0; digit < rowsPerLane; digit++) largest = largest * BigInt(base) + BigInt(m);
  expect(largest < 2n ** 52n).toBe(true);
});

test('the largest sum that the fixed law allows leaves two rows per lane; one below 2^16 leaves three', () => {
  expect(rowPacking(2 ** 21 - 1).rowsPerLane).toBe(2);
  expect(rowPacking(65535).rowsPerLane).toBe(3);
  expect(rowPacking(65536).rowsPerLane).toBe(2);
});

test.each(sumsMax)('weighted sums up to ±%i come back digit by digit', (m) => {
  const packing = rowPacking(m);
  const dice = new Dice(m);
  const rows = packing.rowsPerLane;
  // The extreme sums of both signs in every digit, and neighbours.
  for (let trial = 0; trial < 200; trial++) {
    const sums = Array.from({ length: rows }, () => dice.pick([m, -m, m - 1, 1 - m, 0, dice.integer(-m, m)]));
    let packed = sums.reduceRight((value, digit) => value * packing.base + digit, 0);
    const digits = sums.map(() => {
      const rest = Math.floor(packed / packing.base + 0.5);
      const digit = packed - rest * packing.base;
      packed = rest;
      return digit + 0;
    });
    expect(digits).toEqual(sums.map((sum) => sum + 0));
  }
});

test('states are packed row by row, unused digits are 0', () => {
  const packing = { rowsPerLane: 2, base: 16 };
  const x = new Float64Array(4);
  packLanes(Uint32Array.of(0, 1), Int8Array.of(1, -1, 1, -1, -1, -1), x, 3, packing);
  expect(lanesFor(3, packing)).toBe(2);
  expect([...x]).toEqual([1 - 16, 1, -1 - 16, -1]);
  packLanes(Uint32Array.of(1), Int8Array.of(0, 1), x, 1, unpacked);
  expect(x[1]).toBe(1);
});
