/** What the kernels' device memory is taken for and given back: plans against what is used, faults and aborts that leave nothing behind. */
import type { BlockPlan, Plan, Program } from '@isinglass/sdk';
import { convolutionProgram, Dice, driverRun, programFamilies, type RunData, randomRun } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import { load, plainRun } from './drive.ts';
import { openWithPolicy, type PolicyDevice, waysToCut } from './policy-devices.ts';

const programs: Readonly<Record<string, (seed?: number) => Program>> = {
  'maps and a convolution': () => convolutionProgram({ channels: 18, size: 12 }),
  'a map of few channels': () => convolutionProgram({ channels: 1, size: 35 }),
  'three layers': () => programFamilies.layers(2),
  'a lattice': () => programFamilies.lattice(12),
  'an irregular graph': () => programFamilies.irregularGraph(10),
  'couplings of every form': () => programFamilies.mixed(2),
};

function planned(device: PolicyDevice, program: Program): { readonly plan: Plan; readonly block: BlockPlan } {
  const plan = device.driver.plan(program);
  if (!('blocks' in plan)) throw new Error('the program must fit');
  const [block] = plan.blocks;
  if (block === undefined) throw new Error('a program without blocks');
  return { plan, block };
}

/** All sums of all banks from means, and the last state kept. */
function greedyRun(program: Program, images: number, chains: number): RunData {
  const run = randomRun(program, 5, { starts: ['feed-forward'], imagesMax: 1, chainsMax: 1 });
  const readouts = run.readouts.filter(({ observable }) => observable !== 'state');
  const inputs = Object.entries(run.inputs).map(([id, { words, spinCount }]) => {
    const all = new Uint32Array(images * words.length);
    for (let n = 0; n < images; n++) all.set(words, n * words.length);
    return [id, { words: all, rows: images, spinCount }] as const;
  });
  return {
    ...run,
    images: Uint32Array.from({ length: images }, (_, n) => n),
    chains,
    chainOffset: 0,
    inputs: Object.fromEntries(inputs),
    sweeps: 3,
    burnIn: 0,
    stride: 1,
    sweepOffset: 0,
    temperatures: null,
    keep: 'device',
    readouts,
  };
}

const shapes = [
  { images: 1, chains: 1 },
  { images: 1, chains: 9 },
  { images: 1, chains: 17 },
  { images: 150, chains: 1 },
];

test.each(Object.keys(programs))(
  '%s: a run takes no more than planned, and with many rows not much less',
  async (name) => {
    const program = programs[name]?.() as Program;
    const device = await openWithPolicy('cpu?threads=3', waysToCut['sweep by sweep, every tile by one thread']);
    const { plan, block } = planned(device, program);
    for (const { images, chains } of shapes) {
      const rows = images * chains;
      for (const spinsRowsMax of [0, 15]) {
        device.policy.spinsRowsMax = spinsRowsMax;
        const loaded = await load(device.driver, program);
        device.memory.takePeak();
        const run = greedyRun(program, images, chains);
        await loaded.run(driverRun(run, { trace: () => {} }));
        // Counts are flushed into wider ones.
        await loaded.run(driverRun({ ...run, sweeps: rows > 20 ? 3 : 256 }));
        const peak = device.memory.takePeak();
        expect(peak).toBeGreaterThan(0);
        expect(peak).toBeLessThanOrEqual(plan.bytes + rows * block.bytesPerRow);
        // What a run takes beside its rows is some megabytes for safety.
        if (rows >= 150) expect(rows * block.bytesPerRow).toBeLessThan(3 * peak);
        await loaded.unload();
        expect(device.memory.used).toBe(0);
      }
    }
    await device.driver.close();
  },
);

test('as many rows as planned fit into a small device, in either lane form; one more is refused before anything is taken', async () => {
  for (const [n, make] of Object.values(programs).entries()) {
    const program = make();
    for (const spinsRowsMax of [0, 15]) {
      const way = waysToCut['sweep by sweep, every tile by one thread'];
      const device = await openWithPolicy(`cpu?threads=2&memoryMiB=${16 + 3 * n}`, { ...way, spinsRowsMax });
      const { rowsMax } = planned(device, program).block;
      expect(rowsMax).toBeGreaterThan(0);
      const loaded = await load(device.driver, program);
      const rows = Math.min(rowsMax, 400);
      await loaded.run(driverRun({ ...greedyRun(program, 1, rows), keep: 'host', sweeps: 1 }));
      await loaded.run(driverRun({ ...greedyRun(program, rows, 1), keep: 'host', sweeps: 1 }));
      const { used } = device.memory;
      device.memory.takePeak();
      await expect(loaded.run(driverRun(greedyRun(program, 1, rowsMax + 1)))).rejects.toMatchObject({
        code: 'invalid-request',
      });
      expect(device.memory.takePeak()).toBe(used);
      await device.driver.close();
    }
  }
});

test('a program that does not fit is refused before anything is taken', async () => {
  const device = await openWithPolicy('cpu?threads=2&memoryMiB=2');
  const program = convolutionProgram({ channels: 64, size: 60 });
  expect(device.driver.plan(program)).toMatchObject([{ limit: 'memoryMiB' }]);
  await expect(load(device.driver, program)).rejects.toMatchObject({ code: 'does-not-fit' });
  expect(device.memory.takePeak()).toBe(0);
  await device.driver.close();
});

