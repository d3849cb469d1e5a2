/** What a device does when something ends early: abort, deadline, loss, closing, a driver at fault (architecture section 3). */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DriverResult } from '../src/contract/driver.ts';
import type { Device } from '../src/device/device.ts';
import type { DeviceProgram } from '../src/device/device-program.ts';
import { openDevice } from '../src/device/open-device.ts';
import type { RunRequest } from '../src/device/run-request.ts';
import { DeviceBusyError, isIsinglassError } from '../src/errors/isinglass-error.ts';
import type { Program } from '../src/program/program.ts';
import { randomProgram } from '../src/testing/random-program.ts';
import { testProfile } from '../src/testing/test-profile.ts';
import { type Script, ScriptedDriver, scriptedBackend } from './support/scripted-driver.ts';

const program: Program = randomProgram({ seed: 8, freeSpinsMax: 8, pinnedSpinsMax: 0 });
const block = program.json.stages.find((stage) => stage.kind === 'block')?.index ?? -1;
const request: RunRequest = { block, images: 4, chains: 1, seed: 1n };

async function loaded(script: Script = {}): Promise<{ driver: ScriptedDriver; device: Device; on: DeviceProgram }> {
  const driver = new ScriptedDriver(script);
  const device = await openDevice('scripted', { backends: [scriptedBackend(driver)] });
  return { driver, device, on: await device.load(program) };
}

/** Milliseconds until the promise rejects, and its reason; a fulfilled promise is a failure. */
async function rejection(promise: Promise<unknown>): Promise<{ ms: number; reason: unknown }> {
  const start = performance.now();
  const reason = await promise.then(
    () => expect.unreachable('the promise was fulfilled'),
    (e: unknown) => e,
  );
  return { ms: performance.now() - start, reason };
}

async function rejectedCode(promise: Promise<unknown>): Promise<string> {
  const { reason } = await rejection(promise);
  return isIsinglassError(reason) ? reason.code : String(reason);
}

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const unhandled: unknown[] = [];
const noteUnhandled = (reason: unknown): void => void unhandled.push(reason);
beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', noteUnhandled);
});
afterEach(async () => {
  await after(5);
  process.off('unhandledRejection', noteUnhandled);
  expect(unhandled).toEqual([]);
});

test('an abort at any moment rejects within 100 ms with the signal’s reason, though the driver takes longer to stop', async () => {
  for (const abortAtMs of [0, 1, 5, 20]) {
    const { driver, on } = await loaded({ runMs: 60, settleMs: 200 });
    const control = new AbortController();
    const reason = new Error(`changed my mind after ${abortAtMs} ms`);
    const run = on.run({ ...request, signal: control.signal });
    await after(abortAtMs);
    const settled = rejection(run);
    control.abort(reason);
    const { ms, reason: got } = await settled;
    expect(got).toBe(reason);
    expect(ms).toBeLessThan(100);
    expect(driver.inFlight).toBe(1);
    expect(driver.asked[0]?.signal.reason).toBe(reason);
    // The device is usable afterwards.
    const again = await on.run(request);
    expect(again.readouts).toEqual((await on.run(request)).readouts);
  }
});

test('an answer that comes after the abort is dropped, and the state that it kept is released', async () => {
  const { driver, on } = await loaded({ runMs: 10, deaf: true });
  const control = new AbortController();
  const run = rejection(on.run({ ...request, keep: 'device', signal: control.signal }));
  control.abort('no');
  expect(await run).toMatchObject({ reason: 'no' });
  while (driver.inFlight > 0) await after(1);
  expect(driver.handles).toBe(0);
  // Control: a run that is not aborted keeps it.
  const kept = await on.run({ ...request, keep: 'device' });
  expect(driver.handles).toBe(1);
  kept.handle?.release();
});

test('a signal that is aborted already rejects before the driver hears of the run', async () => {
  const { driver, on } = await loaded();
  const { reason } = await rejection(on.run({ ...request, signal: AbortSignal.abort('no') }));
  expect(reason).toBe('no');
  expect(driver.asked).toHaveLength(0);
});

test('a slot is held until the driver settles: never more than inFlight runs are unsettled', async () => {
  const { driver, on } = await loaded({ runMs: 5, settleMs: 100, profile: testProfile({ batch: { inFlight: 1 } }) });
  const control = new AbortController();
  const aborted = on.run({ ...request, signal: control.signal });
  const next = on.run(request);
  control.abort();
  await rejection(aborted);
  expect(driver.asked).toHaveLength(1);
  await next;
  expect(driver.inFlightMost).toBe(1);
  expect(driver.asked).toHaveLength(2);
});

