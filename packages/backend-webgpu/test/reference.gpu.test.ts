/**
 * Bit for bit what the sdk's scalar machine of the fixed law gives: every sum, sign, state, trace, last state and flip of generated programs, and of
 * what goes on from their kept states; by packed products, by planes, and by dispatches of many sweeps, with all sizes of workgroups, cut in all ways.
 */
import type { Driver } from '@isinglass/sdk';
import { driverRun, runOutcome } from '@isinglass/sdk/testing';
import { expect } from 'vitest';
import { expectOutcome } from './expect-outcome.ts';
import { type GeneratedCase, generatedCase, programsAsked, seeds } from './generated-cases.ts';
import { pieceCuts } from './piece-cuts.ts';
import { driverTest } from './support/driver-test.ts';
import { kinds, wayToRun } from './ways-to-run.ts';

/** What goes on from a state that is kept on the device is what goes on from the same state, given. */
async function expectNext(driver: Driver, { name, program, run, next }: GeneratedCase): Promise<void> {
  if (next === null) return;
  const loaded = await driver.load(program, {});
  const { handle } = await loaded.run(driverRun({ ...run, keep: 'device' }));
  if (handle === undefined) throw new Error('nothing was kept');
  const start = { kind: 'resume', handle, rows: next.rows } as const;
  const resumed = await runOutcome(() => loaded.run(driverRun({ ...next.run, start })));
  expect({ name, ...resumed }).toEqual({ name, ...next.expected, steps: [] });
  await loaded.unload();
}

driverTest.for(kinds)(
  `%s: ${programsAsked} give what the reference gives`,
  { timeout: 60_000 + 4000 * seeds.length },
  async (kind, { share }) => {
    for (const seed of seeds) {
      const { uri, cut } = wayToRun(seed, kind);
      const { driver } = await share(uri, { pieces: cut === 'as usual' ? {} : pieceCuts[cut] });
      const generated = await generatedCase(seed);
      const name = `${generated.name}, on ${uri}, cut: ${cut}`;
      await expectOutcome(driver, { ...generated, name });
      await expectNext(driver, { ...generated, name });
      await driver.close();
    }
  },
);
