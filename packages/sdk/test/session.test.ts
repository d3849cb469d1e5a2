/** A whole program on a device: stages, batches, order, conversions, and how a session ends early. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDevice } from '../src/device/open-device.ts';
import { nodeHostRuntime } from '../src/host-onnx/node.ts';
import type { Block } from '../src/program/program-json.ts';
import { runFixedLaw } from '../src/reference/index.ts';
import type { HostTensor } from '../src/session/host-runtime.ts';
import { Session } from '../src/session/session.ts';
import type { Progress, RunReport, SessionRunOptions } from '../src/session/session-options.ts';
import { type PackedSpins, packSpins, unpackSpins } from '../src/spins/packed-spins.ts';
import { randomProgram } from '../src/testing/random-program.ts';
import { testProfile } from '../src/testing/test-profile.ts';
import { Timeline } from '../src/timeline/timeline.ts';
import { type Script, ScriptedDriver, scriptedBackend } from './support/scripted-driver.ts';
import { mapShape, ScriptedHost, stagedProgram } from './support/staged-program.ts';

const program = stagedProgram();
const spins = 18;

function pixels(images: number): HostTensor & { dtype: 'u8' } {
  const data = Uint8Array.from({ length: images * spins }, (_, n) => (n * 97 + 13) % 256);
  return { dtype: 'u8', shape: [images, ...mapShape], data };
}

async function opened(script: Script = {}) {
  const driver = new ScriptedDriver(script);
  const device = await openDevice('scripted', { backends: [scriptedBackend(driver)] });
  const host = new ScriptedHost();
  return { driver, device, host, session: await Session.open(program, device, { host }) };
}

/** The same program stage by stage on the reference machine, all images at once. */
function byHand(images: HostTensor & { dtype: 'u8' }, o: { seed: bigint; imageOffset?: number }) {
  const n = images.shape[0] ?? 0;
  const z = Float32Array.from(images.data, (v) => v - 100);
  const run = (index: number, x: PackedSpins) =>
    runFixedLaw(program, {
      block: index,
      gains: { delta: 0.5 },
      images: Uint32Array.from({ length: n }, (_, i) => (o.imageOffset ?? 0) + i),
      inputs: { x },
      chains: 1,
      chainOffset: 0,
      sweeps: 6,
      burnIn: 1,
      stride: 1,
      sweepOffset: 0,
      temperatures: null,
      seed: o.seed,
      start: { kind: 'random' },
      keep: 'nothing',
      readouts: [{ bank: 's', observable: 'spin-sum', as: 'both', tie: 1 }],
    }).readouts[0];
  const y1 = run(
    3,
    packSpins(
      z.map((v) => (v >= 0 ? 1 : -1)),
      n,
      spins,
    ),
  )?.signs as PackedSpins;
  const second = run(
    9,
    packSpins(
      unpackSpins(y1).map((v) => -v),
      n,
      spins,
    ),
  );
  const y2 = second?.signs as PackedSpins;
  const logits = Float32Array.from(unpackSpins(y2), (v, i) => v + (z[i] ?? 0));
  return { y2, logits, sums: second?.sums };
}

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function failure(run: PromiseLike<unknown>): Promise<unknown> {
  return Promise.resolve(run).then(
    () => expect.unreachable('the run was accepted'),
    (e: unknown) => e,
  );
}

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

test('a session gives what its stages give one by one, whatever the batch, pipelined or block by block', async () => {
  const images = pixels(7);
  const expected = byHand(images, { seed: 42n, imageOffset: 5 });
  for (const blocks of ['all', 1] as const) {
    const { session } = await opened({ profile: testProfile({ residency: { blocks, reloadNs: null } }) });
    for (const batch of [1, 2, 7, 100]) {
      const report = await session.run(images, { seed: 42n, imageOffset: 5, batch, sums: ['y2'] });
      expect(report.outputs.y2).toEqual(expected.y2);
      expect(report.outputs.logits).toEqual({ dtype: 'f32', shape: [7, ...mapShape], data: expected.logits });
      expect([...(report.sums.y2 ?? [])]).toEqual([...(expected.sums ?? [])]);
    }
  }
});

test('a timeline goes to every call of every block; a device that fills none refuses it before a host stage runs', async () => {
  const timeline = new Timeline();
  const { session, driver, device } = await opened();
  const refused = await failure(session.run(pixels(2), { seed: 1n, timeline }));
  expect(refused).toMatchObject({ code: 'unsupported', feature: 'timeline' });
  expect(driver.asked.length).toBe(0);
  Object.assign(driver, { fillsTimelines: true });
  expect(device.fillsTimelines).toBe(true);
  await session.run(pixels(2), { seed: 1n, batch: 1, timeline });
  expect(driver.asked.map((q) => q.timeline)).toEqual([timeline, timeline, timeline, timeline]);
});

