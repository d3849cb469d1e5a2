import { expect, it } from 'vitest';
import type { Hypothesis } from '../checks/check.ts';
import { decide, falseFailBudget, judgeHypotheses, type StageResult } from './decision.ts';
import { HarnessError } from './harness-error.ts';

const stage = (...p: number[]): StageResult => ({
  kind: 'hypotheses',
  hypotheses: p.map((each, n): Hypothesis => ({ name: `h${n}`, p: each, n: 10 })),
});
const findings = (...ok: boolean[]): StageResult => ({
  kind: 'findings',
  findings: ok.map((each, n) => ({ name: `f${n}`, ok: each })),
});
const tooFew: StageResult = { kind: 'too-few', reason: 'no more samples' };
const error: StageResult = { kind: 'error', error: { name: 'DeviceError', message: 'gone' } };

it.each([
  ['logical', [findings(true, true)], 'pass'],
  ['logical', [findings(true, false)], 'fail'],
  ['logical', [error], 'fail'],
  ['logical', [tooFew], 'inconclusive'],
  ['near-certain', [findings(true)], 'pass'],
  ['near-certain', [findings(false)], 'open'],
  ['near-certain', [findings(false), findings(true)], 'pass'],
  ['near-certain', [findings(false), findings(false)], 'fail'],
  ['near-certain', [findings(false), error], 'fail'],
  ['statistical', [stage(0.5)], 'pass'],
  ['statistical', [stage(0.0011)], 'pass'],
  ['statistical', [stage(0.001)], 'open'],
  ['statistical', [stage(0.0006, 0.5)], 'pass'],
  ['statistical', [stage(0.0005, 0.5)], 'open'],
  ['statistical', [stage(0), stage(0.0011)], 'pass'],
  ['statistical', [stage(0), stage(0.001)], 'fail'],
  ['statistical', [stage(0), tooFew], 'inconclusive'],
  ['statistical', [tooFew], 'inconclusive'],
  ['statistical', [error], 'fail'],
  ['statistical', [stage(0), error], 'fail'],
] as const)('a %s check with stages %j is: %s', (kind, stages, verdict) => {
  expect(decide(kind, stages).verdict).toBe(verdict);
});

it('names what both stages are against', () => {
  const decision = decide('statistical', [stage(0, 0, 1), stage(1, 0, 0)]);
  expect(decision).toMatchObject({ verdict: 'fail', against: ['h1'] });
  expect(decision).toMatchObject({ reason: 'rejected twice on fresh seeds: h1; h2' });
});

it('adjusted p-values are in the order of the hypotheses', () => {
  const { adjusted, against } = judgeHypotheses([
    { name: 'a', p: 0.5, n: 1 },
    { name: 'b', p: 0.0001, n: 1 },
  ]);
  expect(adjusted).toEqual([0.5, 0.0002]);
  expect(against).toEqual(['b']);
});

it.each([
  ['nothing tested', 'statistical', [stage()]],
  ['nothing found', 'logical', [findings()]],
  ['a p-value that is not a number', 'statistical', [stage(Number.NaN)]],
  ['a p-value above 1', 'statistical', [stage(1.5)]],
  ['a negative p-value', 'statistical', [stage(-0.1)]],
  ['no sample at all', 'statistical', [{ kind: 'hypotheses', hypotheses: [{ name: 'h', p: 1, n: 0 }] }]],
  ['no stage', 'statistical', []],
  ['a stage after a pass', 'statistical', [stage(0.5), stage(0)]],
  ['a second run of a logical check', 'logical', [findings(false), findings(false)]],
  ['a third stage', 'statistical', [stage(0), stage(0), stage(0)]],
  ['findings of a statistical check', 'statistical', [findings(true)]],
  ['hypotheses of a logical check', 'logical', [stage(0.5)]],
] as const)('%s is a fault of the suite', (_, kind, stages) => {
  expect(() => decide(kind, stages)).toThrow(HarnessError);
});

it('the budget of false failures adds up: 30 statistical checks, 3e-5', () => {
  expect(falseFailBudget(new Array(30).fill('statistical'))).toBeCloseTo(3e-5, 15);
  expect(falseFailBudget(['logical', 'near-certain'])).toBeCloseTo(1e-10, 20);
});
