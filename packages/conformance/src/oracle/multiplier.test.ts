import { expect, test } from 'vitest';
import { RandomStream } from '../random/random-stream.ts';
import { oracleArithmetic } from './fixtures/oracle-vectors.ts';
import {
  biasUnits,
  multiplierOf,
  scaled,
  scaledExact,
  scaledMeans,
  scaledMeansExact,
  tempered,
  temperedExact,
} from './multiplier.ts';

test('multipliers are those of the Python oracle, refused ones too', () => {
  expect(oracleArithmetic.multipliers.length).toBeGreaterThan(10);
  for (const { beta, gain, scale, k, M, sh } of oracleArithmetic.multipliers) {
    const expected = M === undefined ? undefined : { M, sh };
    expect(multiplierOf({ beta, gain, scale, fractionBits: k }), JSON.stringify({ beta, gain, scale, k })).toEqual(
      expected,
    );
  }
});

test('no multiplier belongs to a factor that is 0, infinite, not a number or far away', () => {
  const factors = [0, Number.POSITIVE_INFINITY, Number.NaN, 5e-324, -1, 1e300, 1e-300];
  for (const scale of factors) expect(multiplierOf({ beta: 1, gain: 1, scale, fractionBits: 9 })).toBeUndefined();
  expect(multiplierOf({ beta: 1, gain: 1, scale: 1, fractionBits: 9 })).toEqual({ M: 32768, sh: 6 });
});

test('scaled sums, temperatures and biases are those of the Python oracle', () => {
  for (const [A, M, sh, expected] of oracleArithmetic.scaled) {
    expect(scaled(A, { M, sh })).toBe(expected);
    expect(scaledExact(BigInt(A), { M, sh })).toBe(BigInt(expected));
  }
  for (const [u, b, expected] of oracleArithmetic.temper) expect(tempered(u, b)).toBe(expected);
  for (const { h, k, B, ...factors } of oracleArithmetic.bias)
    expect(biasUnits(h, { ...factors, fractionBits: k })).toBe(B);
});

test('the float64 forms equal the BigInt forms at 20000 random places and at the ends', () => {
  const random = new RandomStream(1n, 'multiplier.test');
  for (let n = 0; n < 20_000; n++) {
    const multiplier = { M: random.integer(32768, 65535), sh: random.integer(0, 40) };
    const A = random.pick([random.integer(-(2 ** 21), 2 ** 21), random.integer(-200, 200), 2 ** 28, -(2 ** 28)]);
    expect(BigInt(scaled(A, multiplier))).toBe(scaledExact(BigInt(A), multiplier));
    expect(BigInt(scaledMeans(A, multiplier))).toBe(scaledMeansExact(BigInt(A), multiplier));
    const [u, b] = [random.integer(-(2 ** 26), 2 ** 26), random.pick([0, 65536, random.integer(0, 65536)])];
    expect(BigInt(tempered(u, b))).toBe(temperedExact(BigInt(u), b));
  }
});

test('no result is negative zero', () => {
  expect(Object.is(scaled(-1, { M: 32768, sh: 40 }), 0)).toBe(true);
  expect(Object.is(scaledMeans(-1, { M: 32768, sh: 40 }), 0)).toBe(true);
  expect(Object.is(tempered(-1, 0), 0)).toBe(true);
  expect(Object.is(biasUnits(-1e-9, { beta: 1, gain: 1, fractionBits: 9 }), 0)).toBe(true);
});