test('onnxruntime runs the host stages to the same outputs', async () => {
  const { device } = await opened();
  const session = await Session.open(program, device, { host: nodeHostRuntime() });
  const images = pixels(3);
  const report = await session.run(images, { seed: 1n });
  const expected = byHand(images, { seed: 1n });
  expect(report.outputs.y2).toEqual(expected.y2);
  expect(report.outputs.logits).toEqual({ dtype: 'f32', shape: [3, ...mapShape], data: expected.logits });
  await session.close();
});

test('the report has the schedule and the work of every block, and their sums', async () => {
  const { session } = await opened();
  const report = await session.run(pixels(5), {
    seed: 1n,
    batch: 2,
    sweeps: [4, 8],
    chains: 2,
    gains: { delta: [0.25, 0.5] },
  });
  const base = {
    chains: 2,
    stride: 1,
    updates: 0,
    synapticOperations: 5 * spins * spins,
    seconds: expect.any(Number),
    counters: expect.any(Object),
  };
  expect(report.blocks).toEqual([
    { ...base, id: 'first', index: 3, sweeps: 4, burnIn: 1, gains: { delta: 0.25 }, updates: 5 * 2 * 4 * spins },
    { ...base, id: 'second', index: 9, sweeps: 8, burnIn: 2, gains: { delta: 0.5 }, updates: 5 * 2 * 8 * spins },
  ]);
  expect(report).toMatchObject({ images: 5, sweeps: 12, updates: 5 * 2 * 12 * spins });
});

test('a block counts the time that it is on the device once, however many batches are there together', async () => {
  const { session } = await opened();
  const report = await session.run(pixels(24), { seed: 1n, batch: 1, sweeps: 40 });
  for (const { seconds } of report.blocks) {
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(report.seconds);
  }
});

test('a device that holds one block takes every batch through it before the next block is loaded', async () => {
  const reloads = (asked: readonly { readonly block: number }[]) =>
    asked.filter((q, n) => q.block !== asked[n - 1]?.block).length;
  const one = await opened({ profile: testProfile({ residency: { blocks: 1, reloadNs: null } }) });
  await one.session.run(pixels(8), { seed: 1n, batch: 1 });
  expect(one.driver.asked).toHaveLength(16);
  expect(reloads(one.driver.asked)).toBe(2);
  const all = await opened();
  await all.session.run(pixels(8), { seed: 1n, batch: 1 });
  expect(all.driver.asked).toHaveLength(16);
  expect(reloads(all.driver.asked)).toBeGreaterThan(2);
});

test('host stages overlap device work: with the device full, the next batch goes through its host stage', async () => {
  const { driver, host, session } = await opened();
  driver.hold();
  const run = session.run(pixels(12), { seed: 1n, batch: 1 });
  while (host.runs < 3 || driver.asked.length < 2) await after(1);
  expect([driver.inFlight, host.runs]).toEqual([2, 3]);
  driver.release();
  await run;
  expect(driver.inFlightMost).toBe(2);
});

test('images of another shape, dtype or count are refused with both sides of the difference', async () => {
  const { session } = await opened();
  const u8 = (images: number, shape: readonly number[]): HostTensor => ({
    dtype: 'u8',
    shape: [images, ...shape],
    data: new Uint8Array(images * shape.reduce((a, b) => a * b, 1)),
  });
  const wrongShape = await failure(session.run(u8(2, [1, 3, 6]), { seed: 1n }));
  expect(wrongShape).toMatchObject({ code: 'invalid-request', where: 'images "image".shape' });
  expect((wrongShape as Error).message).toContain('[2, 1, 3, 6]');
  expect((wrongShape as Error).message).toContain('[batch, 2, 3, 3]');
  const f32: HostTensor = { dtype: 'f32', shape: [1, ...mapShape], data: new Float32Array(spins) };
  expect(await failure(session.run(f32, { seed: 1n }))).toMatchObject({ where: 'images "image".dtype' });
  const short = { ...u8(2, mapShape), data: new Uint8Array(3) } as HostTensor;
  expect(await failure(session.run(short, { seed: 1n }))).toMatchObject({ where: 'images "image".data.length' });
  expect(await failure(session.run([], { seed: 1n }))).toMatchObject({ where: 'images.length' });
  expect(await failure(session.run(3, { seed: 1n }))).toMatchObject({ where: 'images' });
  const none = await failure(session.run(u8(0, mapShape), { seed: 1n }));
  expect(none).toMatchObject({ where: 'images "image".shape[0]', message: expect.stringContaining('at least one') });
  await session.run(u8(2, mapShape), { seed: 1n });
});