test('a run that is aborted while it waits in the queue never reaches the driver', async () => {
  const { driver, on } = await loaded({ profile: testProfile({ batch: { inFlight: 1 } }) });
  driver.hold();
  const first = on.run(request);
  const control = new AbortController();
  const second = on.run({ ...request, signal: control.signal });
  control.abort();
  // Here, with the first run still held: nothing but the abort can have ended it.
  await rejection(second);
  expect(driver.inFlight).toBe(1);
  driver.release();
  await first;
  await on.run(request);
  expect(driver.asked).toHaveLength(2);
});

test('a run past its deadline rejects with DeadlineExceededError, one that is done in time does not', async () => {
  const { driver, on } = await loaded({ settleMs: 100 });
  driver.hold();
  const { reason } = await rejection(on.run({ ...request, deadlineMs: 10 }));
  expect(reason).toMatchObject({ code: 'deadline-exceeded' });
  // The caller knows before the driver has stopped.
  expect(driver.inFlight).toBe(1);
  driver.release();
  await on.run({ ...request, deadlineMs: 10_000 });
});

test('time in the queue counts towards the deadline', async () => {
  const { driver, on } = await loaded({ profile: testProfile({ batch: { inFlight: 1 } }) });
  driver.hold();
  const first = on.run(request);
  expect(await rejectedCode(on.run({ ...request, deadlineMs: 10 }))).toBe('deadline-exceeded');
  driver.release();
  await first;
});

test('a lost device fails what is in flight and in the queue, and hangs nothing', async () => {
  const { driver, device, on } = await loaded({ profile: testProfile({ batch: { inFlight: 1 } }) });
  driver.hold();
  const runs = [on.run(request), on.run(request), on.run(request)];
  await after(1);
  driver.lose();
  for (const run of runs) {
    const { reason } = await rejection(run);
    expect(reason).toMatchObject({ code: 'device-lost', message: 'the cable was pulled' });
  }
  expect(device.lost.aborted).toBe(true);
  expect(await rejectedCode(on.run(request))).toBe('device-lost');
  expect(await rejectedCode(device.load(program))).toBe('device-lost');
  await on.unload();
  const start = performance.now();
  await device.close();
  expect(performance.now() - start).toBeLessThan(1500);
});

test('a loss for a reason of the driver’s own is still a DeviceLostError', async () => {
  const { driver, device, on } = await loaded();
  driver.hold();
  const run = on.run(request);
  driver.lose('smoke');
  const { reason } = await rejection(run);
  expect(reason).toMatchObject({ code: 'device-lost', cause: 'smoke' });
  expect(device.lost.reason).toBe(reason);
});

test('close during runs settles every run with DeviceClosedError, and is idempotent', async () => {
  const { driver, device, on } = await loaded({
    runMs: 50,
    settleMs: 20,
    profile: testProfile({ batch: { inFlight: 1 } }),
  });
  const runs = [on.run(request), on.run(request), on.run(request)];
  await after(1);
  const settled = Promise.all(runs.map(rejectedCode));
  const closing = Promise.all([device.close(), device.close()]);
  expect(await settled).toEqual(['device-closed', 'device-closed', 'device-closed']);
  await closing;
  expect(driver.closes).toBe(1);
  expect(await rejectedCode(on.run(request))).toBe('device-closed');
  expect(await rejectedCode(device.load(program))).toBe('device-closed');
  expect(device.lost.aborted).toBe(false);
  await on.unload();
});

test('unload ends the program’s runs, waits for the driver and leaves the device to others', async () => {
  const { driver, device, on } = await loaded({ runMs: 50, settleMs: 30 });
  const other = await device.load(program);
  const run = rejectedCode(on.run(request));
  await after(1);
  const unloading = on.unload();
  expect(await run).toBe('device-closed');
  expect(driver.unloads).toBe(0);
  await unloading;
  expect(driver.unloads).toBe(1);
  expect(await rejectedCode(on.run(request))).toBe('device-closed');
  await other.run(request);
});

test('what a driver throws is a BackendError with the cause; a typed error passes as it is', async () => {
  const bug = new TypeError('undefined is not a spin');
  const failing = await loaded({ answer: () => Promise.reject(bug) });
  const { reason } = await rejection(failing.on.run(request));
  expect(reason).toMatchObject({ code: 'backend', cause: bug });
  const busy = new DeviceBusyError('someone else');
  const typed = await loaded({
    answer: () => {
      throw busy;
    },
  });
  expect((await rejection(typed.on.run(request))).reason).toBe(busy);
});

