/**
 * Chapters distribution, dynamics, schedule, quantization. Devices that are right pass: a false failure has probability below 10⁻⁵ a case, and seeds are
 * fixed. Planted faults fail.
 */
import type { Driver } from '@isinglass/sdk';
import { describe, expect, test } from 'vitest';
import { profileKeeper } from '../exactness/profile-keeper.ts';
import { familyOf, faults } from '../faults/catalogue.ts';
import { FaultyMachine } from '../faults/faulty-machine.ts';
import { healthyMachine } from '../faults/planted/planted.ts';
import { type Spoiler, spoiledDriver } from '../faults/spoiled-driver.ts';
import { Lab } from '../lab/lab.ts';
import { machineProfile } from '../oracle/machine/machine-profile.ts';
import { holmAdjusted } from '../statistics/holm.ts';
import { alphaOfStage } from '../suite/decision.ts';
import { stageStream } from '../suite/seeds.ts';
import { admittedTolerances, claimedTolerances } from '../suite/tolerances.ts';
import { caseVerdict } from './case-verdict.ts';
import type { Check, Hypothesis } from './check.ts';
import type { CheckContext } from './check-context.ts';
import { distributionChecks } from './distribution.ts';
import { dynamicsChecks } from './dynamics.ts';
import { narrowDevices } from './fixtures/narrow-devices.ts';
import { quantizationChecks } from './quantization.ts';
import { scheduleChecks } from './schedule.ts';

const all: readonly Check[] = [...distributionChecks, ...dynamicsChecks, ...scheduleChecks, ...quantizationChecks];
const { readout, features, batch, init, weights, field } = machineProfile();
const fixedAlone = { law: ['fixed'] as const, features: features.filter((feature) => feature !== 'real') };

const checkOf = (id: string): Check => all.find(({ plan }) => plan.id === id) as Check;
const faultOf = (id: string) => faults.find((fault) => fault.id === id) as (typeof faults)[number];

test('a device that is right passes every check', { timeout: 120_000 }, async () => {
  for (const check of all) {
    const { verdict, reason } = await caseVerdict(check, () => profileKeeper(healthyMachine()), { seed: 11n });
    expect(verdict, `${check.plan.id}: ${reason}`).toBe('pass');
  }
});

test('every check names faults that exist', () => {
  const known = new Set([...faults.map(({ id }) => id), ...faults.map(({ id }) => familyOf(id))]);
  for (const { plan } of all) {
    for (const id of [...plan.kills, ...plan.blindTo]) expect(known, `${plan.id} names ${id}`).toContain(id);
  }
});

/** The screen alone: what the confirmation would cost is four times as much. */
async function screened(
  check: Check,
  create: () => Driver,
  seed: bigint,
): Promise<{ readonly rejected: boolean; readonly hypotheses: readonly Hypothesis[] }> {
  const labs: Lab[] = [];
  const open = async (): Promise<Lab> => {
    const lab = new Lab(create(), { deadlineMs: 30_000 });
    labs.push(lab);
    return lab;
  };
  const { profile } = await open();
  const stream = stageStream(seed, check.plan, 0);
  const context: CheckContext = {
    profile,
    level: 'quick',
    tolerances: admittedTolerances(claimedTolerances(profile), 'quick'),
    suspects: true,
    stage: 0,
    samples: (n) => n,
    byLevel: ({ quick }) => quick,
    random: (name) => stream.fork(name),
    open,
    signal: new AbortController().signal,
  };
  try {
    if ('run' in check) return { rejected: (await check.run(context)).some(({ ok }) => !ok), hypotheses: [] };
    const hypotheses = await check.sample(context);
    return { rejected: holmAdjusted(hypotheses.map(({ p }) => p)).some((p) => p <= alphaOfStage), hypotheses };
  } finally {
    for (const lab of labs) await lab.close();
  }
}

