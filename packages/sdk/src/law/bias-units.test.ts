import { expect, test } from 'vitest';
import { arithmeticVectors } from '../../test/oracle-vectors.ts';
import { biasUnits } from './bias-units.ts';

const { bias } = arithmeticVectors();

test('biases in field units are those of the oracle, exact halves included', () => {
  expect(bias.length).toBeGreaterThan(5);
  const actual = bias.map((vector) => ({ ...vector, B: biasUnits({ ...vector, fractionBits: vector.k }, vector.h) }));
  expect(actual).toEqual(bias);
});

test('a half rounds up, on either side of zero', () => {
  const f = { beta: 1, gain: 1, fractionBits: 4 };
  expect([2.5 / 16, -2.5 / 16, 2.499 / 16, -2.501 / 16].map((h) => biasUnits(f, h))).toEqual([3, -2, 2, -3]);
});
