/** When one part of a run fails, the others stop: those that wait at a barrier as well as those with a long way to go. */

import type { Worker } from 'node:worker_threads';
import { convolutionProgram, driverRun } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import { load, plainRun } from './drive.ts';
import * as failing from './fixtures/failing-handler.ts';
import { openWithPolicy, waysToCut } from './policy-devices.ts';

/** Tiles for every thread, or one for all of them. To the end it would take a minute. */
const longRun = (rows: number) =>
  plainRun({
    block: 3,
    gains: { delta: 1 },
    images: Uint32Array.from({ length: rows }, (_, n) => n),
    sweeps: 400_000,
    readouts: [{ bank: 'b', observable: 'spin-sum', as: 'sums', tie: 1 }],
  });

test.each(Object.entries(waysToCut).filter(([name]) => !name.startsWith('all sweeps')))(
  '%s: a listener that throws ends the run at once, and the device goes on',
  { timeout: 10_000 },
  async (name, way) => {
    const run = longRun(name.endsWith('together') ? 16 : 64);
    const device = await openWithPolicy('cpu?threads=2', way);
    const loaded = await load(device.driver, convolutionProgram({ channels: 4, size: 6 }));
    const onProgress = (): void => {
      throw new TypeError('the listener has had enough');
    };
    await expect(loaded.run(driverRun(run, { onProgress }))).rejects.toThrow('the listener has had enough');
    const { readouts } = await loaded.run(driverRun({ ...run, sweeps: 2 }));
    expect(readouts.length).toBe(1);
    await device.driver.close();
  },
);

test.each(['all sweeps at once, the rest together', 'all sweeps at once, every tile by one thread'] as const)(
  '%s: when a kernel fails in one thread, the run rejects with its error, and the device goes on',
  { timeout: 10_000 },
  async (way) => {
    const run = longRun(way.endsWith('together') ? 16 : 64);
    // Two neighbouring threads, with two quads of channels each: it fails in one of them.
    const device = await openWithPolicy('cpu?threads=2', waysToCut[way], failing);
    const loaded = await load(device.driver, convolutionProgram({ channels: 16, size: 6 }));
    const { used } = device.memory;
    await expect(loaded.run(driverRun(run))).rejects.toThrow('the kernel failed');
    expect(device.memory.used).toBe(used);
    const { readouts } = await loaded.run(driverRun({ ...run, sweeps: 2 }));
    expect(readouts.length).toBe(1);
    await device.driver.close();
  },
);

test('when a thread dies that others wait for, the run is lost', async () => {
  const threads: Worker[] = [];
  const remember = (thread: Worker): void => void threads.push(thread);
  process.on('worker', remember);
  const device = await openWithPolicy('cpu?threads=3', waysToCut['all sweeps at once, the rest together']);
  const loaded = await load(device.driver, convolutionProgram({ channels: 4, size: 6 }));
  const run = expect(loaded.run(driverRun(longRun(16)))).rejects.toMatchObject({ code: 'device-lost' });
  while (threads.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  await threads[1]?.terminate();
  await run;
  process.off('worker', remember);
  await device.driver.close();
});