test('options are for all blocks, one per block or by id; what fits no block is refused by name', async () => {
  const { driver, session } = await opened();
  const sweepsOf = async (sweeps: SessionRunOptions['sweeps']): Promise<readonly number[]> => {
    const before = driver.asked.length;
    await session.run(pixels(1), { seed: 1n, burnIn: 0, ...(sweeps === undefined ? {} : { sweeps }) });
    return driver.asked.slice(before).map((q) => q.sweeps);
  };
  expect(await sweepsOf(undefined)).toEqual([6, 6]);
  expect(await sweepsOf(3)).toEqual([3, 3]);
  expect(await sweepsOf([3, 4])).toEqual([3, 4]);
  expect(await sweepsOf({ second: 2 })).toEqual([6, 2]);
  const refused: readonly (readonly [string, Partial<SessionRunOptions>])[] = [
    ['sweeps', { sweeps: [1, 2, 3] }],
    ['sweeps.third', { sweeps: { third: 1 } }],
    ['gains.gamma', { gains: { gamma: 1 } }],
    ['sums', { sums: ['y3'] }],
    ['seed', { seed: -1n }],
    ['batch', { batch: 0 }],
    ['deadlineMs', { deadlineMs: -1 }],
    ['imageOffset', { imageOffset: 2 ** 32 }],
  ];
  for (const [where, o] of refused) {
    expect(await failure(session.run(pixels(1), { seed: 1n, ...o }))).toMatchObject({ code: 'invalid-request', where });
  }
  const conditional = await session.run(pixels(1), {
    seed: 1n,
    readout: 'conditional-sum',
    start: 'feed-forward',
    sums: ['y1'],
  });
  expect(driver.asked.at(-1)).toMatchObject({
    readouts: [{ observable: 'conditional-sum' }],
    start: { kind: 'feed-forward' },
  });
  expect(conditional.sums.y1).toHaveLength(spins);
});

test('a float that feeds a pinned bank is +1 at ±0 and above, −1 below, and NaN blames its stage', async () => {
  const { driver, host, session } = await opened();
  const code = Float32Array.from({ length: spins }, (_, n) => [0, -0, 1e-30, -1e-30, 5, -5][n % 6] ?? 0);
  host.answer = (stage) => (stage === 'encoder' ? [{ dtype: 'f32', shape: [1, ...mapShape], data: code }] : undefined);
  await session.run(pixels(1), { seed: 1n });
  const { x } = driver.asked[0]?.inputs ?? {};
  expect([...unpackSpins(x as PackedSpins)].slice(0, 6)).toEqual([1, 1, 1, -1, 1, -1]);
  code[4] = Number.NaN;
  expect(await failure(session.run(pixels(1), { seed: 1n }))).toMatchObject({ code: 'host-stage', where: 'encoder' });
});

test('a host stage that fails or gives something else is a HostStageError with the stage and the cause', async () => {
  const { host, session } = await opened();
  const cause = new Error('out of tensors');
  host.answer = (stage) => {
    if (stage === 'middle') throw cause;
    return undefined;
  };
  expect(await failure(session.run(pixels(1), { seed: 1n }))).toMatchObject({
    code: 'host-stage',
    where: 'middle',
    cause,
  });
  const wrong: readonly (readonly HostTensor[])[] = [
    [],
    [{ dtype: 'f32', shape: [2, ...mapShape], data: new Float32Array(2 * spins) }],
    [{ dtype: 'u8', shape: [1, ...mapShape], data: new Uint8Array(spins) }],
  ];
  for (const answer of wrong) {
    host.answer = (stage) => (stage === 'middle' ? answer : undefined);
    expect(await failure(session.run(pixels(1), { seed: 1n }))).toMatchObject({ code: 'host-stage', where: 'middle' });
  }
  host.answer = undefined;
  await session.run(pixels(1), { seed: 1n });
});

test('progress never goes back and ends complete; whoever iterates also learns of the failure', async () => {
  const { session, host } = await opened({ runMs: 1 });
  const seen: Progress[] = [];
  const run = session.run(pixels(9), { seed: 1n, batch: 2 });
  for await (const progress of run) seen.push(progress);
  const report: RunReport = await run;
  expect(report.images).toBe(9);
  expect(seen.length).toBeGreaterThan(5);
  expect(seen.at(-1)).toMatchObject({ images: 9, imagesDone: 9, fraction: 1, stage: 'decoder' });
  for (const [n, progress] of seen.entries()) {
    expect(progress.fraction).toBeGreaterThanOrEqual(seen[n - 1]?.fraction ?? 0);
    expect(progress.imagesDone).toBeGreaterThanOrEqual(seen[n - 1]?.imagesDone ?? 0);
  }
  host.answer = () => {
    throw new Error('no');
  };
  const iterate = async (): Promise<void> => {
    for await (const _ of session.run(pixels(9), { seed: 1n, batch: 2 }));
  };
  expect(await failure(iterate())).toMatchObject({ code: 'host-stage' });
});

