/** A GPU that goes away, or refuses a command: whatever waits for it rejects, and a newly opened one works. */
import type { DriverResult, LoadedProgram } from '@isinglass/sdk';
import { driverRun, type RunData } from '@isinglass/sdk/testing';
import { describe, expect } from 'vitest';
import { codeOf, endless, imagesOf, maps, short, ways } from './plain-runs.ts';
import { driverTest } from './support/driver-test.ts';

/** A run, and what is called when it makes progress. */
function runUntil(loaded: LoadedProgram, run: RunData, when: (sweep: number) => void): Promise<DriverResult> {
  return loaded.run(driverRun(run, { onProgress: when }));
}

describe.each(ways)('a GPU that is destroyed, %s,', (_, uriWith) => {
  driverTest(
    'in the middle of a run ends it and the one that waits with a loss; another device works',
    async ({ open }) => {
      const { driver, gpu } = await open(uriWith(), { expectLoss: true });
      const loaded = await driver.load(maps, {});
      const running = runUntil(loaded, endless, () => gpu.device.destroy());
      const waiting = loaded.run(driverRun(short));
      expect(await Promise.all([running, waiting].map(codeOf))).toEqual(['device-lost', 'device-lost']);
      expect(driver.lost.reason).toMatchObject({ code: 'device-lost', message: expect.stringContaining('lost') });
      expect(await codeOf(loaded.run(driverRun(short)))).toBe('device-lost');
      expect(await codeOf(driver.load(maps, {}))).toBe('device-lost');
      const next = await (await open(uriWith())).driver.load(maps, {});
      expect(await codeOf(next.run(driverRun(short)))).toBe('resolved');
    },
  );

  driverTest(
    'before the first sweep, while results are read back, or between two runs is a loss as well',
    async ({ open }) => {
      const states = { bank: 'a', observable: 'state', as: 'sums', tie: 1 } as const;
      // Several pieces are on their way when it happens.
      const run = { ...short, images: imagesOf(40), readouts: [states], keep: 'host' } as const;
      const pieces = { stagingBytesMax: 256 };
      const ends: ((loaded: LoadedProgram, device: GPUDevice) => Promise<unknown>)[] = [
        (loaded, device) => {
          const running = loaded.run(driverRun(run));
          device.destroy();
          return running;
        },
        (loaded, device) =>
          runUntil(loaded, run, (sweep) => void (sweep === 8 && setTimeout(() => device.destroy(), 2))),
        (loaded, device) => runUntil(loaded, run, (sweep) => void (sweep === 8 && device.destroy())),
        async (loaded, device) => {
          await loaded.run(driverRun(run));
          device.destroy();
          await device.lost;
          return loaded.run(driverRun(run));
        },
      ];
      for (const [n, end] of ends.entries()) {
        const { driver, gpu } = await open(uriWith(), { pieces, expectLoss: true });
        const loaded = await driver.load(maps, {});
        expect({ n, code: await codeOf(end(loaded, gpu.device)) }).toEqual({ n, code: 'device-lost' });
      }
    },
  );
});

driverTest(
  'a GPU that refuses a command is lost: nothing that it computes can be trusted any more',
  async ({ open }) => {
    const { driver, gpu } = await open('webgpu', { expectLoss: true });
    const loaded = await driver.load(maps, {});
    const running = runUntil(loaded, endless, (sweep) => {
      // Larger than any GPU allows.
      if (sweep === 1) gpu.device.createBuffer({ size: 2 ** 50, usage: 128 });
    });
    expect(await codeOf(running)).toBe('device-lost');
    expect(driver.lost.reason).toMatchObject({
      message: expect.stringMatching(/^the GPU refused a command: .*size/is),
    });
  },
);

driverTest('a GPU that is closed is not lost', async ({ open }) => {
  const { driver, gpu } = await open();
  await driver.close();
  await gpu.device.lost;
  expect(driver.lost.aborted).toBe(false);
});
