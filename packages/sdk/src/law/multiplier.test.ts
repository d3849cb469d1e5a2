import { expect, test } from 'vitest';
import { arithmeticVectors } from '../../test/oracle-vectors.ts';
import { multiplier, scaled, scaledMeans } from './multiplier.ts';

const vectors = arithmeticVectors();

test('multipliers are those of the oracle, and rejected where it rejects', () => {
  const rejected = vectors.multipliers.filter((vector) => 'rejected' in vector);
  expect(rejected.length).toBeGreaterThan(0);
  expect(rejected.length).toBeLessThan(vectors.multipliers.length);
  for (const vector of vectors.multipliers) {
    const { beta, gain, scale, k } = vector;
    const m = multiplier({ beta, gain, scale, fractionBits: k });
    if ('rejected' in vector) expect(m).toHaveProperty('shiftOutOfRange');
    else expect(m).toEqual({ M: vector.M, sh: vector.sh });
  }
});

test('a factor that is not a positive finite number has no multiplier', () => {
  const factors = { beta: 1, gain: 1, scale: 2 ** -10, fractionBits: 9 };
  expect(multiplier(factors)).toEqual({ M: 32768, sh: 16 });
  for (const gain of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e-320]) {
    expect(multiplier({ ...factors, gain }), `gain ${gain}`).toHaveProperty('shiftOutOfRange');
  }
});

test('the shift is allowed at 0 and 40 and refused one past each', () => {
  const withShift = (sh: number) => multiplier({ beta: 1, gain: 1, scale: 2 ** (15 - sh - 9), fractionBits: 9 });
  expect(withShift(0)).toEqual({ M: 32768, sh: 0 });
  expect(withShift(40)).toEqual({ M: 32768, sh: 40 });
  expect(withShift(-1)).toEqual({ shiftOutOfRange: -1 });
  expect(withShift(41)).toEqual({ shiftOutOfRange: 41 });
});

test('a multiplier that rounds up to 2^16 becomes 2^15 with one shift less', () => {
  expect(multiplier({ beta: 1, gain: 1, scale: (65536 - 2 ** -8) / 2 ** 25, fractionBits: 9 })).toEqual({
    M: 32768,
    sh: 15,
  });
});

test('scaled sums are those of the oracle', () => {
  expect(vectors.scaledColumns).toEqual(['A', 'M', 'sh', 'scaled']);
  for (const [A, M, sh, expected] of vectors.scaled) {
    const actual = scaled(A, { M, sh });
    if (actual !== expected || Object.is(actual, -0))
      expect({ A, M, sh, actual }).toEqual({ A, M, sh, actual: expected });
  }
  expect(vectors.scaled.length).toBeGreaterThanOrEqual(1000);
});

test('scaled sums equal exact integer arithmetic, also of feed-forward means', () => {
  const floorShift = (A: number, M: number, sh: number) =>
    Number((BigInt(A) * BigInt(M) + (sh >= 1 ? 1n << BigInt(sh - 1) : 0n)) >> BigInt(sh));
  for (const M of [32768, 32769, 50001, 65535]) {
    for (let sh = 0; sh <= 40; sh++) {
      for (const A of [0, 1, -1, 127, -128, 4097, -99_999, 2 ** 21 - 1, -(2 ** 21) + 1]) {
        expect(scaled(A, { M, sh })).toBe(floorShift(A, M, sh));
        expect(scaledMeans(128 * A + 3, { M, sh })).toBe(floorShift(128 * A + 3, M, sh + 7));
      }
    }
  }
});
