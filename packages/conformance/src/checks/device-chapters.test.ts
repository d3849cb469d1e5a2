/**
 * Chapters about the device as such (life cycle, capability, loading, pins, readout, resources, serialization, concurrency): healthy devices pass, planted
 * faults and small local ones fail. Seeds are fixed; a false failure has probability below 10⁻⁵ a case.
 */
import { DeviceClosedError, type DeviceProfile, type DriverResult, emptySpins } from '@isinglass/sdk';
import { describe, expect, test } from 'vitest';
import { faults } from '../faults/catalogue.ts';
import { healthyMachine } from '../faults/planted/planted.ts';
import { claiming, type Spoiler, spoiledDriver } from '../faults/spoiled-driver.ts';
import { FixedMachine } from '../oracle/fixed-machine.ts';
import { machineProfile } from '../oracle/machine/machine-profile.ts';
import { caseVerdict } from './case-verdict.ts';
import type { Check } from './check.ts';
import { deviceChapterChecks } from './fixtures/device-chapter-checks.ts';

const checkOf = (id: string): Check => deviceChapterChecks.find(({ plan }) => plan.id === id) as Check;

describe('a device that is right passes', () => {
  test.each(deviceChapterChecks.map((check) => [check.plan.id, check] as const))('%s', async (_, check) => {
    for (const seed of [11n, 12n]) {
      const { verdict, reason } = await caseVerdict(check, healthyMachine, { seed });
      expect(verdict, reason).toBe('pass');
    }
  });

  // The machine that the suite holds true is slow: one seed, and what is about calls rather than numbers.
  test.each(['life.cycle', 'life.recover', 'cap.declared', 'load.atomic', 'out.order', 'out.agree', 'ser.roundtrip'])(
    '%s, on the plain machine under both laws',
    async (id) => {
      const { verdict, reason } = await caseVerdict(checkOf(id), () => new FixedMachine(), { seed: 14n });
      expect(verdict, reason).toBe('pass');
    },
  );
});

describe('planted faults', () => {
  test.each([
    ['life.cycle', 'load-throws'],
    ['life.closed', 'errors-without-code'],
    ['life.isolation', 'devices-share-program'],
    ['life.recover', 'M48'],
    ['cap.frozen', 'M50/limit'],
    ['cap.frozen', 'M50/identity'],
    ['cap.boundary', 'M17'],
    ['cap.boundary', 'M49/rows'],
    ['cap.declared', 'M49/start'],
    ['cap.sites', 'M09'],
    ['cap.sites', 'M10/dropped'],
    ['cap.sites', 'M11'],
    ['cap.tolerance', 'M03'],
    ['load.atomic', 'M48'],
    ['load.relabel', 'M12'],
    ['load.relabel', 'M54'],
    ['load.borrowed', 'inputs-written'],
    ['load.resident', 'programs-replaced'],
    ['pin.hold', 'M33'],
    ['pin.hold', 'M34'],
    ['pin.conditional', 'M35'],
    ['pin.conditional', 'M36'],
    ['pin.transfer', 'M03'],
    ['pin.transfer', 'M18/lut16'],
    ['pin.inert', 'M36'],
    ['out.parity', 'M40+1'],
    ['out.parity', 'M42'],
    ['out.window', 'M38'],
    ['out.window', 'M39+1'],
    ['out.window', 'M39-1'],
    ['out.align', 'M06'],
    ['out.align', 'M37+1'],
    ['out.align', 'M40/shifted'],
    ['out.sign', 'M41'],
    ['out.tie', 'M41'],
    ['out.order', 'M35'],
    ['out.order', 'M45/reversed'],
    ['out.order', 'M45/bytes'],
    ['out.agree', 'M42'],
    ['out.agree', 'M40/shifted'],
    ['out.conditional', 'M40/shifted'],
    ['out.conditional-law', 'M04'],
    ['out.trace-bits', 'traced-path'],
    ['out.trace-law', 'traced-path'],
    ['out.trace-law', 'untraced-path'],
    ['res.leak', 'M52/leak'],
    ['res.wide', 'M43'],
    ['ser.roundtrip', 'file-offsets'],
    ['obs.counters', 'flips-doubled'],
    ['obs.errors', 'errors-without-code'],
    ['conc.parallel', 'M46'],
    ['conc.parallel', 'M32'],
    ['conc.clean', 'M47/half-swept'],
  ])('%s finds %s', async (id, fault) => {
    const { create } = faults.find((each) => each.id === fault) as (typeof faults)[number];
    const { verdict, reason } = await caseVerdict(checkOf(id), create, { seed: 21n });
    expect(verdict, reason).toBe('fail');
  });
});

