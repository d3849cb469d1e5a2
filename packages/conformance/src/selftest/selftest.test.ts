import { describe, expect, it } from 'vitest';
import { metaFaults } from './meta-faults.ts';
import { suitePieces } from './pieces.ts';
import { runToyCheck } from './run-toy-check.ts';
import { runSelftest, selftestQuestions } from './selftest.ts';
import { answered } from './selftest-item.ts';

const pieces = suitePieces(runToyCheck);

/** H0: the suite is in order. A false alarm has 2e-5 per seed at most. */
it.each([1n, 2n])('the suite as it is passes every item, seed %i', async (seed) => {
  const items = await runSelftest({ seed });
  expect(items.filter(({ ok }) => !ok)).toEqual([]);
  expect(new Set(items.map(({ name }) => name)).size).toBe(items.length);
  for (const { what } of items) expect(what.length).toBeGreaterThan(20);
});

describe.each(metaFaults)('$kind: $name', ({ plant, caughtBy }) => {
  it.each(caughtBy)('%s notices', async (name) => {
    const question = selftestQuestions({ pieces: plant(pieces) }).find((each) => each.name === name);
    expect(question).toBeDefined();
    if (question === undefined) return;
    const { ok, what } = await answered(question);
    expect(ok).toBe(false);
    expect(what).not.toMatch(/^threw/);
  });
});

it('every kind of fault of the catalogue is planted, and every item notices one', () => {
  expect(new Set(metaFaults.map(({ kind }) => kind)).size).toBe(12);
  expect(new Set(metaFaults.map(({ name }) => name)).size).toBe(metaFaults.length);
  const noticing = new Set(metaFaults.flatMap(({ caughtBy }) => caughtBy));
  expect(selftestQuestions().filter(({ name }) => !noticing.has(name))).toEqual([]);
});

it('what a question throws is an item that is not ok', async () => {
  const question = { name: 'q', what: 'asks', ask: () => Promise.reject(new TypeError('no')) };
  expect(await answered(question)).toEqual({ name: 'q', ok: false, what: 'threw TypeError: no' });
});
