/** What plain JavaScript can pass as a whole argument: each refused by name, next to the nearest that is accepted. */
import { expect, test } from 'vitest';
import { listDevices } from '../src/backends/list-devices.ts';
import type { Backend, Driver } from '../src/contract/driver.ts';
import { openDevice } from '../src/device/open-device.ts';
import { nodeHostRuntime } from '../src/host-onnx/node.ts';
import { webHostRuntime } from '../src/host-onnx/web.ts';
import { silentLogger } from '../src/logging/logger.ts';
import type { HostTensor } from '../src/session/host-runtime.ts';
import { Session } from '../src/session/session.ts';
import { emptySpins } from '../src/spins/packed-spins.ts';
import { testProfile } from '../src/testing/test-profile.ts';
import { ScriptedDriver, scriptedBackend } from './support/scripted-driver.ts';
import { mapShape, ScriptedHost, stagedProgram } from './support/staged-program.ts';

const program = stagedProgram();
const backend = scriptedBackend(new ScriptedDriver());
const signal = new AbortController().signal;
const images: HostTensor = { dtype: 'u8', shape: [1, ...mapShape], data: new Uint8Array(18) };

type Call = (...args: readonly never[]) => unknown;
type Case = readonly [where: string, refused: readonly unknown[], accepted: readonly unknown[]];

async function device() {
  return openDevice('scripted', { backends: [scriptedBackend(new ScriptedDriver())] });
}

async function check(call: Call, cases: readonly Case[]): Promise<void> {
  const made = async (args: readonly unknown[]) => await call(...(args as readonly never[]));
  for (const [where, refused, accepted] of cases) {
    await expect(made(refused), where).rejects.toMatchObject({ code: 'invalid-request', where });
    await made(accepted);
  }
}

test('openDevice and listDevices name the argument that is wrong', async () => {
  const backends = [backend];
  await check(openDevice, [
    ['uri', [undefined, { backends }], ['scripted', { backends }]],
    ['uri', [7, { backends }], ['scripted', { backends }]],
    ['options', ['scripted', null], ['scripted', { backends }]],
    ['backend', ['scripted', { backends, backend }], ['scripted', { backends }]],
    ['backends', ['scripted', { backends: backend }], ['scripted', { backends }]],
    ['backends[1]', ['scripted', { backends: [backend, {}] }], ['scripted', { backends: [backend, backend] }]],
    ['signal', ['scripted', { backends, signal: {} }], ['scripted', { backends, signal }]],
    ['logger', ['scripted', { backends, logger: console }], ['scripted', { backends, logger: silentLogger }]],
    ['limits', ['scripted', { backends, limits: 5 }], ['scripted', { backends, limits: {} }]],
    ['bytes', ['scripted', { backends, limits: { bytes: 5 } }], ['scripted', { backends, limits: { bytesMax: 5 } }]],
    [
      'limits.bytesMax',
      ['scripted', { backends, limits: { bytesMax: '5' } }],
      ['scripted', { backends, limits: { bytesMax: 5 } }],
    ],
  ]);
  await check(listDevices, [
    ['options', [null], [{ backends }]],
    ['backends', [{ backends: backend }], [{ backends }]],
    ['signal', [{ signal: {} }], [{ signal }]],
  ]);
});

test('a device takes programs only, and options that it knows', async () => {
  const on = await device();
  await check(on.plan.bind(on), [['program', [program.json], [program]]]);
  await check(on.load.bind(on), [
    ['program', [undefined], [program]],
    ['options', [program, null], [program]],
    ['signal', [program, { signal: {} }], [program, { signal }]],
  ]);
  const loaded = await on.load(program);
  const run = { block: 3, images: 1, inputs: { x: emptySpins(1, 18) }, seed: 1n };
  await check(loaded.run.bind(loaded), [
    ['request', [undefined], [run]],
    ['sweps', [{ ...run, sweps: 3 }], [{ ...run, sweeps: 3 }]],
    ['signal', [{ ...run, signal: null }], [{ ...run, signal }]],
    ['deadlineMs', [{ ...run, deadlineMs: '60000' }], [{ ...run, deadlineMs: 60_000 }]],
    ['readouts[0]', [{ ...run, readouts: [null] }], [{ ...run, readouts: [] }]],
  ]);
});

