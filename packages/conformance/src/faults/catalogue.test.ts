import { describe, expect, it } from 'vitest';
import { catalogue } from '../checks/catalogue.ts';
import { levels } from '../checks/check.ts';
import { faults, numberOf, unreachableFaults } from './catalogue.ts';
import { familyOf } from './family.ts';
import { standing } from './standing-checks.ts';

const plans = new Map(catalogue.map(({ plan }) => [plan.id, plan]));
const families = new Set([...faults, ...unreachableFaults].map(({ id }) => familyOf(id)));

describe('the catalogue of faults', () => {
  it('has at least 48 of the 54 within reach of a driver, and says of every other why not', () => {
    const reached = new Set(faults.map(({ id }) => numberOf(id)).filter((number) => number <= 54));
    const listed = new Set(unreachableFaults.map(({ id }) => numberOf(id)));
    expect(reached.size).toBeGreaterThanOrEqual(48);
    for (let number = 1; number <= 54; number++) expect(reached.has(number) || listed.has(number)).toBe(true);
  });

  it('has every id once', () => {
    const ids = [...faults, ...unreachableFaults].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(faults.map((fault) => [fault.id, fault] as const))('%s names checks that run at its levels', (_, fault) => {
    const claims = levels.flatMap((level) => (fault.killedBy[level] ?? []).map((check) => ({ level, check })));
    expect(claims.length).toBeGreaterThan(0);
    for (const { level, check } of claims) {
      const plan = plans.get(check);
      expect(plan, check).toBeDefined();
      expect(levels.indexOf(plan?.level ?? 'certify')).toBeLessThanOrEqual(levels.indexOf(level));
    }
  });

  it('has every issue that quick must catch at quick', () => {
    const must = [
      'always-up',
      'M31',
      'constant-stream',
      'means-without-sampling',
      'M54',
      'traced-path',
      'untraced-path',
    ];
    for (const id of must) expect(faults.find((fault) => fault.id === id)?.killedBy.quick, id).not.toHaveLength(0);
  });
});

describe('the checks', () => {
  it.each([...plans.keys()])('%s finds a fault, or says why it stands', (id) => {
    const found = faults.some(({ killedBy }) => levels.some((level) => killedBy[level]?.includes(id)));
    expect(found || standing[id] !== undefined).toBe(true);
    expect(found && standing[id] !== undefined).toBe(false);
  });

  it.each([...plans.values()].map((plan) => [plan.id, plan] as const))('%s names faults that there are', (_, plan) => {
    for (const id of [...plan.kills, ...plan.blindTo]) {
      expect(families.has(familyOf(id)) || faults.some((fault) => fault.id === id), id).toBe(true);
    }
  });
});
