/**
 * Every kind of run goes through the same kernels as a plain one, so that what tests compare (traces, given states, conditional sums) is what
 * users run; the scalar machine has no part in it. Calls are counted, kernel by kernel.
 */
import { fullTemperature, type Program } from '@isinglass/sdk';
import {
  convolutionProgram,
  driverRun,
  programFamilies,
  type RunData,
  randomProgram,
  randomRun,
} from '@isinglass/sdk/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ScalarMachine } from '../src/scalar/scalar-machine.ts';
import { type Calls, type CountedDevice, openCounted } from './counted-kernels.ts';
import { load } from './drive.ts';

/** Bring states and sums in and out. */
const packing = ['packTile', 'packRow'];
const unpacking = ['unpackTile', 'unpackRow'];
const collecting = ['collectLane', 'collectRow'];
/** Make the initial state: a run that was given one has none of it, and fewer random numbers. */
const starting = ['tossCoins', 'startRowRandom', 'startFeedForward', 'startRowFeedForward'];
const drawing = ['prepareDraws', 'drawRows', 'drawHalfRows', 'prepareRowDraws', 'drawRow'];

const summing = /^(half|carried|row)\w*Sums\d?$/;

const without = (calls: Calls, names: readonly string[]): Calls =>
  Object.fromEntries(Object.entries(calls).filter(([name]) => !names.includes(name)));

const total = (calls: Calls, pattern: RegExp): number =>
  Object.entries(calls).reduce((sum, [name, count]) => sum + (pattern.test(name) ? count : 0), 0);

const namesOf = (calls: Calls, pattern: RegExp): string[] => Object.keys(calls).filter((name) => pattern.test(name));

const programs: Readonly<Record<string, () => Program>> = {
  'two maps and a convolution': () => convolutionProgram({ channels: 8, size: 6 }),
  'three layers': () => programFamilies.layers(2),
  'a lattice': () => programFamilies.lattice(1),
  'an irregular graph with pinned spins': () => programFamilies.irregularGraph(10),
  'couplings of every form': () => programFamilies.mixed(2),
};

interface Shape {
  readonly images: number;
  readonly chains: number;
  readonly spinsRowsMax: number;
}

const shapes: readonly Shape[] = [
  { images: 2, chains: 20, spinsRowsMax: 0 },
  { images: 1, chains: 1, spinsRowsMax: 0 },
  { images: 1, chains: 1, spinsRowsMax: 15 },
  { images: 1, chains: 18, spinsRowsMax: 15 },
];

/** Six sweeps at full temperature from random states, all spin sums. */
function plainRun(program: Program, { images, chains }: Shape): RunData {
  const run = randomRun(program, 1, { starts: ['random'], imagesMax: 1, chainsMax: 1 });
  const readouts = run.readouts
    .filter(({ observable }) => observable === 'spin-sum')
    .map((readout) => ({ ...readout, as: 'sums' as const }));
  return {
    ...run,
    images: Uint32Array.from({ length: images }, (_, n) => n),
    inputs: Object.fromEntries(
      Object.entries(run.inputs).map(([id, spins]) => {
        const words = new Uint32Array(images * spins.words.length);
        for (let n = 0; n < images; n++) words.set(spins.words, n * spins.words.length);
        return [id, { ...spins, words, rows: images }];
      }),
    ),
    chains,
    chainOffset: 0,
    sweeps: 6,
    burnIn: 0,
    stride: 1,
    sweepOffset: 0,
    temperatures: null,
    keep: 'nothing',
    readouts,
  };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(Object.keys(programs))('%s', (name) => {
  test.each(shapes)(
    '$images × $chains rows, spinsRowsMax $spinsRowsMax: every run takes the kernels',
    async (shape) => {
      const scalar = vi.spyOn(ScalarMachine, 'load');
      const program = programs[name]?.() as Program;
      const device = await openCounted(shape.spinsRowsMax);
      const loaded = await load(device.driver, program);
      const run = plainRun(program, shape);
      const calls = async (o: RunData, more: Parameters<typeof driverRun>[1] = {}): Promise<Calls> => {
        device.take();
        await loaded.run(driverRun(o, more));
        return device.take();
      };
      const plain = await calls(run);
      expect(total(plain, /^update|^finish/)).toBeGreaterThanOrEqual(run.sweeps);
      expect(total(plain, /^draw/)).toBeGreaterThanOrEqual(run.sweeps);
      expect(Object.keys(plain)).toEqual(expect.arrayContaining(['prepareKeys']));

      const sweeps: number[] = [];
      const traced = await calls(run, { trace: (sweep) => void sweeps.push(sweep) });
      expect(sweeps.length).toBe(run.sweeps + 1);
      expect(without(traced, packing)).toEqual(plain);

      const signs = run.readouts.map((readout) => ({ ...readout, as: 'signs' as const }));
      expect(await calls({ ...run, readouts: signs })).toEqual(plain);

      const conditional = run.readouts.map((readout) => ({ ...readout, observable: 'conditional-sum' as const }));
      expect(await calls({ ...run, readouts: conditional })).toEqual(plain);

      const states = run.readouts.map((readout) => ({ ...readout, observable: 'state' as const }));
      expect(without(await calls({ ...run, readouts: states }), packing)).toEqual(without(plain, collecting));

      const work = without(plain, [...starting, ...drawing]);
      const { last } = await loaded.run(driverRun({ ...run, keep: 'host' }));
      const given = await calls({ ...run, start: { kind: 'given', states: last ?? {} } });
      expect(without(given, [...unpacking, ...drawing])).toEqual(without(work, unpacking));
      expect(total(given, /^draw/)).toBeLessThan(total(plain, /^draw/));

      const { handle } = await loaded.run(driverRun({ ...run, keep: 'device' }));
      if (handle === undefined) throw new Error('nothing was kept');
      const rows = Uint32Array.from({ length: shape.images * shape.chains }, (_, row) => row);
      expect(await calls({ ...run, start: { kind: 'resume', handle, rows } })).toEqual(given);

      // Fields are multiplied by b as 32-bit numbers: another update kernel, as often, after the same sums over neighbours.
      const temperatures = new Uint32Array(run.sweeps).fill(fullTemperature / 2);
      const cooler = await calls({ ...run, temperatures });
      expect(namesOf(cooler, summing)).toEqual(namesOf(plain, summing));
      // Some kernels take several rows at once, and not for fields.
      expect(total(cooler, summing)).toBeGreaterThanOrEqual(total(plain, summing));
      expect(total(cooler, /^update/)).toBe(total(plain, /^update/));
      expect(total(cooler, /^draw/)).toBe(total(plain, /^draw/));

      const forward = await calls({ ...run, start: { kind: 'feed-forward' } });
      expect(total(forward, /^start.*FeedForward$/)).toBeGreaterThan(0);
      expect(total(forward, /^update/)).toBe(total(plain, /^update/));

      expect(scalar).not.toHaveBeenCalled();
      await device.driver.close();
    },
  );
});

test('control: a program of the real law is run by the scalar machine, and no kernel is called', async () => {
  const scalar = vi.spyOn(ScalarMachine, 'load');
  const program = randomProgram({ seed: 3, law: 'real' });
  const device: CountedDevice = await openCounted(0);
  const loaded = await load(device.driver, program);
  await loaded.run(driverRun(randomRun(program, 3)));
  expect(scalar).toHaveBeenCalledOnce();
  expect(device.take()).toEqual({});
  await device.driver.close();
});
