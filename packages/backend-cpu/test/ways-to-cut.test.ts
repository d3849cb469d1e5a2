/**
 * Small programs over everything that the representation can say, made to take every way that large ones do: real threads, tiles shared out,
 * one sweep by several threads with barriers, strands in pieces, in every SIMD build with one to four threads. The outcome is the scalar
 * machine's bit for bit, traced and untraced, and so is what goes on from a kept state.
 *
 *     ISINGLASS_WAYS_PROGRAMS=…   programs, each on every device, default 24: some seconds; thousands take minutes
 *     ISINGLASS_WAYS_SEED=…       the first of their seeds, default 0
 */
import type { Driver, DriverResult, LoadedProgram, PackedSpins, Program } from '@isinglass/sdk';
import {
  Dice,
  driverRun,
  pickRows,
  programFamilies,
  type RandomRunOptions,
  type RunData,
  type RunOutcome,
  randomProgram,
  randomRun,
} from '@isinglass/sdk/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { load, openCpu } from './drive.ts';
import { manyColors } from './edge-programs.ts';
import { kernelDevices, whyUnavailable } from './kernel-devices.ts';
import { deviceOutcome, expectOutcome } from './outcome.ts';
import { openWithPolicy, type PolicyDevice, waysToCut } from './policy-devices.ts';

const count = Number(process.env.ISINGLASS_WAYS_PROGRAMS ?? 24);
const firstSeed = Number(process.env.ISINGLASS_WAYS_SEED ?? 0);

const ways = Object.keys(waysToCut) as (keyof typeof waysToCut)[];
const devices: PolicyDevice[] = [];
let witness: Driver;

beforeAll(async () => {
  witness = await openCpu('cpu:scalar');
  for (const uri of kernelDevices) if (whyUnavailable(uri) === null) devices.push(await openWithPolicy(uri));
});

afterAll(async () => {
  await Promise.all([witness, ...devices.map(({ driver }) => driver)].map((driver) => driver.close()));
});

const makers: readonly ((seed: number) => Program)[] = [
  (seed) => randomProgram({ seed, blocks: 2 }),
  programFamilies.convolutions,
  programFamilies.layers,
  (seed) => randomProgram({ seed, strength: 3 }),
  programFamilies.lattice,
  programFamilies.irregularGraph,
  programFamilies.mixed,
  // Draws of a bank in several pieces.
  (seed) => manyColors({ spins: 5000 + ((37 * seed) % 3000), colors: 2 + (seed % 3), colorMax: 7, weight: 2 }),
];

/** From a single row to five tiles with a rest; rows of one image, or of many. */
const rows: readonly RandomRunOptions[] = [
  { imagesMax: 5, chainsMax: 16, sweepsMax: 4 },
  { imagesMax: 80, chainsMax: 1, sweepsMax: 3 },
  { imagesMax: 1, chainsMax: 80, sweepsMax: 3 },
  { imagesMax: 2, chainsMax: 4, sweepsMax: 10 },
  { imagesMax: 1, chainsMax: 1, sweepsMax: 10 },
];

/** Now and then few readouts, b = 0 at every sweep, another b at every sweep, or more retained sweeps than a byte counts. */
function runOf(program: Program, seed: number, dice: Dice): RunData {
  const long = seed % 12 === 5 && program.json.name !== 'edge';
  const run = randomRun(program, seed, long ? { imagesMax: 2, chainsMax: 9 } : rows[seed % rows.length]);
  const readouts = dice.chance(0.4) ? run.readouts.filter(() => dice.chance(0.4)) : run.readouts;
  if (long) {
    const sweeps = dice.pick([254, 255, 256, 511, 530]);
    return { ...run, readouts, sweeps, burnIn: dice.pick([0, 1]), stride: 1, sweepOffset: 0, temperatures: null };
  }
  if (dice.chance(0.1)) return { ...run, readouts, temperatures: new Uint32Array(run.sweeps) };
  if (dice.chance(0.1) && program.json.name !== 'edge') {
    const sweeps = dice.integer(20, 90);
    const temperatures = Uint32Array.from({ length: sweeps }, (_, t) => Math.floor((65536 * t) / (sweeps - 1)));
    return { ...run, readouts, sweeps, burnIn: 0, stride: 3, sweepOffset: 0, temperatures };
  }
  return { ...run, readouts };
}

/** A second run from some rows of the last state, in any order and as often as it likes. */
function goOn(run: RunData, last: Readonly<Record<string, PackedSpins>>, dice: Dice) {
  const all = run.images.length * run.chains;
  const chosen = Uint32Array.from({ length: all }, () => dice.integer(0, all - 1));
  const states = pickRows(last, chosen);
  return { rows: chosen, given: { ...run, sweepOffset: 99, start: { kind: 'given', states } } satisfies RunData };
}

async function kept(loaded: LoadedProgram, run: RunData): Promise<NonNullable<DriverResult['handle']>> {
  const { handle } = await loaded.run(driverRun({ ...run, keep: 'device' }));
  if (handle === undefined) throw new Error('nothing was kept');
  return handle;
}

async function expectSame(device: PolicyDevice, program: Program, run: RunData, expected: RunOutcome, name: string) {
  await expectOutcome(device.driver, { program, run, expected, name });
}

test(`${count} programs from seed ${firstSeed}, on every device and cut in every way, give what the scalar machine gives`, {
  timeout: 30_000 + 3_000 * count,
}, async ({ skip }) => {
  if (devices.length === 0) skip('no device with kernels');
  const resumed = { handles: 0 };
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const dice = new Dice(seed, 31);
    const program = (makers[seed % makers.length] ?? programFamilies.mixed)(seed);
    const run = runOf(program, seed, dice);
    const expected = await deviceOutcome(witness, program, run);
    const next = goOn(run, expected.last ?? {}, dice);
    const afterwards = seed % 3 === 0 ? await deviceOutcome(witness, program, next.given) : null;
    for (const [n, device] of devices.entries()) {
      const way = ways[(seed + n) % ways.length] as keyof typeof waysToCut;
      const spinsRowsMax = dice.pick([0, 1, 4, 15]);
      Object.assign(device.policy, waysToCut[way], { spinsRowsMax });
      const name = `seed ${seed} on ${device.uri}, ${way}, spinsRowsMax ${spinsRowsMax}`;
      await expectSame(device, program, run, expected, name);
      if (afterwards === null) continue;
      const loaded = await load(device.driver, program);
      const handle = await kept(loaded, run);
      const start = { kind: 'resume', handle, rows: next.rows } as const;
      const { readouts, last, counters } = await loaded.run(driverRun({ ...next.given, start }));
      const { steps: _, ...untraced } = afterwards;
      expect({ name, readouts, last, flips: counters.flips }).toEqual({ name, ...untraced });
      await loaded.unload();
      resumed.handles++;
    }
  }
  expect(resumed.handles).toBeGreaterThan(0);
});