test('one part that fails ends the run: no further part starts and kept states are released', async () => {
  const { driver, on } = await loaded({
    blockPlan: { bytesPerRow: 1, rowsMax: 1, rowsPreferred: 1 },
    profile: testProfile({ batch: { inFlight: 1 } }),
    answer: (q, machine) => {
      if (q.images[0] === 2) throw new Error('image 2 is cursed');
      return machine();
    },
  });
  expect(await rejectedCode(on.run({ ...request, images: 10, keep: 'device' }))).toBe('backend');
  expect(driver.asked).toHaveLength(3);
  await after(1);
  expect(driver.handles).toBe(0);
});

test('an answer of the wrong form is the driver’s fault and never merged', async () => {
  const wrong: Record<string, (result: DriverResult) => DriverResult> = {
    'readouts[0].sums': (r) => ({ ...r, readouts: r.readouts.map(() => ({ sums: new Int32Array(1) })) }),
    readouts: (r) => ({ ...r, readouts: [] }),
    handle: ({ readouts, counters }) => ({ readouts, counters }),
  };
  for (const [place, spoil] of Object.entries(wrong)) {
    const { on } = await loaded({ answer: (_, machine) => spoil(machine()) });
    const { reason } = await rejection(on.run({ ...request, keep: 'device' }));
    expect(reason).toMatchObject({ code: 'backend', where: place });
  }
  const { on } = await loaded({ answer: (_, machine) => machine() });
  (await on.run({ ...request, keep: 'device' })).handle?.release();
});

test('what a progress or trace listener throws ends the run as it is', async () => {
  const { on } = await loaded();
  const mine = new Error('mine');
  const fail = (): never => {
    throw mine;
  };
  expect((await rejection(on.run({ ...request, onProgress: fail }))).reason).toBe(mine);
  expect((await rejection(on.run({ ...request, trace: fail }))).reason).toBe(mine);
  expect((await rejection(on.run({ ...request, trace: async () => fail() }))).reason).toBe(mine);
  await on.run({ ...request, onProgress: () => {}, trace: () => {} });
});

test('progress counts rows and sweeps over all parts, never back, and ends complete', async () => {
  const { on } = await loaded({ blockPlan: { bytesPerRow: 1, rowsMax: 3, rowsPreferred: 3 } });
  const seen: { sweepsDone: number; rowsDone: number; sweeps: number; rows: number }[] = [];
  await on.run({ ...request, images: 7, sweeps: 6, onProgress: (progress) => seen.push(progress) });
  expect(seen.at(-1)).toEqual({ sweepsDone: 6, sweeps: 6, rowsDone: 7, rows: 7 });
  seen.slice(1).forEach((p, n) => {
    expect(p.sweepsDone).toBeGreaterThanOrEqual(seen[n]?.sweepsDone ?? 0);
    expect(p.rowsDone).toBeGreaterThanOrEqual(seen[n]?.rowsDone ?? 0);
  });
});

/** Counts the listeners that are on a signal. */
function counted(signal: AbortSignal): { readonly listeners: () => number } {
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners++;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners--;
    remove(...args);
  };
  return { listeners: () => listeners };
}

test('no listener stays on the caller’s signal or the driver’s over 1,000 runs', async () => {
  const driver = new ScriptedDriver();
  const onLost = counted(driver.lost);
  const device = await openDevice('scripted', { backends: [scriptedBackend(driver)] });
  const onDeviceLost = counted(device.lost);
  const on = await device.load(program);
  const { signal } = new AbortController();
  const onSignal = counted(signal);
  const before = onLost.listeners();
  for (let n = 0; n < 100; n++) {
    await Promise.all(
      Array.from({ length: 10 }, () => on.run({ ...request, images: 1, sweeps: 1, burnIn: 0, signal })),
    );
  }
  expect(driver.asked).toHaveLength(1000);
  expect(onSignal.listeners()).toBe(0);
  expect(onLost.listeners()).toBe(before);
  expect(onDeviceLost.listeners()).toBe(0);
  await device.close();
  expect(onLost.listeners()).toBe(0);
});

test('an open or a load that is aborted rejects at once, and what arrives late is closed again', async () => {
  const driver = new ScriptedDriver();
  const slow = { ...scriptedBackend(driver), open: () => after(50).then(() => driver) };
  const control = new AbortController();
  const opening = rejection(openDevice('scripted', { backends: [slow], signal: control.signal }));
  await after(5);
  control.abort('enough');
  expect(await opening).toMatchObject({ reason: 'enough' });
  await after(80);
  expect(driver.closes).toBe(1);

  const { device, driver: open } = await loaded();
  const load = open.load.bind(open);
  open.load = (p) => after(50).then(() => load(p));
  const again = new AbortController();
  const loading = rejection(device.load(program, { signal: again.signal }));
  again.abort('enough');
  expect(await loading).toMatchObject({ reason: 'enough' });
  await after(80);
  expect(open.unloads).toBe(1);
});
