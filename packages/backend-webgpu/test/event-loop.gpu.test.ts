/** Whoever waits for a GPU has timers, input and messages of its own: loads and runs leave them their turns. */
import { type Block, createProgram, type Program, type ProgramJson, programFeatures } from '@isinglass/sdk';
import { driverRun, programFamilies, randomGraph } from '@isinglass/sdk/testing';
import { describe, expect } from 'vitest';
import { imagesOf, maps, short } from './plain-runs.ts';
import { driverTest } from './support/driver-test.ts';

/** The promise of the driver. */
const gapMsMax = 10;
/** Compilation and the collector take time of their own: the tests allow ten times as much. */
const allowance = 10;

/**
 * The longest time between two ticks of a timer while `action` runs, in processor time of this thread. Of four times the quickest counts: a machine that
 * is shared out in slices of 100 ms stands still now and then, which says nothing about the driver.
 */
async function longestGapMs<T>(four: readonly T[], action: (each: T) => Promise<unknown>): Promise<number> {
  expect(four).toHaveLength(4);
  const gaps: number[] = [];
  for (const each of four) gaps.push(await gapMsOf(() => action(each)));
  return Math.min(...gaps);
}

/** Programs of their own: what a device has found out about one says nothing about the next. */
function four(make: () => Program): readonly Program[] {
  return [make(), make(), make(), make()];
}

async function gapMsOf(action: () => Promise<unknown>): Promise<number> {
  let last = threadMs();
  let gapMs = 0;
  const tick = (): void => {
    const now = threadMs();
    gapMs = Math.max(gapMs, now - last);
    last = now;
  };
  const timer = setInterval(tick, 1);
  await action();
  clearInterval(timer);
  tick();
  return gapMs;
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Two layers of so many spins each, joined by a matrix. */
function twoLayers(spins: number): Program {
  const block: Block = {
    kind: 'block',
    id: 'block',
    index: 3,
    banks: [
      { id: 'a', role: 'free', shape: [spins], color: 0 },
      { id: 'b', role: 'free', shape: [spins], color: 1 },
    ],
    gains: [{ id: 'delta', value: 1, runtime: true }],
    couplings: [
      { id: 'j', from: 'a', to: 'b', gain: 'delta', scale: 0.001, form: { kind: 'dense', matrix: { tensor: 'w' } } },
    ],
    biases: [],
    readouts: [{ id: 'y', bank: 'b', observable: 'spin-sum', tie: 1 }],
    schedule: { sweeps: 4, burnIn: 0, stride: 1, chains: 1, colors: [0, 1], init: 'random', beta: 1 },
    fixed: { fractionBits: 9, beta: 1 },
  };
  const json: Omit<ProgramJson, 'features'> = {
    irVersion: '1.0',
    name: 'two layers',
    provenance: {},
    law: { kind: 'fixed' },
    inputs: [],
    outputs: [],
    stages: [block],
  };
  const data = Int8Array.from({ length: spins * spins }, (_, n) => ((n * 37) % 127) - 63);
  const tensors = new Map([['w', { dtype: 'I8', shape: [spins, spins], data } as const]]);
  return createProgram({ ...json, features: programFeatures(json) }, tensors);
}

describe('the event loop has its turns', () => {
  driverTest.for(['packed', 'planes'])('while a large matrix is loaded for %s products', async (products, { open }) => {
    const programs = four(() => twoLayers(1600));
    const { driver } = await open(`webgpu?products=${products}`);
    const gapMs = await longestGapMs(programs, (program) => driver.load(program, {}));
    expect(gapMs).toBeLessThan(allowance * gapMsMax);
  });

  driverTest('while a large graph of several colors is loaded', async ({ open }) => {
    const programs = four(() => randomGraph(1, { spins: 20_000, degree: 14 }));
    const { driver } = await open();
    const gapMs = await longestGapMs(programs, (program) => driver.load(program, {}));
    expect(gapMs).toBeLessThan(allowance * gapMsMax);
  });

  driverTest.for([
    ['many rows', 'random', 100, 6],
    ['a feed-forward start', 'feed-forward', 20, 3],
  ] as const)('in a traced run of %s', async ([, start, images, sweeps], { open }) => {
    const { driver } = await open();
    for (const program of [maps, programFamilies.layers(2)]) {
      const loaded = await driver.load(program, {});
      const readouts = [{ bank: 'a', observable: 'state', as: 'sums', tie: 1 } as const];
      const run = {
        ...short,
        images: imagesOf(images),
        sweeps,
        start: { kind: start },
        readouts: program === maps ? readouts : [],
      };
      // Shaders are compiled before.
      await loaded.run(driverRun(run));
      const runs = [1n, 2n, 3n, 4n].map((seed) => driverRun({ ...run, seed }, { trace: () => {} }));
      const gapMs = await longestGapMs(runs, (each) => loaded.run(each));
      expect(gapMs).toBeLessThan(allowance * gapMsMax);
    }
  });
});
