/** Ends that come early: of a run, a program, a device. */
import type { LoadedProgram } from '@isinglass/sdk';
import { Dice, driverRun, type RunData } from '@isinglass/sdk/testing';
import { describe, expect, vi } from 'vitest';
import { isSoftware } from '../src/adapter/adapter-name.ts';
import { codeOf, endless, imagesOf, maps, short, soon, ways } from './plain-runs.ts';
import { driverTest } from './support/driver-test.ts';

const reason = new Error('enough');

/** A run, and the promise of its first sweep. */
function start(loaded: LoadedProgram, run: RunData = endless) {
  const controller = new AbortController();
  const { promise: atWork, resolve } = Promise.withResolvers<void>();
  const running = loaded.run(driverRun(run, { signal: controller.signal, onProgress: () => resolve() }));
  return { controller, running, atWork };
}

describe.each(ways)('an abort, %s,', (_, uriWith) => {
  driverTest(
    'of a run at work rejects with its reason in about the stated time, and the next run is right',
    async ({ open, adapter }) => {
      const { driver, gpu } = await open(uriWith());
      const loaded = await driver.load(maps, {});
      const before = await loaded.run(driverRun(short));
      const held = gpu.memory.bytes;
      const { controller, running, atWork } = start(loaded);
      await atWork;
      // Where the processor computes in place of a GPU it has other work, too: its time counts.
      const clock = isSoftware(adapter) ? processorMs : () => performance.now();
      const at = clock();
      controller.abort(reason);
      await expect(running).rejects.toBe(reason);
      // Ten times, as for every statement of latency: the first submits of a run are guesses.
      expect(clock() - at).toBeLessThan(10 * (driver.profile.cancel.latencyMs ?? Number.NaN));
      expect(gpu.memory.bytes).toBe(held);
      expect((await loaded.run(driverRun(short))).readouts).toEqual(before.readouts);
    },
  );

  driverTest('at any moment leaves nothing behind and the device usable', { timeout: 60_000 }, async ({ open }) => {
    const { driver, gpu } = await open(uriWith());
    const loaded = await driver.load(maps, {});
    const run = {
      ...short,
      images: imagesOf(3),
      sweeps: 60,
      readouts: (['spin-sum', 'state'] as const).map(
        (observable) => ({ bank: 'a', observable, as: 'sums', tie: 1 }) as const,
      ),
    };
    const expected = await loaded.run(driverRun(run));
    const held = gpu.memory.bytes;
    const dice = new Dice(11);
    const ends = { aborted: 0, resolved: 0 };
    for (let n = 0; n < 60; n++) {
      const kind = dice.pick(['random', 'feed-forward'] as const);
      const { controller, running } = start(loaded, { ...run, start: { kind } });
      const settled = running.then(
        ({ readouts }) => ({ readouts, error: null }),
        (error: unknown) => ({ readouts: null, error }),
      );
      await wait(dice);
      controller.abort(reason);
      const { readouts, error } = await settled;
      if (error === null && kind === 'random') expect(readouts).toEqual(expected.readouts);
      if (error !== null) expect(error).toBe(reason);
      ends[error === null ? 'resolved' : 'aborted']++;
      expect({ n, held: gpu.memory.bytes }).toEqual({ n, held });
      if (n % 10 === 9) expect((await loaded.run(driverRun(run))).readouts).toEqual(expected.readouts);
    }
    expect(ends.aborted).toBeGreaterThan(20);
  });

  driverTest('of a waiting run rejects at once; the one before it goes on', async ({ open }) => {
    const loaded = await (await open(uriWith())).driver.load(maps, {});
    let before = 'at work';
    const first = start(loaded);
    const settled = first.running.catch(() => {
      before = 'settled';
    });
    const { controller, running } = start(loaded);
    await first.atWork;
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
    await soon(5);
    expect(before).toBe('at work');
    first.controller.abort(reason);
    await settled;
    expect(await codeOf(loaded.run(driverRun(short)))).toBe('resolved');
  });

  driverTest('before the call rejects without running', async ({ open }) => {
    const { driver, gpu } = await open(uriWith());
    const loaded = await driver.load(maps, {});
    const created = vi.spyOn(gpu.device, 'createBuffer');
    const run = driverRun(short, { signal: AbortSignal.abort(reason) });
    await expect(loaded.run(run)).rejects.toBe(reason);
    expect(created).not.toHaveBeenCalled();
  });

  driverTest('ends a run whose trace listener never answers', async ({ open }) => {
    const loaded = await (await open(uriWith())).driver.load(maps, {});
    const controller = new AbortController();
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    const trace = (): Promise<void> => {
      resolve();
      return new Promise(() => {});
    };
    const running = loaded.run(driverRun(short, { signal: controller.signal, trace }));
    await asked;
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(await codeOf(loaded.run(driverRun(short)))).toBe('resolved');
  });

  driverTest('signal that outlives its runs is left without listeners', async ({ open }) => {
    const loaded = await (await open(uriWith())).driver.load(maps, {});
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    await loaded.run(driverRun(short, { signal, trace: () => soon(1) }));
    expect(added.mock.calls.length).toBeGreaterThan(0);
    expect(removed.mock.calls.length).toBe(added.mock.calls.length);
  });
});

