import {
  type Driver,
  type DriverRun,
  isIsinglassError,
  type LoadedProgram,
  type Program,
  silentLogger,
} from '@isinglass/sdk';
import { digitalMachineProfile, MachineDriver } from '@isinglass/sdk/machine-driver';
import { convolutionProgram, driverRun, type RunData, randomProgram } from '@isinglass/sdk/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { bestVariant } from '../load-kernels.ts';
import { type FakeKind, fakeKind } from './fixtures/fake-kernels.ts';
import { openMachinesOf } from './open-kernel-machines.ts';

const program = convolutionProgram({ channels: 1, size: 4 });
const short: RunData = {
  block: 3,
  gains: { delta: 1 },
  images: Uint32Array.of(0),
  inputs: {},
  chains: 1,
  chainOffset: 0,
  sweeps: 5,
  burnIn: 0,
  stride: 1,
  sweepOffset: 0,
  temperatures: null,
  seed: 7n,
  start: { kind: 'random' },
  keep: 'nothing',
  readouts: [],
};
const endless: RunData = { ...short, sweeps: 1_000_000 };

const load = (driver: Driver, of: Program): Promise<LoadedProgram> => driver.load(of, {});

const profile = digitalMachineProfile({
  name: 'kernels',
  vendor: 'none',
  description: 'the machine over kernels that this test opens',
  accumulatorBits: 53,
  rowsMax: Number.POSITIVE_INFINITY,
  inFlight: 2,
  cancelMs: 10,
});

const open: MachineDriver[] = [];
async function driverOf(kind: FakeKind, memoryMiB = 8): Promise<MachineDriver> {
  const machines = await openMachinesOf(
    {
      memoryBytesMax: memoryMiB * 2 ** 20,
      rowsMax: Number.POSITIVE_INFINITY,
      threads: 2,
      simd: bestVariant() ?? 'baseline',
      uriWithMemory: (mebibytes) => `test?memoryMiB=${mebibytes}`,
    },
    kind,
  );
  const driver = new MachineDriver({ profile, machines, logger: silentLogger });
  open.push(driver);
  return driver;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((driver) => driver.close()));
});

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'resolved',
    (e: unknown) => (isIsinglassError(e) ? e.code : String(e)),
  );
}

const bytesUsed = (kind: FakeKind): number => kind.hosts.reduce((sum, { memory }) => sum + memory.bytesUsed, 0);

/** A run that has done its first sweeps, and how to abort it. */
async function startedRun(loaded: LoadedProgram, run: Partial<DriverRun> = {}) {
  const controller = new AbortController();
  const begun = Promise.withResolvers<void>();
  const onProgress = (done: number): void => void (done === 3 && begun.resolve());
  const running = loaded.run(driverRun({ ...endless, ...run }, { signal: controller.signal, onProgress }));
  running.catch(() => {});
  await begun.promise;
  return { running, controller };
}

describe('the machine of a block', () => {
  test('is for the fixed law: a program of the real law is a mistake of the backend that asks', async () => {
    const kind = fakeKind();
    const driver = await driverOf(kind);
    await load(driver, randomProgram({ seed: 1, law: 'fixed', forms: ['dense'] }));
    expect(kind.loads).toBe(1);
    await expect(load(driver, randomProgram({ seed: 1, law: 'real' }))).rejects.toThrow('not the real one');
    expect(kind.loads).toBe(1);
  });
  test('shares one memory and one set of threads with all blocks of its device, none with other devices', async () => {
    const kind = fakeKind();
    const first = await driverOf(kind);
    await load(first, program);
    await load(first, program);
    expect(kind.hosts.length).toBe(1);
    await load(await driverOf(kind), program);
    expect(new Set(kind.hosts.map(({ memory }) => memory)).size).toBe(2);
    expect(kind.hosts.map(({ workers }) => workers.size)).toEqual([2, 2]);
  });
});

