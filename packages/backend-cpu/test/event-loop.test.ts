import type { Program } from '@isinglass/sdk';
import { convolutionProgram, driverRun, randomProgram, randomRun } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import { load, openCpu, plainRun, threadMs } from './drive.ts';
import { twoBanks } from './edge-programs.ts';

/** The promise of the driver. */
const gapMsMax = 10;
/** Compilation and the collector take time of their own: the test allows ten times as much. */
const allowance = 10;

/**
 * The longest time between two ticks of a timer while `action` runs, in processor time of this thread: how long the machine
 * lets this process wait says nothing about the driver.
 */
async function longestGapMs(action: () => Promise<unknown>): Promise<{ gapMs: number; ticks: number }> {
  let last = threadMs();
  let gapMs = 0;
  let ticks = 0;
  const tick = (): void => {
    const now = threadMs();
    gapMs = Math.max(gapMs, now - last);
    last = now;
    ticks++;
  };
  const timer = setInterval(tick, 1);
  await action();
  clearInterval(timer);
  tick();
  return { gapMs, ticks };
}

/** Kernels may be done before a timer has ticked often. */
const devices = [
  { uri: 'cpu:scalar', ticksMin: 10 },
  { uri: 'cpu?threads=1', ticksMin: 1 },
  { uri: 'cpu?threads=2', ticksMin: 1 },
] as const;

const everything = (bank: string) =>
  (['spin-sum', 'conditional-sum', 'state'] as const).map(
    (observable) => ({ bank, observable, as: 'sums', tie: 1 }) as const,
  );

async function gapsOfRun(
  program: Program,
  o: {
    readonly uri: string;
    readonly start: 'random' | 'feed-forward';
    readonly images: number;
    readonly sweeps: number;
  },
): Promise<{ gapMs: number; ticks: number }> {
  const driver = await openCpu(o.uri);
  const loaded = await load(driver, program);
  const data = plainRun({
    block: 3,
    gains: { delta: 0.5 },
    images: Uint32Array.from({ length: o.images }, (_, n) => n),
    sweeps: o.sweeps,
    start: { kind: o.start },
    keep: 'host',
    readouts: everything('b'),
  });
  const gaps = await longestGapMs(() => loaded.run(driverRun(data, { trace: () => {} })));
  await driver.close();
  return gaps;
}

test.each(devices)('large maps, one row, on $uri: the event loop gets its turns', async ({ uri, ticksMin }) => {
  const program = convolutionProgram({ channels: 64, size: 96 });
  const { gapMs, ticks } = await gapsOfRun(program, { uri, start: 'random', images: 1, sweeps: 1 });
  expect(ticks).toBeGreaterThanOrEqual(ticksMin);
  expect(gapMs).toBeLessThan(allowance * gapMsMax);
});

test.each(devices)('many rows, on $uri: the event loop gets its turns', async ({ uri, ticksMin }) => {
  const program = convolutionProgram({ channels: 16, size: 24 });
  const { gapMs, ticks } = await gapsOfRun(program, { uri, start: 'feed-forward', images: 48, sweeps: 2 });
  expect(ticks).toBeGreaterThanOrEqual(ticksMin);
  expect(gapMs).toBeLessThan(allowance * gapMsMax);
});

test.each(devices)('without setImmediate, as in a browser, runs on $uri give the same', async ({ uri }) => {
  const program = randomProgram({ seed: 5 });
  const data = randomRun(program, 5, { sweepsMax: 10 });
  const long = { ...data, sweeps: 400, sweepOffset: 0, temperatures: null };
  const result = async () => {
    const driver = await openCpu(uri);
    const { readouts } = await (await load(driver, program)).run(driverRun(long));
    await driver.close();
    return readouts;
  };
  const expected = await result();
  const { setImmediate } = globalThis;
  Reflect.deleteProperty(globalThis, 'setImmediate');
  try {
    expect(await result()).toEqual(expected);
  } finally {
    globalThis.setImmediate = setImmediate;
  }
});

test.each(devices)('while a large matrix is loaded on $uri, the event loop gets its turns', async ({ uri }) => {
  const weights = (index: number): number => ((index * 37) % 127) - 63;
  const program = twoBanks({ a: [2048], b: [2048], weights, M: 40000, sh: 22, fractionBits: 9 });
  const driver = await openCpu(uri);
  const { gapMs } = await longestGapMs(() => load(driver, program));
  expect(gapMs).toBeLessThan(allowance * gapMsMax);
  await driver.close();
});

test('an abort of a long run with many rows settles soon, with threads as without', async () => {
  const program = convolutionProgram({ channels: 64, size: 40 });
  for (const { uri } of devices) {
    const driver = await openCpu(uri);
    const { latencyMs } = driver.profile.cancel;
    const loaded = await load(driver, program);
    const data = plainRun({
      block: 3,
      gains: { delta: 0.5 },
      images: Uint32Array.from({ length: 36 }, (_, n) => n),
      sweeps: 1_000_000,
      readouts: everything('b').slice(0, 2),
    });
    const waits: number[] = [];
    for (let n = 0; n < 4; n++) {
      const controller = new AbortController();
      const reason = new TypeError('enough');
      const running = loaded.run(driverRun(data, { signal: controller.signal }));
      // Threads start within the first one.
      await new Promise((resolve) => setTimeout(resolve, n === 0 ? 500 : 30 * n));
      const began = performance.now();
      controller.abort(reason);
      await expect(running).rejects.toBe(reason);
      waits.push(performance.now() - began);
    }
    // Other processes have their turns, too: the quickest counts.
    expect(Math.min(...waits)).toBeLessThan(allowance * (latencyMs ?? Number.NaN));
    await driver.close();
  }
});