describe('planted faults', () => {
  test.each([
    ['law.update', 'M11'],
    ['law.update', 'M24'],
    ['law.joint', 'M04'],
    ['law.score', 'M13'],
    ['law.beta', 'M01/half'],
    ['law.tree', 'M12'],
    ['law.identity', 'M01/double'],
    ['law.symmetry', 'always-up'],
    ['law.extremes', 'M19/clamp'],
    ['dyn.one-sweep', 'M04'],
    ['dyn.hold', 'M03'],
    ['dyn.domino', 'M05'],
    ['dyn.domino', 'M33'],
    ['dyn.equal-time', 'M04'],
    ['dyn.frozen', 'M09'],
    ['dyn.frozen', 'means-without-sampling'],
    ['sch.zero', 'M38'],
    ['sch.steps', 'M37+1'],
    ['sch.steps', 'M39-1'],
    ['sch.ramp', 'M02'],
    ['sch.split', 'M05'],
    ['sch.split', 'M28'],
    ['sch.clean', 'M44'],
    ['quant.readback', 'M15/told'],
    ['quant.law', 'M03'],
    ['quant.step', 'M17'],
  ])('%s finds %s', { timeout: 60_000 }, async (id, fault) => {
    expect((await screened(checkOf(id), faultOf(fault).create, 21n)).rejected).toBe(true);
  });

  test('law.soak ends as soon as its evidence is beyond doubt', async () => {
    const updates = 2 ** 19; // at quick
    const broken = await screened(checkOf('law.soak'), faultOf('M01/double').create, 25n);
    expect(broken.rejected).toBe(true);
    expect(broken.hypotheses.every(({ n }) => n !== undefined && n < updates)).toBe(true);
    const healthy = await screened(checkOf('law.soak'), () => healthyMachine(), 25n);
    expect(healthy.rejected).toBe(false);
    expect(healthy.hypotheses.every(({ n }) => n !== undefined && n >= updates)).toBe(true);
  });

  /**
   * H0: evidence is at least 1/p with probability at most p (Ville's inequality). 60 independent soaks of 2^19 updates of a device that follows the law;
   * more than 10 of them at p ≤ 0.05 would have probability 3e-4, more than one at 0.001 2e-3 (binomial). Evidence that may be looked at any time is conservative.
   */
  test('law.soak: p-values of devices that follow the law keep their level', { timeout: 60_000 }, async () => {
    const smallest: number[] = [];
    for (let n = 0; n < 60; n++) {
      const { hypotheses } = await screened(checkOf('law.soak'), () => healthyMachine(), 3000n + BigInt(n));
      smallest.push(
        ...holmAdjusted(hypotheses.map(({ p }) => p))
          .sort((a, b) => a - b)
          .slice(0, 1),
      );
    }
    expect(smallest.length).toBe(60);
    expect(smallest.filter((p) => p <= 0.05).length).toBeLessThanOrEqual(10);
    expect(smallest.filter((p) => p <= 0.001).length).toBeLessThanOrEqual(1);
  });

  test('sch.split finds a device that draws the same numbers again when a run goes on', async () => {
    const again: Spoiler = { run: (q, run) => run({ ...q, sweepOffset: 0 }) };
    const { hypotheses } = await screened(checkOf('sch.split'), () => spoiledDriver(healthyMachine(), again), 23n);
    const wrong = hypotheses.filter(({ p }) => p < 1e-9).map(({ name }) => name);
    expect(wrong.some((name) => name.startsWith('continued by resume: last states'))).toBe(true);
    expect(wrong.some((name) => name.startsWith('continued by given: lags'))).toBe(true);
  });

  test.each([
    ['law.update', 'M05'],
    ['law.update', 'M07'],
    ['law.update', 'M29/images'],
    ['dyn.one-sweep', 'M08'],
  ])('%s suspects %s', { timeout: 60_000 }, async (id, fault) => {
    const { hypotheses } = await screened(checkOf(id), faultOf(fault).create, 22n);
    const suspects = hypotheses.flatMap((hypothesis) => hypothesis.suspects ?? []);
    expect(suspects.filter(([, weight]) => weight > 0.5).map(([name]) => name)).toContain(familyOf(fault));
  });
});

