import { expect, it } from 'vitest';
import { gridProbe } from '../probes/graphs.ts';
import { RandomStream } from '../random/random-stream.ts';
import { powerTable } from './power-table.ts';
import { noEffect, shiftedLaw, updateProbability } from './shifted-law.ts';

const nOf = (effect: object): Record<string, number> =>
  Object.fromEntries(powerTable({ ...noEffect, ...effect }).map(({ check, n }) => [check, n]));

it('samples go with the inverse square of a small effect', () => {
  const [one, two] = [nOf({ betaRel: 0.01 }), nOf({ betaRel: 0.02 })];
  for (const [check, n] of Object.entries(one)) expect(n / (two[check] as number), check).toBeCloseTo(4, 0);
});

it('the scores of β need fewer states than the joint law does', () => {
  const n = nOf({ betaRel: 0.05 });
  expect(n['law.beta']).toBeLessThan(n['law.joint'] as number);
});

it('nothing sees no effect', () => {
  expect(Object.values(nOf({})).every((n) => n === Number.POSITIVE_INFINITY)).toBe(true);
});

it('the law of a probe without effect is σ(2f)', () => {
  const probe = gridProbe(1, 2, new RandomStream(1n, 'probe'));
  const [h, edge] = [probe.fields[0] as number, probe.edges[0]?.w as number];
  const f = h - edge * probe.scale;
  expect(shiftedLaw(probe, noEffect).up(0, [1, -1])).toBeCloseTo(1 / (1 + Math.exp(-2 * f)), 12);
  expect(updateProbability(f, { ...noEffect, updateProb: 2 })).toBe(1);
});