test('states of more sweeps than fit are an error of that run, and the device goes on', async () => {
  const device = await openWithPolicy('cpu?threads=2&memoryMiB=40', waysToCut['all sweeps at once, the rest together']);
  const program = convolutionProgram({ channels: 16, size: 20 });
  const loaded = await load(device.driver, program);
  const { used } = device.memory;
  const states = plainRun({
    block: 3,
    gains: { delta: 1 },
    chains: 8,
    readouts: [{ bank: 'b', observable: 'state', as: 'sums', tie: 1 }],
  });
  for (const spinsRowsMax of [0, 15]) {
    device.policy.spinsRowsMax = spinsRowsMax;
    await expect(loaded.run(driverRun({ ...states, sweeps: 60_000 }))).rejects.toMatchObject({ code: 'does-not-fit' });
    const { readouts } = await loaded.run(driverRun({ ...states, sweeps: 5 }));
    expect(readouts[0]?.states?.rows).toBe(40);
  }
  // The other lane form's tables stay.
  expect(device.memory.used).toBeGreaterThan(used);
  await loaded.unload();
  expect(device.memory.used).toBe(0);
  await device.driver.close();
});

test('after 200 programs loaded, run and unloaded, nothing is held', async () => {
  const device = await openWithPolicy('cpu?threads=2', waysToCut['sweep by sweep, the rest together']);
  const peaks: number[] = [];
  for (let n = 0; n < 200; n++) {
    device.policy.spinsRowsMax = n % 2 === 0 ? 0 : 15;
    const program = (Object.values(programs)[n % 6] ?? programFamilies.mixed)(n);
    const loaded = await load(device.driver, program);
    await loaded.run(driverRun(greedyRun(program, 1, 17)));
    await loaded.unload();
    expect(device.memory.used).toBe(0);
    peaks.push(device.memory.takePeak());
  }
  // The same twelve again and again.
  expect(peaks.slice(180, 192)).toEqual(peaks.slice(0, 12));
  await device.driver.close();
});

/** Aborts after so many turns of the event loop, and a little of the one after. */
function abortAfter(turns: number): AbortController {
  const controller = new AbortController();
  let left = turns;
  const turn = (): void => {
    if (left-- > 0) setImmediate(turn);
    else controller.abort(new TypeError('enough'));
  };
  turn();
  return controller;
}

/** Whether it was aborted, or was faster. Any other error is thrown. */
async function wasAborted(promise: Promise<unknown>): Promise<boolean> {
  try {
    await promise;
    return false;
  } catch (e) {
    if (e instanceof TypeError && e.message === 'enough') return true;
    throw e;
  }
}

test.each([
  ['cpu?threads=2', 'sweep by sweep, the rest together'],
  ['cpu?threads=3', 'sweep by sweep, every tile by one thread'],
  ['cpu?threads=2', 'all sweeps at once, the rest together'],
  ['cpu?threads=1', 'in the calling thread, sweep by sweep'],
] as const)('%s, %s: an abort at any moment gives everything back, and the device goes on', async (uri, way) => {
  const device = await openWithPolicy(uri, waysToCut[way]);
  const program = convolutionProgram({ channels: 28, size: 9 });
  const dice = new Dice(17);
  const aborted = { loads: 0, runs: 0 };
  for (let n = 0; n < 40; n++) {
    const { signal } = abortAfter(dice.integer(0, 12));
    const loading = device.driver.load(program, { signal });
    if (await wasAborted(loading)) aborted.loads++;
    else await (await loading).unload();
    expect(device.memory.used).toBe(0);
  }
  const loaded = await load(device.driver, program);
  const run: RunData = { ...greedyRun(program, 9, 5), sweeps: 12, keep: 'host' };
  const expected = await loaded.run(driverRun(run));
  device.policy.spinsRowsMax = 15;
  await loaded.run(driverRun({ ...run, sweeps: 1 }));
  const { used } = device.memory;
  for (let n = 0; n < 60; n++) {
    device.policy.spinsRowsMax = dice.pick([0, 15]);
    const { signal } = abortAfter(dice.integer(0, dice.pick([4, 30, 150])));
    const more = dice.chance(0.5) ? { trace: () => {} } : {};
    if (await wasAborted(loaded.run(driverRun(run, { ...more, signal })))) aborted.runs++;
    expect(device.memory.used).toBe(used);
  }
  expect(aborted.loads).toBeGreaterThan(0);
  expect(aborted.runs).toBeGreaterThan(5);
  const after = await loaded.run(driverRun(run));
  expect(after.readouts).toEqual(expected.readouts);
  await loaded.unload();
  expect(device.memory.used).toBe(0);
  await device.driver.close();
});

test('unload and close while a run is at work end it and give everything back', async () => {
  const program = convolutionProgram({ channels: 8, size: 9 });
  const device = await openWithPolicy('cpu?threads=2');
  for (const [way, cut] of Object.entries(waysToCut)) {
    Object.assign(device.policy, cut, { spinsRowsMax: 15 });
    const loaded = await load(device.driver, program);
    const runs = [0, 1].map(() => loaded.run(driverRun({ ...greedyRun(program, 1, 19), sweeps: 300_000 })));
    const ends = Promise.allSettled(runs);
    await new Promise((resolve) => setTimeout(resolve, 20));
    // The last of the ways ends with its device.
    await (way === Object.keys(waysToCut).at(-1) ? device.driver.close() : loaded.unload());
    for (const end of await ends) expect({ way, end }).toMatchObject({ end: { reason: { code: 'device-closed' } } });
    expect({ way, used: device.memory.used }).toEqual({ way, used: 0 });
  }
  const other = await openWithPolicy('cpu?threads=2', waysToCut['all sweeps at once, the rest together']);
  const loaded = await load(other.driver, program);
  const run = loaded.run(driverRun({ ...greedyRun(program, 1, 19), sweeps: 300_000 }));
  const end = expect(run).rejects.toMatchObject({ code: 'device-closed' });
  await new Promise((resolve) => setTimeout(resolve, 20));
  await other.driver.close();
  await end;
  expect(other.memory.used).toBe(0);
});
