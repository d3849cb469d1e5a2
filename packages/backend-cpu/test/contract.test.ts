import {
  type Driver,
  type DriverRun,
  type ErrorCode,
  isIsinglassError,
  parseDeviceProfile,
  silentLogger,
} from '@isinglass/sdk';
import { convolutionProgram, driverRun, randomProgram, randomRun } from '@isinglass/sdk/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import backend from '../src/index.ts';
import { load, openCpu, plainRun, threadMs } from './drive.ts';

/** Long enough to be interrupted, however fast the machine. */
const program = convolutionProgram({ channels: 4, size: 8 });
const gains = { delta: 1 };
const short = plainRun({ block: 3, gains, readouts: [{ bank: 'b', observable: 'spin-sum', as: 'sums', tie: 1 }] });
const endless = plainRun({ ...short, sweeps: 10_000_000, burnIn: 5_000_000 });

const open: Driver[] = [];
async function openDriver(uri: string): Promise<Driver> {
  const opened = await openCpu(uri);
  open.push(opened);
  return opened;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((opened) => opened.close()));
});

async function codeOf(promise: Promise<unknown>): Promise<ErrorCode | 'resolved' | 'other'> {
  return promise.then(
    () => 'resolved' as const,
    (e: unknown) => (isIsinglassError(e) ? e.code : 'other'),
  );
}

const soon = (ms = 20) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe('the backend', () => {
  test('lists both devices with the profile that an open driver has', async () => {
    const found = await backend.enumerate();
    expect(found.map((info) => info.uri)).toEqual(['cpu', 'cpu:scalar']);
    for (const info of found) {
      const opened = await openDriver(info.uri);
      expect(info.available && info.profile).toEqual(opened.profile);
    }
  });
  test('says what a device computes with', async () => {
    const threads = await openDriver('cpu?threads=3&simd=baseline');
    expect(threads.profile.description).toContain('baseline SIMD, in 3 threads');
    expect((await openDriver('cpu:scalar')).profile.description).toContain('Scalar machine in one thread');
  });
  test('opens nothing for a signal that is aborted', async () => {
    const reason = new Error('no');
    const opening = backend.open('cpu', { logger: silentLogger, signal: AbortSignal.abort(reason) });
    await expect(opening).rejects.toBe(reason);
  });
});

/** With no more than `options`, which both devices have. */
const devices = {
  'cpu:scalar': (options = '') => `cpu:scalar?${options}`,
  'cpu in two threads': (options = '') => `cpu?threads=2&${options}`,
} as const;