describe('what a machine holds is freed', () => {
  test('by a run that ends well, except for the state that a handle keeps', async () => {
    const kind = fakeKind();
    const loaded = await load(await driverOf(kind), program);
    const before = bytesUsed(kind);
    const { handle } = await loaded.run(driverRun({ ...short, keep: 'device', chains: 3 }));
    expect(bytesUsed(kind)).toBe(before + 4096);
    handle?.release();
    expect(bytesUsed(kind)).toBe(before);
    expect(kind.counted).toEqual([5]);
  });
  test('by a run that is aborted at work, and the next run has the memory', async () => {
    const kind = fakeKind();
    const loaded = await load(await driverOf(kind), program);
    const before = bytesUsed(kind);
    const { running, controller } = await startedRun(loaded);
    expect(bytesUsed(kind)).toBe(before + 4096);
    controller.abort(new Error('enough'));
    expect(await codeOf(running)).toBe('Error: enough');
    expect(bytesUsed(kind)).toBe(before);
    expect(await codeOf(loaded.run(driverRun(short)))).toBe('resolved');
  });
  test('by a run whose listener throws', async () => {
    const kind = fakeKind();
    const loaded = await load(await driverOf(kind), program);
    const before = bytesUsed(kind);
    const failing = loaded.run(
      driverRun(short, {
        onProgress: () => {
          throw new Error('listener');
        },
      }),
    );
    expect(await codeOf(failing)).toBe('Error: listener');
    expect(bytesUsed(kind)).toBe(before);
  });
  test('by unload, with runs and handles of that program', async () => {
    const kind = fakeKind();
    const loaded = await load(await driverOf(kind), program);
    await loaded.run(driverRun({ ...short, keep: 'device' }));
    const { running } = await startedRun(loaded);
    await Promise.all([loaded.unload(), loaded.unload()]);
    expect(await codeOf(running)).toBe('device-closed');
    expect(bytesUsed(kind)).toBe(0);
  });
  test('by an aborted load, block by block', async () => {
    const kind = fakeKind();
    const driver = await driverOf(kind);
    await load(driver, program);
    const before = bytesUsed(kind);
    const controller = new AbortController();
    const blocks = randomProgram({ seed: 3, blocks: 2, forms: ['dense'] });
    const loading = driver.load(blocks, { signal: controller.signal });
    while (kind.loads < 2) await Promise.resolve();
    // The first block is loaded by now, the second one sees the signal.
    controller.abort(new Error('no'));
    expect(await codeOf(loading)).toBe('Error: no');
    expect(kind.loads).toBe(3);
    expect(bytesUsed(kind)).toBe(before);
  });
});

test('runs that together need more memory than there is are refused with the numbers, and smaller ones are not', async () => {
  const kind = fakeKind();
  const driver = await driverOf(kind, 1);
  const loaded = await load(driver, program);
  const others = await load(driver, program);
  const plan = driver.plan(program);
  if (!('blocks' in plan)) throw new Error('the program must fit');
  const rowsMax = plan.blocks[0]?.rowsMax ?? 0;
  expect(await codeOf(loaded.run(driverRun({ ...short, chains: rowsMax - 1 })))).toBe('resolved');
  // The other program's block takes what the last row would need.
  const full = loaded.run(driverRun({ ...short, chains: rowsMax }));
  await expect(full).rejects.toMatchObject({ code: 'does-not-fit' });
  await expect(full).rejects.toThrow(/needs 1\.0 MiB, available 1\.0 MiB of 1\.0 MiB; .*test\?memoryMiB=2/);
  await others.unload();
  expect(await codeOf(loaded.run(driverRun({ ...short, chains: rowsMax })))).toBe('resolved');
});

describe('a device whose thread dies', () => {
  test('is lost: what runs and what waits rejects with it, as does all that is asked later', async () => {
    const kind = fakeKind({ dieAt: 40 });
    const driver = await driverOf(kind);
    const loaded = await load(driver, program);
    const other = await load(driver, program);
    const lost = new Promise<unknown>((resolve) =>
      driver.lost.addEventListener('abort', () => resolve(driver.lost.reason), { once: true }),
    );
    const running = [loaded.run(driverRun(endless)), other.run(driverRun(short))];
    expect(await Promise.all(running.map(codeOf))).toEqual(['device-lost', 'device-lost']);
    expect(await lost).toMatchObject({ code: 'device-lost', message: expect.stringContaining('exit code 9') });
    expect(await codeOf(loaded.run(driverRun(short)))).toBe('device-lost');
    expect(await codeOf(other.run(driverRun(short)))).toBe('device-lost');
    expect(await codeOf(load(driver, program))).toBe('device-lost');
    expect(bytesUsed(kind)).toBe(2 * 4096);
  });
  test('can still be closed, and opened again', async () => {
    const driver = await driverOf(fakeKind({ dieAt: 2 }));
    const loaded = await load(driver, program);
    expect(await codeOf(loaded.run(driverRun(endless)))).toBe('device-lost');
    await Promise.all([driver.close(), driver.close()]);
    expect(await codeOf(load(driver, program))).toBe('device-closed');
    const again = await load(await driverOf(fakeKind()), program);
    expect(await codeOf(again.run(driverRun(short)))).toBe('resolved');
  });
  test('does not take other devices with it', async () => {
    const well = await load(await driverOf(fakeKind()), program);
    const { running, controller } = await startedRun(well);
    const ill = await load(await driverOf(fakeKind({ dieAt: 1 })), program);
    expect(await codeOf(ill.run(driverRun(short)))).toBe('device-lost');
    controller.abort(new Error('enough'));
    expect(await codeOf(running)).toBe('Error: enough');
    expect(await codeOf(well.run(driverRun(short)))).toBe('resolved');
  });
});

test('close of a device at work rejects its runs, frees everything and is no loss', async () => {
  const kind = fakeKind();
  const driver = await driverOf(kind);
  const loaded = await load(driver, program);
  const { running } = await startedRun(loaded);
  await driver.close();
  expect(await codeOf(running)).toBe('device-closed');
  expect(bytesUsed(kind)).toBe(0);
  expect(driver.lost.aborted).toBe(false);
});