describe('local faults', () => {
  const spoiled = (spoiler: () => Spoiler, profile?: DeviceProfile) => () =>
    spoiledDriver(healthyMachine(profile), spoiler());

  /** Keeps what a run returns, and changes it. */
  const changing = (change: (result: DriverResult) => DriverResult): (() => Spoiler) => {
    return () => ({ run: async (q, run) => change(await run(q)) });
  };

  test.each<readonly [string, string, () => Spoiler]>([
    [
      'life.closed',
      'a run in flight resolves when the device is closed',
      () => {
        const closed = Promise.withResolvers<DriverResult>();
        return {
          async run(q, run) {
            const late = closed.promise.then(() => run({ ...q, sweeps: q.stride, burnIn: 0 }));
            return q.sweeps < 2 ** 20 ? run(q) : late;
          },
          close: async () => closed.resolve({ readouts: [], counters: {} }),
        };
      },
    ],
    [
      'life.cycle',
      'a second close is an error',
      () => {
        let closes = 0;
        return {
          async close(close) {
            if (closes++ > 0) throw new DeviceClosedError('closed already');
            await close();
          },
        };
      },
    ],
    ['out.agree', 'kept states are all down', changing(withoutLast)],
    [
      'conc.cancel',
      'aborted runs reject with an error of the device',
      () => ({
        run: (q, run) => run(q).catch((e) => Promise.reject(q.signal.aborted ? new Error('stopped') : e)),
      }),
    ],
    [
      'conc.deadline',
      'aborted runs reject with an error of the device',
      () => ({
        run: (q, run) => run(q).catch((e) => Promise.reject(q.signal.aborted ? new Error('stopped') : e)),
      }),
    ],
    [
      'conc.parallel',
      'runs start in any order',
      () => {
        let held: Promise<unknown> = Promise.resolve();
        let count = 0;
        return {
          run(q, run) {
            // Every other run waits for the next one.
            const second = count++ % 2 === 1;
            if (second) {
              const result = run(q);
              held = result;
              return result;
            }
            return new Promise((resolve) => setTimeout(resolve, 2)).then(() => held).then(() => run(q));
          },
        };
      },
    ],
    ['obs.counters', 'negative times', changing((result) => ({ ...result, counters: { deviceNs: -1 } }))],
    [
      'obs.counters',
      'progress beyond the end',
      () => ({
        async run(q, run) {
          q.onProgress?.(q.sweeps + 1);
          return run(q);
        },
      }),
    ],
    ['cap.declared', 'temperatures are ignored', () => ({ run: (q, run) => run({ ...q, temperatures: null }) })],
    [
      'cap.declared',
      'gains of a run are ignored',
      () => ({ run: (q, run) => run({ ...q, gains: Object.fromEntries(Object.keys(q.gains).map((id) => [id, 1])) }) }),
    ],
    [
      'cap.declared',
      'states that are given are ignored',
      () => ({ run: (q, run) => run({ ...q, start: q.start.kind === 'given' ? { kind: 'random' } : q.start }) }),
    ],
  ])('%s: %s', async (id, _, spoiler) => {
    const { verdict, reason } = await caseVerdict(checkOf(id), spoiled(spoiler), { seed: 22n });
    expect(verdict, reason).toBe('fail');
  });

  test('cap.boundary: plan() refuses what load() takes', async () => {
    const plan = () => [{ limit: 'spins.max', needed: 2, available: 1, where: 'stages[0]', remedies: [] }];
    const create = spoiled(() => ({ plan }));
    expect((await caseVerdict(checkOf('cap.boundary'), create, { seed: 22n })).verdict).toBe('fail');
  });

  test('cap.boundary: a limit is twice what the device takes', async () => {
    const profile = machineProfile({ spins: { max: 600, perTileMax: 'unlimited' } });
    const create = spoiled(
      () => ({
        profile: (inner) => claiming(inner, { spins: { max: 1200, perTileMax: 'unlimited' } }),
      }),
      profile,
    );
    expect((await caseVerdict(checkOf('cap.boundary'), create, { seed: 22n })).verdict).toBe('fail');
  });

  test('cap.tolerance and pin.hold: a tolerant device passes inside its band, and fails outside', async () => {
    const claim = machineProfile({
      determinism: 'statistical',
      tolerances: { updateProbability: 0.05, betaRelative: null, fieldAbsolute: null },
    });
    for (const id of ['cap.tolerance', 'pin.transfer', 'cap.sites']) {
      const check = checkOf(id);
      const inside = await caseVerdict(
        check,
        spoiled(() => ({}), claim),
        { seed: 23n },
      );
      expect(inside.verdict, inside.reason).toBe('pass');
      const { create } = faults.find((each) => each.id === 'M01/half') as (typeof faults)[number];
      const outside = () =>
        spoiledDriver(create(), { profile: (inner) => claiming(inner, { ...claim, law: inner.law }) });
      expect((await caseVerdict(check, outside, { seed: 23n })).verdict).toBe('fail');
    }
  });
});

function withoutLast(result: DriverResult): DriverResult {
  if (result.last === undefined) return result;
  const last = Object.entries(result.last).map(([id, { rows, spinCount }]) => [id, emptySpins(rows, spinCount)]);
  return { ...result, last: Object.fromEntries(last) };
}