describe.each(Object.entries(devices))('%s', (_name, uriWith) => {
  const driver = (options?: string) => openDriver(uriWith(options));

  describe('the device', () => {
    test('has a profile that the schema accepts, frozen', async () => {
      const { profile } = await driver();
      expect(parseDeviceProfile(structuredClone(profile))).toEqual(profile);
      expect(Object.isFrozen(profile) && Object.isFrozen(profile.batch)).toBe(true);
      expect(profile.determinism).toBe('exact');
    });
    test('takes its options and bounds what a run may hold by them', async () => {
      expect((await driver('rowsMax=3')).profile.batch.rowsMax).toBe(3);
      const small = (await driver('memoryMiB=4')).plan(program);
      const large = (await driver('memoryMiB=8')).plan(program);
      if (!('blocks' in small) || !('blocks' in large)) throw new Error('the program must fit');
      expect(small.blocks[0]?.rowsMax).toBeLessThan(large.blocks[0]?.rowsMax ?? 0);
    });
    test('a second device is independent of the first', async () => {
      const first = await driver();
      const second = await driver();
      await first.close();
      const loaded = await load(second, program);
      expect(await codeOf(loaded.run(driverRun(short)))).toBe('resolved');
    });
  });

  describe('a program that does not fit', () => {
    const large = convolutionProgram({ channels: 8, size: 64 });
    test('is a misfit with the memory it needs, and with that memory it fits', async () => {
      const plan = (await driver('memoryMiB=1')).plan(large);
      if ('blocks' in plan) throw new Error('1 MiB must not be enough');
      expect(plan.length).toBe(1);
      expect(plan[0]?.limit).toBe('memoryMiB');
      const enough = await driver(`memoryMiB=${plan[0]?.needed}`);
      expect('blocks' in enough.plan(large)).toBe(true);
      const loaded = await load(enough, large);
      expect(await codeOf(loaded.run(driverRun(short)))).toBe('resolved');
    });
    test('is refused by load as plan says', async () => {
      const opened = await driver('memoryMiB=1');
      expect(await codeOf(load(opened, large))).toBe('does-not-fit');
    });
    test('a run of as many rows as planned works, one more is refused before anything is allocated', async () => {
      const opened = await driver('rowsMax=6');
      const loaded = await load(opened, program);
      const of = (images: number) =>
        driverRun({ ...short, images: Uint32Array.from({ length: images }, (_, n) => n), chains: 2 });
      expect(await codeOf(loaded.run(of(3)))).toBe('resolved');
      expect(await codeOf(loaded.run(of(4)))).toBe('invalid-request');
    });
  });

  describe('runs', () => {
    test('start in call order and settle in it', async () => {
      const opened = await driver();
      const loaded = await load(opened, program);
      const events: string[] = [];
      const run = (name: string, sweeps: number) =>
        loaded
          .run(
            driverRun(
              { ...short, sweeps },
              { onProgress: (done) => void (done === 1 && events.push(`${name} starts`)) },
            ),
          )
          .then(() => events.push(`${name} settles`));
      await Promise.all([run('long', 400), run('short', 1)]);
      expect(events).toEqual(['long starts', 'long settles', 'short starts', 'short settles']);
    });
    test('are refused beyond the number in flight, and taken again afterwards', async () => {
      const opened = await driver();
      const loaded = await load(opened, program);
      const first = loaded.run(driverRun(short));
      const second = loaded.run(driverRun(short));
      expect(opened.profile.batch.inFlight).toBe(2);
      expect(await codeOf(loaded.run(driverRun(short)))).toBe('invalid-request');
      expect(await Promise.all([codeOf(first), codeOf(second)])).toEqual(['resolved', 'resolved']);
      expect(await codeOf(loaded.run(driverRun(short)))).toBe('resolved');
    });
    test('report every sweep once, in order', async () => {
      const loaded = await load(await driver(), program);
      const done: number[] = [];
      await loaded.run(driverRun(short, { onProgress: (sweeps) => done.push(sweeps) }));
      expect(done).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    });
    test('give sums as the caller wants them, an array each', async () => {
      const loaded = await load(await driver(), program);
      const request = { bank: 'b', observable: 'spin-sum', tie: -1 } as const;
      const readouts = (['sums', 'signs', 'both', 'sums'] as const).map((as) => ({ ...request, as }));
      const [sums, signs, both, again] = (await loaded.run(driverRun({ ...short, readouts }))).readouts;
      expect(Object.keys(sums ?? {})).toEqual(['sums']);
      expect(Object.keys(signs ?? {})).toEqual(['signs']);
      expect(both).toEqual({ ...sums, ...signs });
      expect(again).toEqual(sums);
      expect(again?.sums).not.toBe(sums?.sums);
    });
    test('do not write to their inputs', async () => {
      for (let seed = 0; seed < 20; seed++) {
        const random = randomProgram({ seed });
        const run = randomRun(random, seed);
        const before = structuredClone(run);
        const loaded = await load(await driver(), random);
        await loaded.run(driverRun(run));
        expect(run).toEqual(before);
      }
    });
    test('with gains that leave the range of the field are refused, and the device is usable afterwards', async () => {
      const loaded = await load(await driver(), program);
      expect(await codeOf(loaded.run(driverRun({ ...short, gains: { delta: 1e9 } })))).toBe('invalid-request');
      expect(await codeOf(loaded.run(driverRun({ ...short, gains: { delta: 1.5 } })))).toBe('resolved');
    });
    test('keep nothing of the gains of the run before', async () => {
      const results = async (...deltas: readonly number[]) => {
        const loaded = await load(await driver(), program);
        const found: unknown[] = [];
        for (const delta of deltas) found.push((await loaded.run(driverRun({ ...short, gains: { delta } }))).readouts);
        return found;
      };
      const [alone] = await results(0.1);
      const [strong, weak, again] = await results(1, 0.1, 0.1);
      expect([weak, again]).toEqual([alone, alone]);
      expect(strong).not.toEqual(weak);
    });
    test('a traced run gives the same as an untraced one, and waits for its listener', async () => {
      const loaded = await load(await driver(), program);
      let open = 0;
      let mostOpen = 0;
      const traced = await loaded.run(
        driverRun(short, {
          trace: async () => {
            mostOpen = Math.max(mostOpen, ++open);
            await soon(1);
            open--;
          },
        }),
      );
      expect(mostOpen).toBe(1);
      expect(traced.readouts).toEqual((await loaded.run(driverRun(short))).readouts);
    });
    test('fail with what a listener throws, and the next one runs', async () => {
      const loaded = await load(await driver(), program);
      const failing = loaded.run(
        driverRun(short, {
          trace: () => {
            throw new Error('listener');
          },
        }),
      );
      await expect(failing).rejects.toThrow('listener');
      expect(await codeOf(loaded.run(driverRun(short)))).toBe('resolved');
    });
  });

  describe('abort', () => {
    const reason = new Error('enough');
    const start = (loaded: { run(q: DriverRun): Promise<unknown> }, run = endless) => {
      const controller = new AbortController();
      return { controller, running: loaded.run(driverRun(run, { signal: controller.signal })) };
    };
    test('of a run at work rejects with the reason within the stated latency (10× allowed), and the next run is right', async () => {
      const opened = await driver();
      const loaded = await load(opened, program);
      const before = await loaded.run(driverRun(short));
      const { controller, running } = start(loaded);
      await soon();
      const at = threadMs();
      controller.abort(reason);
      await expect(running).rejects.toBe(reason);
      expect(threadMs() - at).toBeLessThan(10 * (opened.profile.cancel.latencyMs ?? Number.NaN));
      expect((await loaded.run(driverRun(short))).readouts).toEqual(before.readouts);
    });
    test('of a waiting run rejects at once; the one before it goes on', async () => {
      const loaded = await load(await driver(), program);
      let before = 'at work';
      const first = start(loaded);
      const settled = first.running.catch(() => {
        before = 'settled';
      });
      const { controller, running } = start(loaded);
      await soon(5);
      controller.abort(reason);
      await expect(running).rejects.toBe(reason);
      await soon(5);
      expect(before).toBe('at work');
      first.controller.abort(reason);
      await settled;
      expect(await codeOf(loaded.run(driverRun(short)))).toBe('resolved');
    });
    test('before the call rejects without running', async () => {
      const loaded = await load(await driver(), program);
      let sweeps = 0;
      const run = driverRun(short, { signal: AbortSignal.abort(reason), onProgress: () => sweeps++ });
      await expect(loaded.run(run)).rejects.toBe(reason);
      expect(sweeps).toBe(0);
    });
    test('ends a run whose trace listener never answers', async () => {
      const loaded = await load(await driver(), program);
      const controller = new AbortController();
      const running = loaded.run(
        driverRun(short, { signal: controller.signal, trace: () => new Promise<void>(() => {}) }),
      );
      await soon();
      controller.abort(reason);
      await expect(running).rejects.toBe(reason);
      expect(await codeOf(loaded.run(driverRun(short)))).toBe('resolved');
    });
    test('of a signal that outlives its runs leaves no listener behind', async () => {
      const loaded = await load(await driver(), program);
      const { signal } = new AbortController();
      const added = vi.spyOn(signal, 'addEventListener');
      const removed = vi.spyOn(signal, 'removeEventListener');
      await loaded.run(driverRun(short, { signal, trace: () => soon(1) }));
      expect(added.mock.calls.length).toBeGreaterThan(0);
      expect(removed.mock.calls.length).toBe(added.mock.calls.length);
    });
  });

  describe('the end', () => {
    test('close rejects runs at work and waiting, and later calls; it is idempotent and is no loss', async () => {
      const opened = await driver();
      const loaded = await load(opened, program);
      const running = [loaded.run(driverRun(endless)), loaded.run(driverRun(endless))];
      await soon();
      const closing = [opened.close(), opened.close()];
      expect(await Promise.all(running.map(codeOf))).toEqual(['device-closed', 'device-closed']);
      await Promise.all(closing);
      expect(await codeOf(loaded.run(driverRun(short)))).toBe('device-closed');
      expect(await codeOf(load(opened, program))).toBe('device-closed');
      expect(opened.lost.aborted).toBe(false);
    });
    test('close during load rejects the load', async () => {
      const opened = await driver();
      const loading = load(opened, program);
      await opened.close();
      expect(await codeOf(loading)).toBe('device-closed');
    });
    test('unload rejects runs of that program only, is idempotent, and the device goes on', async () => {
      const opened = await driver();
      const one = await load(opened, program);
      const other = await load(opened, program);
      const running = one.run(driverRun(endless));
      const waiting = other.run(driverRun(short));
      await soon();
      await Promise.all([one.unload(), one.unload()]);
      expect(await codeOf(running)).toBe('device-closed');
      expect(await codeOf(waiting)).toBe('resolved');
      expect(await codeOf(one.run(driverRun(short)))).toBe('device-closed');
      expect(await codeOf(other.run(driverRun(short)))).toBe('resolved');
    });
    test('an aborted load rejects with the reason', async () => {
      const opened = await driver();
      const reason = new Error('no');
      await expect(opened.load(program, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    });
    test('a released state cannot be resumed, a kept one can', async () => {
      const loaded = await load(await driver(), program);
      const { handle } = await loaded.run(driverRun({ ...short, keep: 'device' }));
      if (handle === undefined) throw new Error('no handle');
      const resume = driverRun({
        ...short,
        start: { kind: 'resume', handle, rows: Uint32Array.of(0) },
        sweepOffset: 8,
      });
      expect(await codeOf(loaded.run(resume))).toBe('resolved');
      handle.release();
      handle.release();
      expect(await codeOf(loaded.run(resume))).toBe('device-closed');
    });
  });
});
