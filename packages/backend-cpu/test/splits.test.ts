import type { Driver, DriverRun, LoadedProgram, Program } from '@isinglass/sdk';
import { Dice, driverRun, pickRows, type RunData, randomProgram, randomRun } from '@isinglass/sdk/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { load, openCpu } from './drive.ts';

const seeds = Array.from({ length: 40 }, (_, n) => n);
/** The fixed law on every machine that has it; the real law has one. */
const machines = [
  { uri: 'cpu:scalar', law: 'fixed' },
  { uri: 'cpu?threads=1', law: 'fixed' },
  { uri: 'cpu?threads=3', law: 'fixed' },
  { uri: 'cpu', law: 'real' },
] as const;

/** Sums only: states and signs do not add. The reference gains of a run are its own, so that parts agree. */
function summed(run: RunData): RunData {
  const readouts = run.readouts
    .filter(({ observable }) => observable !== 'state')
    .map((r) => ({ ...r, as: 'sums' as const }));
  return { ...run, readouts };
}

const sumsOf = async (loaded: LoadedProgram, run: RunData, more: Partial<DriverRun> = {}) =>
  (await loaded.run(driverRun(run, more))).readouts.map((readout) => [...(readout.sums ?? [])]);

const added = (parts: number[][][]) =>
  parts.reduce((total, part) => total.map((sums, n) => sums.map((sum, i) => sum + (part[n]?.[i] ?? Number.NaN))));

const drivers = new Map<string, Driver>();
afterAll(async () => {
  await Promise.all([...drivers.values()].map((driver) => driver.close()));
});

/** Devices stay open from test to test. */
async function driverOf(uri: string): Promise<Driver> {
  const driver = drivers.get(uri) ?? (await openCpu(uri));
  drivers.set(uri, driver);
  return driver;
}

async function withProgram(
  uri: string,
  program: Program,
  action: (loaded: LoadedProgram) => Promise<void>,
): Promise<void> {
  const loaded = await load(await driverOf(uri), program);
  await action(loaded);
  await loaded.unload();
}

/** A random run with at least this many images and chains, and whatever else it drew. */
function wideRun(program: Program, seed: number, more: Partial<RunData> = {}): RunData {
  return summed({
    ...randomRun(program, seed, { chainsMax: 7, imagesMax: 5, starts: ['random', 'feed-forward'] }),
    ...more,
  });
}

describe.each(machines)('any split of a run of the $law law on $uri adds up to the whole', ({ uri, law }) => {
  test('by chains', async () => {
    for (const seed of seeds) {
      const program = randomProgram({ seed, law });
      const run = wideRun(program, seed);
      const first = new Dice(seed, 9).integer(0, run.chains);
      await withProgram(uri, program, async (loaded) => {
        const parts: number[][][] = [];
        for (const [offset, chains] of [
          [0, first],
          [first, run.chains - first],
        ] as const) {
          if (chains > 0) parts.push(await sumsOf(loaded, { ...run, chains, chainOffset: run.chainOffset + offset }));
        }
        expect({ seed, sums: added(parts) }).toEqual({ seed, sums: await sumsOf(loaded, run) });
      });
    }
  });

  test('by images, in any order', async () => {
    for (const seed of seeds) {
      const program = randomProgram({ seed, law });
      const run = wideRun(program, seed);
      await withProgram(uri, program, async (loaded) => {
        const whole = await sumsOf(loaded, run);
        for (const image of new Dice(seed, 9).shuffled([...run.images.keys()])) {
          const part = await sumsOf(loaded, {
            ...run,
            images: run.images.slice(image, image + 1),
            inputs: pickRows(run.inputs, [image]),
          });
          const ofImage = whole.map((sums) => {
            const spins = sums.length / run.images.length;
            return sums.slice(image * spins, (image + 1) * spins);
          });
          expect({ seed, image, sums: part }).toEqual({ seed, image, sums: ofImage });
        }
      });
    }
  });

  test.each(['given', 'resume'] as const)('by sweeps, continued with %s', async (kind) => {
    for (const seed of seeds) {
      const program = randomProgram({ seed, law });
      const run = wideRun(program, seed, { burnIn: 0, stride: 1, sweepOffset: 0 });
      const first = new Dice(seed, 9).integer(1, run.sweeps);
      if (first === run.sweeps) continue;
      await withProgram(uri, program, async (loaded) => {
        const before = await loaded.run(
          driverRun({
            ...run,
            sweeps: first,
            temperatures: run.temperatures?.slice(0, first) ?? null,
            keep: kind === 'given' ? 'host' : 'device',
          }),
        );
        const rows = Uint32Array.from({ length: run.images.length * run.chains }, (_, row) => row);
        const { handle, last } = before;
        if (handle === undefined && last === undefined) throw new Error('nothing was kept');
        const after = {
          ...run,
          start:
            handle === undefined
              ? ({ kind: 'given', states: last ?? {} } as const)
              : ({ kind: 'resume', handle, rows } as const),
          sweeps: run.sweeps - first,
          sweepOffset: first,
          temperatures: run.temperatures?.slice(first) ?? null,
        };
        const parts = [before.readouts.map(({ sums }) => [...(sums ?? [])]), await sumsOf(loaded, after)];
        expect({ seed, sums: added(parts) }).toEqual({ seed, sums: await sumsOf(loaded, run) });
      });
    }
  });
});

describe.each(['cpu:scalar', 'cpu?threads=2'])('a state kept on %s', (uri) => {
  test('can go on with some of its images only, and with other gains and inputs', async () => {
    let changed = 0;
    for (const seed of seeds) {
      const program = randomProgram({ seed });
      const run = wideRun(program, seed);
      const images = run.images.length;
      const chosen = new Dice(seed, 9).shuffled([...run.images.keys()]).slice(0, Math.ceil(images / 2));
      await withProgram(uri, program, async (loaded) => {
        const { handle } = await loaded.run(driverRun({ ...run, keep: 'device' }));
        const { last } = await loaded.run(driverRun({ ...run, keep: 'host' }));
        if (handle === undefined || last === undefined) throw new Error('nothing was kept');
        const rows = Uint32Array.from(
          chosen.flatMap((image) => Array.from({ length: run.chains }, (_, c) => image * run.chains + c)),
        );
        // Odd seeds: the chosen images get each other's inputs, and the gains of another run.
        const shift = seed % 2;
        const other = randomRun(program, seed + 1000);
        const inputs = pickRows(run.inputs, shift === 0 ? chosen : [...chosen.slice(1), ...chosen.slice(0, 1)]);
        const gains = shift === 0 ? run.gains : other.gains;
        if (JSON.stringify(gains) !== JSON.stringify(run.gains)) changed++;
        const next = {
          ...run,
          images: Uint32Array.from(chosen, (image) => run.images[image] ?? 0),
          inputs,
          gains,
          sweepOffset: 77,
        };
        const resumed = await sumsOf(loaded, { ...next, start: { kind: 'resume', handle, rows } });
        const given = await sumsOf(loaded, { ...next, start: { kind: 'given', states: pickRows(last, rows) } });
        expect({ seed, resumed }).toEqual({ seed, resumed: given });
      });
    }
    expect(changed).toBeGreaterThan(5);
  });
});
