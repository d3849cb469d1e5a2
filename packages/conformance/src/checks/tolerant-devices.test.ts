/**
 * Joint laws of devices with tolerances. A device inside its band passes wherever it is in it, at the corners, too: a false failure has probability below
 * 10⁻⁶ a case. Faults that the band does not excuse fail. Seeds are fixed.
 */
import type { DeviceProfile, Driver } from '@isinglass/sdk';
import { describe, expect, test } from 'vitest';
import { faults } from '../faults/catalogue.ts';
import { FaultyMachine } from '../faults/faulty-machine.ts';
import type { SamplerFault } from '../faults/sampler-fault.ts';
import { claiming, type Spoiler, spoiledDriver } from '../faults/spoiled-driver.ts';
import { machineProfile } from '../oracle/machine/machine-profile.ts';
import { caseVerdict } from './case-verdict.ts';
import { catalogue } from './catalogue.ts';
import type { Check } from './check.ts';
import { narrowDevices } from './fixtures/narrow-devices.ts';

const checkOf = (id: string): Check => catalogue.find(({ plan }) => plan.id === id) as Check;
const profile = machineProfile(narrowDevices.tolerances);
const { updateProbability, betaRelative, fieldAbsolute } = narrowDevices.tolerances.tolerances;

/** β, the activation and every field off by this share of what is declared. */
const off = (share: number): readonly SamplerFault[] => [
  { kind: 'beta-scale', factor: 1 + share * betaRelative },
  { kind: 'activation', change: 'bias', by: share * updateProbability },
  { kind: 'field', change: 'offset', by: share * fieldAbsolute },
];

/** A device with this fault that claims the tolerances, and whatever else. */
const tolerant =
  (id: string, claims: Partial<DeviceProfile> = {}) =>
  (): Driver => {
    const { create } = faults.find((fault) => fault.id === id) as (typeof faults)[number];
    const { determinism, tolerances } = narrowDevices.tolerances;
    return spoiledDriver(create(), { profile: (inner) => claiming(inner, { determinism, tolerances, ...claims }) });
  };

const banded = [
  'dyn.one-sweep',
  'dyn.equal-time',
  'sch.zero',
  'sch.clean',
  'sch.ramp',
  'sch.split',
  'load.relabel',
  'pin.conditional',
  'out.trace-law',
  'batch.law',
] as const;

describe.each(banded)('%s', (id) => {
  // On the law, inside the band, and next to two opposite corners of it.
  test.each([0, 0.75, 0.999, -0.999])('passes a device that is off by %f of its tolerances', async (share) => {
    const { verdict, reason } = await caseVerdict(
      checkOf(id),
      () => new FaultyMachine({ profile, faults: off(share) }),
      {
        seed: 41n,
      },
    );
    expect(verdict, reason).toBe('pass');
  });
});

describe('faults beyond the tolerances', () => {
  test.each([
    ['dyn.one-sweep', 'M04'],
    ['dyn.one-sweep', 'M05'],
    ['dyn.one-sweep', 'M09'],
    ['dyn.one-sweep', 'M10/dropped'],
    ['dyn.equal-time', 'M04'],
    ['dyn.equal-time', 'M45/reversed'],
    ['sch.zero', 'M38'],
    ['sch.zero', 'M44'],
    ['sch.clean', 'M44'],
    ['sch.ramp', 'M02'],
    ['sch.split', 'M05'],
    ['sch.split', 'M28'],
    ['load.relabel', 'M04'],
    ['load.relabel', 'M10/dropped'],
    ['load.relabel', 'M45/reversed'],
    ['pin.conditional', 'M35'],
    ['pin.conditional', 'M36'],
    ['out.trace-law', 'M04'],
    ['batch.law', 'M03'],
    ['batch.law', 'M04'],
  ])('%s finds %s', async (id, fault) => {
    const { verdict, reason } = await caseVerdict(checkOf(id), tolerant(fault), { seed: 41n });
    expect(verdict, reason).toBe('fail');
  });

  test('sch.split finds a device that draws the same numbers again when a run goes on', async () => {
    const again: Spoiler = { run: (q, run) => run({ ...q, sweepOffset: 0 }) };
    const create = () => spoiledDriver(new FaultyMachine({ profile }), again);
    expect((await caseVerdict(checkOf('sch.split'), create, { seed: 41n })).verdict).toBe('fail');
  });

  test('sch.zero shows first samples by their law where starts are given and no front is certain', async () => {
    const init = ['given'] as const;
    const right = () => new FaultyMachine({ profile: { ...profile, init } });
    expect((await caseVerdict(checkOf('sch.zero'), right, { seed: 41n })).verdict).toBe('pass');
    expect((await caseVerdict(checkOf('sch.zero'), tolerant('M38', { init }), { seed: 41n })).verdict).toBe('fail');
  });

  test.each(['dyn.one-sweep', 'dyn.equal-time', 'load.relabel'])(
    '%s fails a device that is off by four times its tolerances',
    async (id) => {
      const create = () => new FaultyMachine({ profile, faults: off(4) });
      expect((await caseVerdict(checkOf(id), create, { seed: 41n })).verdict).toBe('fail');
    },
  );
});