/** These ask for states at equilibrium as law.joint does, of more spins. */
const asJoint: ReadonlySet<string> = new Set(['law.score', 'law.beta', 'law.tree', 'law.identity']);

describe('narrow devices are asked for no more than they declare, and pass or say why not', () => {
  const sharp = all.filter(({ plan }) => plan.needs.includes('sharp-law')).map(({ plan }) => plan.id);
  const swept = all.filter(({ plan }) => plan.needs.includes('sweeps')).map(({ plan }) => plan.id);
  const given = all.filter(({ plan }) => plan.needs.includes('given-start')).map(({ plan }) => plan.id);
  const uniform = all.filter(({ plan }) => plan.needs.includes('uniform-start')).map(({ plan }) => plan.id);
  test.each([
    {
      name: 'sums alone, random starts, 64 rows',
      changes: {
        law: ['fixed'] as const,
        features: features.filter((feature) => feature !== 'real' && feature !== 'temperature'),
        readout: { ...readout, observables: ['spin-sum'] as const, trace: false, signs: false, counterBits: 8 },
        init: ['random'] as const,
        determinism: 'statistical' as const,
        batch: { ...batch, imagesMax: 2048, chainsMax: 1, rowsMax: 2048, inFlight: 1 },
      },
      unsupported: [...given, 'sch.ramp'],
      inconclusive: [],
    },
    {
      name: 'twelve spins, weights ±1, 6 to 8 fraction bits',
      changes: {
        ...fixedAlone,
        spins: { max: 12, perTileMax: 12 },
        weights: { ...weights, bits: 2, levels: [-1, 1] },
        field: { ...field, fractionBits: { min: 6, max: 8 } },
      },
      unsupported: [],
      inconclusive: [],
    },
    {
      name: 'states with a stride of 4, given starts alone',
      changes: {
        ...fixedAlone,
        ...narrowDevices['states, a stride of 4, given starts alone'],
      },
      unsupported: [],
      inconclusive: [],
    },
    {
      name: 'one row, feed-forward starts',
      changes: {
        ...fixedAlone,
        ...narrowDevices['one row, feed-forward starts'],
      },
      unsupported: [...given, ...uniform],
      inconclusive: [],
      // Every state is a run of its own.
      only: ['law.update', 'law.extremes', 'dyn.frozen', 'dyn.domino', 'sch.zero', 'quant.law', 'quant.step'],
    },
    {
      name: 'the real law with tolerances',
      changes: narrowDevices.tolerances,
      unsupported: sharp,
      inconclusive: [],
    },
    {
      name: 'continuous time',
      changes: {
        ...fixedAlone,
        dynamics: { kind: 'asynchronous' as const, updateNs: 1, betaRange: { min: 0, max: 1000 } },
        init: init.filter((each) => each !== 'feed-forward'),
      },
      unsupported: swept,
      inconclusive: [],
      // Equilibrium takes a while in continuous time.
      only: ['law.joint', 'law.update', 'dyn.hold', 'dyn.domino', 'dyn.frozen'],
    },
  ])('$name', { timeout: 120_000 }, async ({ changes, unsupported, inconclusive, only }) => {
    const profile = machineProfile(changes);
    const verdicts = new Map<string, string>();
    const chosen = all.filter(
      ({ plan: { id, level } }) => level === 'quick' && (only?.includes(id) ?? !asJoint.has(id)),
    );
    for (const check of chosen) {
      const { id } = check.plan;
      const record = await caseVerdict(check, () => profileKeeper(new FaultyMachine({ profile })), { seed: 31n });
      const expected = (unsupported as readonly string[]).includes(id)
        ? 'unsupported'
        : (inconclusive as readonly string[]).includes(id)
          ? 'inconclusive'
          : 'pass';
      if (record.verdict !== expected) verdicts.set(id, `${record.verdict}: ${record.reason}`);
    }
    expect(Object.fromEntries(verdicts)).toEqual({});
  });
});