describe.each(ways)('the end, %s,', (_, uriWith) => {
  driverTest(
    'of the device rejects runs at work and waiting, and later calls; it is idempotent and is no loss',
    async ({ open }) => {
      const { driver } = await open(uriWith());
      const loaded = await driver.load(maps, {});
      const { running, atWork } = start(loaded);
      const runs = [running, loaded.run(driverRun(endless))];
      const codes = Promise.all(runs.map(codeOf));
      await atWork;
      const closing = [driver.close(), driver.close()];
      expect(await codes).toEqual(['device-closed', 'device-closed']);
      await Promise.all(closing);
      expect(await codeOf(loaded.run(driverRun(short)))).toBe('device-closed');
      expect(await codeOf(driver.load(maps, {}))).toBe('device-closed');
      expect(driver.lost.aborted).toBe(false);
    },
  );

  driverTest('of the device during a load rejects the load', async ({ open }) => {
    const { driver } = await open(uriWith());
    const loading = codeOf(driver.load(maps, {}));
    await driver.close();
    expect(await loading).toBe('device-closed');
  });

  driverTest('of a program rejects its runs only, is idempotent, and the device goes on', async ({ open }) => {
    const { driver, gpu } = await open(uriWith());
    const other = await driver.load(maps, {});
    const held = gpu.memory.bytes;
    const one = await driver.load(maps, {});
    const { running, atWork } = start(one);
    const ended = codeOf(running);
    const waiting = codeOf(other.run(driverRun(short)));
    await atWork;
    await Promise.all([one.unload(), one.unload()]);
    expect(await ended).toBe('device-closed');
    expect(await waiting).toBe('resolved');
    expect(gpu.memory.bytes).toBe(held);
    expect(await codeOf(one.run(driverRun(short)))).toBe('device-closed');
    expect(await codeOf(other.run(driverRun(short)))).toBe('resolved');
  });
});

driverTest('an aborted load rejects with the reason, before and meanwhile, and holds nothing', async ({ open }) => {
  const { driver, gpu } = await open();
  await expect(driver.load(maps, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  const controller = new AbortController();
  const loading = driver.load(maps, { signal: controller.signal });
  controller.abort(reason);
  const ended = await loading.then(
    async (loaded) => {
      await loaded.unload();
      return reason;
    },
    (e: unknown) => e,
  );
  expect(ended).toBe(reason);
  expect(gpu.memory.bytes).toBe(0);
});

/** Processor time of this process, all threads. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** From no time at all to some submits. */
async function wait(dice: Dice): Promise<void> {
  const turns = dice.integer(0, 30);
  if (dice.chance(0.4)) for (let n = 0; n < turns; n++) await Promise.resolve();
  else await soon(turns);
}
