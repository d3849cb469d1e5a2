/** Devices that are right pass, whatever the seed: these checks have no false failures. Planted faults fail, and are shrunk. */
import type { DriverResult } from '@isinglass/sdk';
import { describe, expect, test } from 'vitest';
import { profileKeeper } from '../exactness/profile-keeper.ts';
import { faults } from '../faults/catalogue.ts';
import { FaultyMachine } from '../faults/faulty-machine.ts';
import { claiming, spoiledDriver } from '../faults/spoiled-driver.ts';
import { FixedMachine } from '../oracle/fixed-machine.ts';
import { machineProfile } from '../oracle/machine/machine-profile.ts';
import { caseVerdict } from './case-verdict.ts';
import type { Check } from './check.ts';
import { exactnessChecks } from './exactness.ts';

const checkOf = (id: string): Check => exactnessChecks.find(({ plan }) => plan.id === id) as Check;
const faultOf = (id: string) => faults.find((fault) => fault.id === id) as (typeof faults)[number];
const stableAlone = { determinism: 'stable' as const };

test.each([1n, 2n, 3n])('a machine of another make passes, seed %i', async (seed) => {
  for (const check of exactnessChecks) {
    const { verdict, reason } = await caseVerdict(check, () => profileKeeper(new FaultyMachine()), { seed });
    expect(verdict, `${check.plan.id}: ${reason}`).toBe('pass');
  }
});

test('a stable machine under the real law passes, and is not asked for the bits of the fixed law', async () => {
  const profile = machineProfile({
    ...stableAlone,
    law: ['real'],
    features: machineProfile().features.filter((feature) => feature !== 'fixed'),
  });
  const verdicts = [];
  for (const check of exactnessChecks) {
    verdicts.push((await caseVerdict(check, () => profileKeeper(new FixedMachine({ profile })), { seed: 4n })).verdict);
  }
  expect(verdicts).toEqual(['unsupported', 'pass', 'pass']);
});

describe('planted faults', () => {
  test.each([
    'M01+2%',
    'M02',
    'M04',
    'M05',
    'M09',
    'M12',
    'M17',
    'M20/or-equal',
    'M30/32',
    'M37-1',
    'M41',
    'M45/bytes',
  ])('exact.bits finds %s', async (id) => {
    const record = await caseVerdict(checkOf('exact.bits'), faultOf(id).create, { seed: 5n });
    expect(record.verdict).toBe('fail');
    expect(record.errors).toEqual([]);
  });

  test.each([
    ['stable.splits', 'M31'],
    ['stable.splits', 'M35'],
    ['stable.splits', 'M29/images'],
    ['stable.resume', 'M31'],
    ['stable.resume', 'M33'],
    ['stable.resume', 'M38'],
    ['stable.resume', 'M40-1'],
  ])('%s finds %s on a device that claims no more than stable', async (check, id) => {
    const stable = () => spoiledDriver(faultOf(id).create(), { profile: (profile) => claiming(profile, stableAlone) });
    expect((await caseVerdict(checkOf(check), stable, { seed: 5n })).verdict).toBe('fail');
  });

  /** A device whose conditional sums lack their lowest bit in one spin, for a share of programs that their hash picks. */
  function oneBitWrong(share: number) {
    return spoiledDriver(new FaultyMachine(), {
      async run(q, run, program) {
        const result = await run(q);
        if (Number.parseInt(program.hash.slice(0, 8), 16) / 2 ** 32 >= share) return result;
        const readouts = result.readouts.map((readout, n): DriverResult['readouts'][number] => {
          const { sums } = readout;
          if (q.readouts[n]?.observable !== 'conditional-sum' || sums === undefined) return readout;
          return {
            ...readout,
            sums: sums.with(sums.length - 1, (sums.at(-1) as number) ^ 2) as Int32Array<ArrayBuffer>,
          };
        });
        return { ...result, readouts };
      },
    });
  }

  test('one bit of one conditional sum, wrong in a fifth of all programs, is found and shrunk to a single readout', async () => {
    const record = await caseVerdict(checkOf('exact.bits'), () => oneBitWrong(0.2), { seed: 6n });
    expect(record.verdict).toBe('fail');
    const finding = record.stages[0]?.findings?.[0];
    expect(finding?.actual).toMatch(/conditional-sum of bank s\d+: image 0, spin \d+: -?\d+ instead of -?\d+/);
    expect(finding?.actual).toMatch(/readouts conditional-sum of s\d+(?:,|$)/);
  });

  test('in one program of a hundred, at standard', { timeout: 60_000 }, async () => {
    // A thousand programs of which a third read a conditional sum: missed with probability 0.997^1000 = 5 %, at other seeds.
    const record = await caseVerdict(checkOf('exact.bits'), () => oneBitWrong(0.01), { seed: 7n, level: 'standard' });
    expect(record.verdict).toBe('fail');
  });

  test('the smallest case of a fault in strided convolutions has one coupling', async () => {
    const broken = () =>
      spoiledDriver(new FaultyMachine(), {
        async run(q, run, program) {
          const block = program.json.stages.find((stage) => stage.kind === 'block' && stage.index === q.block);
          const strided =
            block?.kind === 'block' &&
            block.couplings.some(({ form }) => form.kind === 'conv' && form.strides.some((stride) => stride > 1));
          return run(strided ? { ...q, seed: q.seed ^ 1n } : q);
        },
      });
    const record = await caseVerdict(checkOf('exact.bits'), broken, { seed: 8n });
    const text = record.stages[0]?.findings?.[0]?.actual ?? '';
    expect(text.match(/coupling j/g)).toHaveLength(1);
    expect(text).toContain('nothing smaller fails');
  });
});
