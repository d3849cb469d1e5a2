import type { Worker } from 'node:worker_threads';
import { isIsinglassError } from '@isinglass/sdk';
import { convolutionProgram, driverRun } from '@isinglass/sdk/testing';
import { afterEach, expect, test } from 'vitest';
import { load, openCpu, plainRun } from './drive.ts';

const threads: Worker[] = [];
const remember = (thread: Worker): void => void threads.push(thread);
process.on('worker', remember);
afterEach(() => {
  threads.splice(0);
});

const program = convolutionProgram({ channels: 4, size: 8 });
const short = plainRun({
  block: 3,
  gains: { delta: 1 },
  chains: 40,
  readouts: [{ bank: 'b', observable: 'spin-sum', as: 'sums', tie: 1 }],
});
const endless = plainRun({ ...short, sweeps: 10_000_000, burnIn: 5_000_000 });

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'resolved',
    (e: unknown) => (isIsinglassError(e) ? e.code : String(e)),
  );

test.each([1, 2, 3])(
  'with %i threads, the death of one at work rejects what runs and waits, and a new device is right',
  async (count) => {
    const driver = await openCpu(`cpu?threads=${count}`);
    const loaded = await load(driver, program);
    const before = await loaded.run(driverRun(short));
    const atWork = Promise.withResolvers<void>();
    const running = codeOf(loaded.run(driverRun(endless, { onProgress: (done) => done === 1 && atWork.resolve() })));
    const waiting = codeOf(loaded.run(driverRun(short)));
    await atWork.promise;
    expect(threads.length).toBeGreaterThan(0);
    void threads.at(-1)?.terminate();
    expect([await running, await waiting]).toEqual(['device-lost', 'device-lost']);
    expect(driver.lost.aborted).toBe(true);
    expect(await codeOf(load(driver, program))).toBe('device-lost');
    await driver.close();
    const again = await openCpu(`cpu?threads=${count}`);
    const after = await (await load(again, program)).run(driverRun(short));
    expect(after.readouts).toEqual(before.readouts);
    await again.close();
  },
);
