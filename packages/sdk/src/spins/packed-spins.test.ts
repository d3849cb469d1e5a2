import { describe, expect, it } from 'vitest';
import { packAbove, packSpins, rowWithDirtyPadding, unpackSpins } from './packed-spins.ts';

const rows = 3;
/** Signs, both zeros, infinities and NaN, in no order that fits words. */
const values = (spinCount: number): Float32Array =>
  Float32Array.from(
    { length: rows * spinCount },
    (_, i) => [1, -2, 0, -0, 1e-9, Number.POSITIVE_INFINITY, Number.NaN, -1][(i * 5 + (i >> 3)) % 8] as number,
  );

describe.each([1, 31, 32, 33, 64, 100])('rows of %i spins', (spinCount) => {
  it('are packed by sign, and padded with zeros', () => {
    const packed = packSpins(values(spinCount), rows, spinCount);
    expect([...unpackSpins(packed)]).toEqual(Array.from(values(spinCount), (x) => (x > 0 ? 1 : -1)));
    expect(rowWithDirtyPadding(packed)).toBe(-1);
  });

  it('are packed by a threshold, which itself is not above', () => {
    const integers = Array.from({ length: rows * spinCount }, (_, i) => (i % 7) - 3);
    for (const above of [-1, 0]) {
      const packed = packAbove(integers, { rows, spinCount, above });
      expect([...unpackSpins(packed)]).toEqual(integers.map((x) => (x > above ? 1 : -1)));
      expect(rowWithDirtyPadding(packed)).toBe(-1);
    }
  });
});