test('an abort or a deadline rejects at once, in a host stage as on the device, and the session goes on', async () => {
  const { driver, host, session } = await opened({ settleMs: 200 });
  for (const held of [host, driver]) {
    held.hold();
    const control = new AbortController();
    const run = failure(session.run(pixels(4), { seed: 1n, batch: 1, signal: control.signal }));
    await after(5);
    const start = performance.now();
    control.abort('enough');
    expect(await run).toBe('enough');
    expect(performance.now() - start).toBeLessThan(100);
    const late = session.run(pixels(4), { seed: 1n, batch: 1, deadlineMs: 10 });
    expect(await failure(late)).toMatchObject({ code: 'deadline-exceeded' });
    held.release();
  }
  const report = await session.run(pixels(4), { seed: 1n });
  expect(report.outputs.y2).toEqual(byHand(pixels(4), { seed: 1n }).y2);
});

test('a lost device ends a session’s run even while a host stage is running', async () => {
  const { driver, host, session } = await opened();
  host.hold();
  const run = failure(session.run(pixels(1), { seed: 1n }));
  await after(1);
  driver.lose();
  expect(await run).toMatchObject({ code: 'device-lost' });
  host.release();
  await session.close();
  expect(host.open).toBe(0);
});

test('close ends runs with DeviceClosedError, unloads stages and blocks, and leaves the device open', async () => {
  const { driver, device, host, session } = await opened({ runMs: 20 });
  expect(host.open).toBe(3);
  const run = failure(session.run(pixels(4), { seed: 1n, batch: 1 }));
  await after(1);
  await Promise.all([session.close(), session.close()]);
  expect(await run).toMatchObject({ code: 'device-closed' });
  expect([host.open, host.running, driver.unloads]).toEqual([0, 0, 1]);
  expect(await failure(session.run(pixels(1), { seed: 1n }))).toMatchObject({ code: 'device-closed' });
  await (await Session.open(program, device, { host })).run(pixels(1), { seed: 1n });
});

test('an open that fails leaves nothing open', async () => {
  const driver = new ScriptedDriver({
    misfits: [{ limit: 'spins.max', needed: 2, available: 1, where: 'stages[1]', remedies: [] }],
  });
  const device = await openDevice('scripted', { backends: [scriptedBackend(driver)] });
  const host = new ScriptedHost();
  expect(await failure(Session.open(program, device, { host }))).toMatchObject({ code: 'does-not-fit' });
  expect(host.open).toBe(0);
  expect(await failure(Session.open(program, device))).toMatchObject({ code: 'invalid-request', where: 'host' });
  const failing = { load: () => Promise.reject(new Error('bad graph')) };
  expect(await failure(Session.open(program, device, { host: failing }))).toMatchObject({
    code: 'host-stage',
    where: 'encoder',
  });
});

test('outputs and sums beyond the limit are refused before any stage runs', async () => {
  // Per image: 18 float32, one word of signs, and 18 float64 sums.
  const bytes = 3 * (18 * 4 + 4 + 18 * 8);
  const open = async (resultBytesMax: number) => {
    const backends = [scriptedBackend(new ScriptedDriver())];
    const host = new ScriptedHost();
    const device = await openDevice('scripted', { backends, limits: { resultBytesMax } });
    return { host, session: await Session.open(program, device, { host }) };
  };
  const exact = await open(bytes);
  await exact.session.run(pixels(3), { seed: 1n, sums: ['y1'], batch: 1 });
  const short = await open(bytes - 1);
  const refused = await failure(short.session.run(pixels(3), { seed: 1n, sums: ['y1'], batch: 1 }));
  expect(refused).toMatchObject({ code: 'invalid-request', where: 'images' });
  expect(short.host.runs).toBe(0);
});

test('a program without inputs takes a count of images, and no more', async () => {
  const glass = randomProgram({ seed: 30, freeSpinsMax: 10, pinnedSpinsMax: 0 });
  const block = glass.json.stages.find((stage): stage is Block => stage.kind === 'block');
  const readout = block?.readouts.find((r) => r.observable !== 'state');
  const name = readout?.signs ?? `${block?.id}.${readout?.id}`;
  const driver = new ScriptedDriver();
  const device = await openDevice('scripted', { backends: [scriptedBackend(driver)] });
  const session = await Session.open(glass, device);
  const report = await session.run(6, { seed: 3n, sums: [name] });
  expect(report.images).toBe(6);
  expect(Object.keys(report.sums)).toEqual([name]);
  expect(await failure(session.run(0, { seed: 3n }))).toMatchObject({ where: 'images' });
  expect(await failure(session.run([pixels(1)], { seed: 3n }))).toMatchObject({ where: 'images.length' });
});
