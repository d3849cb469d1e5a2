import { expect, test } from 'vitest';
import { machineProfile } from '../../oracle/machine/machine-profile.ts';
import { RandomStream } from '../../random/random-stream.ts';
import { brickWallProbe } from './brick-wall.ts';
import { momentsOf, parametersOf } from './score.ts';
import { dyadicScale, mixedSweeps, stripMeans, stripProbe } from './solvable-strip.ts';

const random = () => new RandomStream(5n, 'strips');

test('transfer matrices and enumeration agree on a strip of ten spins', () => {
  const probe = stripProbe(5, dyadicScale(machineProfile()), random());
  const parameters = parametersOf(probe);
  const weights = Float64Array.from({ length: 2 ** 10 }, (_, state) => {
    const value = (spin: number): number => ((state >> spin) & 1 ? 1 : -1);
    return Math.exp(
      parameters.reduce((sum, { value: J, spins }) => sum + J * spins.reduce((x, i) => x * value(i), 1), 0),
    );
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const { mean } = momentsOf(
    parameters,
    weights.map((weight) => weight / total),
  );
  const exact = stripMeans(probe);
  for (const [k, value] of [...exact.means, ...exact.products].entries())
    expect(value).toBeCloseTo(mean[k] as number, 12);
});

test.each([
  ['8 bits', {}, 9],
  ['2 bits', { weights: { ...machineProfile().weights, bits: 2 } }, 9],
  ['levels', { weights: { ...machineProfile().weights, levels: [-12, -4, 0, 4, 12] } }, 9],
  ['4 fraction bits', { field: { fractionBits: { min: 4, max: 4 }, accumulatorBits: 32 } }, 4],
])('dyadic couplings and fields are multiples of the field unit: %s', (_, changes, fractionBits) => {
  const dyadic = dyadicScale(machineProfile(changes));
  expect(dyadic.fractionBits).toBe(fractionBits);
  const { edges, scale, fields } = brickWallProbe([6, 6], dyadic, random());
  const units = [...edges.map(({ w }) => w * scale), ...fields].map((value) => value * 2 ** fractionBits);
  expect(units.every(Number.isInteger)).toBe(true);
  expect(units.every((unit) => unit !== 0)).toBe(true);
});

test('mixing has a bound on strips and walls, and none beyond influences of 1', () => {
  const dyadic = dyadicScale(machineProfile());
  const wall = brickWallProbe([8, 8], dyadic, random());
  expect(mixedSweeps(wall, 1e-5)).toBeLessThan(150);
  expect(mixedSweeps({ ...wall, edges: [] }, 1e-5)).toBe(1);
  expect(() => mixedSweeps({ ...wall, beta: 4 }, 1e-5)).toThrow(RangeError);
});
