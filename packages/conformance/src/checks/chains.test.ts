/** Healthy devices pass: a false failure has probability below 10⁻⁵ a case, and seeds are fixed. Planted faults fail. */
import { describe, expect, test } from 'vitest';
import { profileKeeper } from '../exactness/profile-keeper.ts';
import { faults } from '../faults/catalogue.ts';
import { FaultyMachine } from '../faults/faulty-machine.ts';
import { healthyMachine } from '../faults/planted/planted.ts';
import { machineProfile } from '../oracle/machine/machine-profile.ts';
import { caseVerdict } from './case-verdict.ts';
import { chainsChecks } from './chains.ts';
import type { Check } from './check.ts';
import { type NarrowDevice, narrowDevices } from './fixtures/narrow-devices.ts';

const checkOf = (id: string): Check => chainsChecks.find(({ plan }) => plan.id === id) as Check;
const faultOf = (id: string) => faults.find((fault) => fault.id === id) as (typeof faults)[number];

test.each([11n, 12n, 13n])('a device that is right passes every check, seed %i', async (seed) => {
  for (const check of chainsChecks) {
    const { verdict, reason } = await caseVerdict(check, () => profileKeeper(healthyMachine()), { seed });
    expect(verdict, `${check.plan.id}: ${reason}`).toBe('pass');
  }
});

describe('planted faults', () => {
  test.each([
    ['chain.distinct', 'M22'],
    ['chain.distinct', 'M27'],
    ['chain.distinct', 'M29/two'],
    ['chain.distinct', 'constant-stream'],
    ['chain.correlation', 'M29/two'],
    ['chain.correlation', 'M29/images'],
    ['chain.slots', 'M35'],
    ['chain.slots', 'M45/reversed'],
    ['chain.slots', 'M45/bytes'],
    ['batch.single', 'M31'],
    ['batch.single', 'M35'],
    ['batch.single', 'M44'],
    ['batch.law', 'M04'],
    ['batch.law', 'M05'],
  ])('%s finds %s', async (id, fault) => {
    const record = await caseVerdict(checkOf(id), faultOf(fault).create, { seed: 21n });
    expect(record.verdict, record.reason).toBe('fail');
  });

  test('chain.distinct names the chains that share their bits', async () => {
    const record = await caseVerdict(checkOf('chain.distinct'), faultOf('M29/two').create, { seed: 22n });
    const wrong = record.stages[0]?.findings?.filter(({ ok }) => !ok) ?? [];
    expect(wrong[0]?.actual).toMatch(/spin \d+ of row 1 from sample 0 on of one run equals spin \d+ of row 0/);
  });

  test('chain.slots says whose pins an image shows', async () => {
    const record = await caseVerdict(checkOf('chain.slots'), faultOf('M35').create, { seed: 22n });
    const wrong = record.stages[0]?.findings?.find(({ ok }) => !ok);
    expect(wrong?.actual).toMatch(/image 1, chain 0 shows the code of image 0/);
  });
});

describe('narrow devices are asked for no more than they declare, and pass or say why not', () => {
  const all = ['chain.correlation', 'chain.slots', 'batch.single', 'batch.law'];
  test.each<readonly [NarrowDevice, readonly string[]]>([
    ['sums alone', ['batch.single']],
    ['states, a stride of 4, given starts alone', []],
    ['one row, feed-forward starts', all],
    ['twelve spins', []],
    ['tolerances', ['batch.single']],
  ])('%s', async (device, unsupported) => {
    const profile = machineProfile(narrowDevices[device]);
    for (const check of chainsChecks) {
      const { id } = check.plan;
      const { verdict, reason } = await caseVerdict(check, () => profileKeeper(new FaultyMachine({ profile })), {
        seed: 31n,
      });
      expect(verdict, `${id}: ${reason}`).toBe(unsupported.includes(id) ? 'unsupported' : 'pass');
    }
  });
});