test('a session names the argument that is wrong, and an option that it does not know is not ignored', async () => {
  const on = await device();
  const host = new ScriptedHost();
  await check(Session.open, [
    ['program', [undefined, on, { host }], [program, on, { host }]],
    ['device', [program, {}, { host }], [program, on, { host }]],
    ['options', [program, on, null], [program, on, { host }]],
    ['host', [program, on, { host: {} }], [program, on, { host }]],
    ['signal', [program, on, { host, signal: {} }], [program, on, { host, signal }]],
    ['logger', [program, on, { host, logger: {} }], [program, on, { host, logger: silentLogger }]],
  ]);
  const session = await Session.open(program, on, { host });
  const good = { seed: 1n };
  await check(session.run.bind(session), [
    ['options', [images], [images, good]],
    ['delta', [images, { ...good, delta: 0.2 }], [images, { ...good, gains: { delta: 0.2 } }]],
    ['gains', [images, { ...good, gains: 0.2 }], [images, { ...good, gains: {} }]],
    ['sweeps', [images, { ...good, sweeps: true }], [images, { ...good, sweeps: 6 }]],
    ['sweeps', [images, { ...good, sweeps: null }], [images, { ...good, sweeps: undefined }]],
    ['readout', [images, { ...good, readout: 'state' }], [images, { ...good, readout: 'spin-sum' }]],
    ['start', [images, { ...good, start: 'given' }], [images, { ...good, start: 'random' }]],
    ['sums', [images, { ...good, sums: 'y2' }], [images, { ...good, sums: ['y2'] }]],
    ['signal', [images, { ...good, signal: {} }], [images, { ...good, signal }]],
  ]);
});

test('host runtimes refuse a number of threads that no machine has', async () => {
  for (const runtime of [nodeHostRuntime, webHostRuntime]) {
    await check(runtime, [
      ['options', [3], [{}]],
      ['threads', [{ threads: -1 }], [{ threads: 1 }]],
    ]);
  }
});

test('what a driver’s methods answer is checked: the fault is the driver’s, by the method’s name', async () => {
  const broken = (change: Partial<Driver>): Backend => {
    const driver = new ScriptedDriver();
    const { lost, profile } = driver;
    const own = { plan: driver.plan.bind(driver), load: driver.load.bind(driver), close: driver.close.bind(driver) };
    return { ...backend, open: async () => ({ lost, profile, ...own, ...change }) };
  };
  const nothing = undefined as never;
  const whole = await openDevice('scripted', { backends: [broken({})] });
  await whole.load(program);
  const opening = openDevice('scripted', { backends: [{ ...backend, open: async () => nothing }] });
  await expect(opening).rejects.toMatchObject({ code: 'backend', where: 'open()' });
  const planless = await openDevice('scripted', { backends: [broken({ plan: () => ({}) as never })] });
  await expect(planless.load(program)).rejects.toMatchObject({ code: 'backend', where: 'plan()' });
  const loadless = await openDevice('scripted', { backends: [broken({ load: async () => nothing })] });
  await expect(loadless.load(program)).rejects.toMatchObject({ code: 'backend', where: 'load()' });
  const driver = new ScriptedDriver({ answer: () => nothing });
  const on = await (await openDevice('scripted', { backends: [scriptedBackend(driver)] })).load(program);
  const run = on.run({ block: 3, images: 1, inputs: { x: emptySpins(1, 18) }, seed: 1n });
  await expect(run).rejects.toMatchObject({ code: 'backend', where: 'run()' });
});

test('a device whose profile openDevice would refuse is listed as unavailable, with the fault', async () => {
  const listed = async (profile: object) => {
    const info = { uri: 'scripted', label: 'x', available: true, profile } as never;
    const [first] = await listDevices({ backends: [{ ...backend, enumerate: async () => [info] }] });
    return first;
  };
  expect(await listed(testProfile())).toMatchObject({ available: true });
  const { spins: _spins, ...rest } = testProfile();
  expect(await listed(rest)).toMatchObject({ available: false, reason: expect.stringContaining('spins') });
});

test('a loss says the driver’s own reason', async () => {
  const driver = new ScriptedDriver();
  const on = await openDevice('scripted', { backends: [scriptedBackend(driver)] });
  driver.lose(new Error('cable pulled'));
  await expect(on.load(program)).rejects.toMatchObject({
    code: 'device-lost',
    message: expect.stringContaining('cable'),
  });
});
