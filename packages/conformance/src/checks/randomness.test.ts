/** Healthy devices pass: a false failure has probability below 10⁻⁵ a case, and seeds are fixed. Planted faults fail. */
import { describe, expect, test, vi } from 'vitest';
import { profileKeeper } from '../exactness/profile-keeper.ts';
import { faults } from '../faults/catalogue.ts';
import { FaultyMachine } from '../faults/faulty-machine.ts';
import { healthyMachine } from '../faults/planted/planted.ts';
import { claiming, spoiledDriver } from '../faults/spoiled-driver.ts';
import { Lab } from '../lab/lab.ts';
import { LoadedProbe } from '../lab/loaded-probe.ts';
import { machineProfile } from '../oracle/machine/machine-profile.ts';
import { binomialTwoSidedP } from '../statistics/binomial.ts';
import { caseVerdict } from './case-verdict.ts';
import type { Check } from './check.ts';
import { type NarrowDevice, narrowDevices } from './fixtures/narrow-devices.ts';
import { exportBits } from './randomness/export-bits.ts';
import { randomnessChecks } from './randomness.ts';

const checkOf = (id: string): Check => randomnessChecks.find(({ plan }) => plan.id === id) as Check;
const faultOf = (id: string) => faults.find((fault) => fault.id === id) as (typeof faults)[number];

test.each([11n, 12n, 13n])('a device that is right passes every check, seed %i', async (seed) => {
  for (const check of randomnessChecks) {
    const { verdict, reason } = await caseVerdict(check, () => profileKeeper(healthyMachine()), { seed });
    expect(verdict, `${check.plan.id}: ${reason}`).toBe('pass');
  }
});

describe('planted faults', () => {
  test.each([
    ['seed.repeat', 'M31'],
    ['seed.repeat', 'M32'],
    ['seed.repeat', 'M44'],
    ['seed.use', 'M28'],
    ['seed.use', 'M30/8'],
    ['seed.use', 'M30/32'],
    ['seed.use', 'constant-stream'],
    ['seed.neighbours', 'M30/32'],
    ['rng.complexity', 'M09'],
    ['rng.complexity', 'M25/16'],
    ['rng.complexity', 'M25/32'],
    ['rng.white', 'M21'],
    ['rng.white', 'M23'],
    ['rng.white', 'M24'],
  ])('%s finds %s', async (id, fault) => {
    const record = await caseVerdict(checkOf(id), faultOf(fault).create, { seed: 21n });
    expect(record.verdict, record.reason).toBe('fail');
  });

  test('a device that ignores the seed and draws its own is right to claim no more than the law', async () => {
    const physical = () => {
      const machine = healthyMachine();
      return spoiledDriver(machine, {
        profile: (profile) => claiming(profile, { determinism: 'statistical' }),
        run: (q, run) => run({ ...q, seed: crypto.getRandomValues(new BigUint64Array(1))[0] as bigint }),
      });
    };
    expect((await caseVerdict(checkOf('seed.use'), physical, { seed: 1n })).verdict).toBe('pass');
    expect((await caseVerdict(checkOf('seed.repeat'), physical, { seed: 1n })).verdict).toBe('unsupported');
  });

  test('what runs beside a run matters to devices that claim to be stable, not to repeatable ones', async () => {
    const { create } = faultOf('M32');
    const repeatable = () =>
      spoiledDriver(create(), { profile: (profile) => claiming(profile, { determinism: 'repeatable' }) });
    expect((await caseVerdict(checkOf('seed.repeat'), repeatable, { seed: 1n })).verdict).toBe('pass');
  });
});

describe('narrow devices are asked for no more than they declare, and pass or say why not', () => {
  test.each<readonly [NarrowDevice, readonly string[]]>([
    ['sums alone', ['seed.repeat']],
    ['states, a stride of 4, given starts alone', []],
    ['one row, feed-forward starts', []],
    ['twelve spins', []],
    ['tolerances', ['seed.repeat']],
  ])('%s', async (device, unsupported) => {
    const profile = machineProfile(narrowDevices[device]);
    for (const check of randomnessChecks) {
      const { id } = check.plan;
      const { verdict, reason } = await caseVerdict(check, () => profileKeeper(new FaultyMachine({ profile })), {
        seed: 31n,
      });
      expect(verdict, `${id}: ${reason}`).toBe(unsupported.includes(id) ? 'unsupported' : 'pass');
    }
  });
});

describe('exported bits', () => {
  const written = async (o: { order: 'spin' | 'interleaved'; bitReversed: boolean }): Promise<Uint8Array> => {
    const lab = new Lab(healthyMachine(), { deadlineMs: 30_000 });
    const chunks: Uint8Array[] = [];
    await exportBits(lab, { ...o, write: (bytes) => chunks.push(bytes), bytes: 20_001, seed: 5n });
    await lab.close();
    return Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
  };

  test('the same seed writes the same bytes, reversed bits are the same bits', async () => {
    const bytes = await written({ order: 'spin', bitReversed: false });
    expect(bytes).toHaveLength(20_001);
    expect(await written({ order: 'spin', bitReversed: false })).toEqual(bytes);
    const mirrored = (byte: number): number =>
      Number.parseInt(byte.toString(2).padStart(8, '0').split('').reverse().join(''), 2);
    expect([...(await written({ order: 'spin', bitReversed: true }))]).toEqual([...bytes].map(mirrored));
  });

  test('half of the bits are ones, in both orders', async () => {
    for (const order of ['spin', 'interleaved'] as const) {
      const bytes = await written({ order, bitReversed: false });
      const ones = bytes.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
      // A right machine falls below with probability 10⁻⁶.
      expect(binomialTwoSidedP(ones, 8 * bytes.length, 0.5)).toBeGreaterThan(1e-6);
    }
  });

  test('a device that shows three bits a run loses none of them between runs', async () => {
    const { readout, batch } = machineProfile();
    const profile = machineProfile({
      spins: { max: 3, perTileMax: 3 },
      readout: { ...readout, observables: ['spin-sum'], trace: false },
      batch: { ...batch, imagesMax: 1, chainsMax: 1, rowsMax: 1 },
    });
    const lab = new Lab(new FaultyMachine({ profile }), { deadlineMs: 30_000 });
    const runs = vi.spyOn(LoadedProbe.prototype, 'run');
    const chunks: Uint8Array[] = [];
    const write = (bytes: Uint8Array) => chunks.push(bytes);
    await exportBits(lab, { order: 'spin', bitReversed: false, write, bytes: 6, seed: 5n });
    await lab.close();
    expect(chunks.map(({ length }) => length)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(runs).toHaveBeenCalledTimes(16);
    runs.mockRestore();
  });
});
