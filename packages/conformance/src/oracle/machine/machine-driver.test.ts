import { type DriverRun, isIsinglassError, type LoadedProgram, type Program } from '@isinglass/sdk';
import { describe, expect, test } from 'vitest';
import { undisguised } from '../../probes/disguise.ts';
import { gridProbe } from '../../probes/graphs.ts';
import { probeProgram } from '../../probes/probe-program.ts';
import { RandomStream } from '../../random/random-stream.ts';
import { FixedMachine } from '../fixed-machine.ts';
import { machineProfile } from './machine-profile.ts';

const probe = gridProbe(2, 3, new RandomStream(1n, 'machine-driver.test'));
const program: Program = probeProgram(probe, undisguised(probe, { layout: 'banks', form: 'dense' }), machineProfile(), {
  law: 'fixed',
});

const short: DriverRun = {
  block: 0,
  gains: {},
  images: Uint32Array.of(4, 9),
  inputs: {},
  chains: 3,
  chainOffset: 5,
  sweeps: 6,
  burnIn: 1,
  stride: 2,
  sweepOffset: 0,
  temperatures: null,
  seed: 77n,
  start: { kind: 'random' },
  keep: 'nothing',
  readouts: [
    { bank: 'a', observable: 'spin-sum', as: 'both', tie: -1 },
    { bank: 'b', observable: 'state', as: 'sums', tie: 1 },
  ],
  signal: new AbortController().signal,
};
const endless: DriverRun = { ...short, sweeps: 2 ** 31, readouts: [] };

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'resolved',
    (e: unknown) => (isIsinglassError(e) ? e.code : String(e)),
  );
}

const opened = async (): Promise<{ machine: FixedMachine; loaded: LoadedProgram }> => {
  const machine = new FixedMachine();
  return { machine, loaded: await machine.load(program, {}) };
};

/** A run that is under way, and its signal. */
async function running(loaded: LoadedProgram): Promise<{ run: Promise<unknown>; abort: AbortController }> {
  const abort = new AbortController();
  const begun = Promise.withResolvers<void>();
  const run = loaded.run({ ...endless, signal: abort.signal, onProgress: (t) => void (t === 3 && begun.resolve()) });
  run.catch(() => {});
  await begun.promise;
  return { run, abort };
}

describe('cancelling', () => {
  test('a run rejects with the reason of its signal, before and during, and the next run has the bits of a fresh one', async () => {
    const { loaded } = await opened();
    const before = await loaded.run(short);
    const { run, abort } = await running(loaded);
    abort.abort(new Error('enough'));
    expect(await codeOf(run)).toBe('Error: enough');
    expect(await codeOf(loaded.run({ ...short, signal: AbortSignal.abort(new Error('no')) }))).toBe('Error: no');
    expect(await loaded.run(short)).toEqual(before);
  });

  test('a trace listener that never answers does not keep an aborted run', async () => {
    const { loaded } = await opened();
    const abort = new AbortController();
    const run = loaded.run({ ...short, signal: abort.signal, trace: () => new Promise<void>(() => {}) });
    setTimeout(() => abort.abort(new Error('enough')), 5);
    expect(await codeOf(run)).toBe('Error: enough');
  });

  test('what a listener throws rejects the run', async () => {
    const { loaded } = await opened();
    const fail = (): never => {
      throw new Error('listener');
    };
    expect(await codeOf(loaded.run({ ...short, onProgress: fail }))).toBe('Error: listener');
    expect(await codeOf(loaded.run({ ...short, trace: fail }))).toBe('Error: listener');
    expect(await codeOf(loaded.run(short))).toBe('resolved');
  });
});

describe('closing', () => {
  test('close rejects what is in flight, is idempotent, and later calls are refused', async () => {
    const { machine, loaded } = await opened();
    const { run } = await running(loaded);
    await Promise.all([machine.close(), machine.close()]);
    expect(await codeOf(run)).toBe('device-closed');
    expect(await codeOf(loaded.run(short))).toBe('device-closed');
    expect(await codeOf(machine.load(program, {}))).toBe('device-closed');
    expect(await codeOf(loaded.unload())).toBe('resolved');
    expect(machine.lost.aborted).toBe(false);
  });

  test('unload ends the runs of its program only', async () => {
    const { machine, loaded } = await opened();
    const other = await machine.load(program, {});
    const { run } = await running(loaded);
    const { run: otherRun, abort } = await running(other);
    await Promise.all([loaded.unload(), loaded.unload()]);
    expect(await codeOf(run)).toBe('device-closed');
    abort.abort(new Error('enough'));
    expect(await codeOf(otherRun)).toBe('Error: enough');
    expect(await codeOf(other.run(short))).toBe('resolved');
  });

  test('a machine that dies aborts lost and rejects everything with device-lost', async () => {
    const { machine, loaded } = await opened();
    const { run } = await running(loaded);
    machine.lose('power cut');
    expect(await codeOf(run)).toBe('device-lost');
    expect(machine.lost.reason).toMatchObject({ code: 'device-lost', message: 'power cut' });
    expect(await codeOf(loaded.run(short))).toBe('device-lost');
    expect(await codeOf(machine.load(program, {}))).toBe('device-lost');
    expect(await codeOf(machine.close())).toBe('resolved');
  });
});

describe('going on', () => {
  const first: DriverRun = { ...short, sweeps: 4, burnIn: 0, stride: 4, keep: 'device' };
  const second = { ...short, sweeps: 3, burnIn: 0, stride: 3, sweepOffset: 4 };
  const rows = Uint32Array.from({ length: 6 }, (_, row) => row);

  test('4 sweeps resumed or given for 3 more are 7 sweeps', async () => {
    const { loaded } = await opened();
    const whole = await loaded.run({ ...short, sweeps: 7, burnIn: 0, stride: 7, keep: 'host' });
    const { handle } = await loaded.run(first);
    if (handle === undefined) throw new Error('no handle');
    const resumed = await loaded.run({ ...second, start: { kind: 'resume', handle, rows }, keep: 'host' });
    expect(resumed.readouts).toEqual(whole.readouts);
    expect(resumed.last).toEqual(whole.last);
    const { last = {} } = await loaded.run({ ...first, keep: 'host' });
    const given = await loaded.run({ ...second, start: { kind: 'given', states: last }, keep: 'host' });
    expect(given.last).toEqual(whole.last);
  });

  test('rows of a handle are taken in the order asked for', async () => {
    const { loaded } = await opened();
    const { handle, readouts } = await loaded.run({ ...first, readouts: [] });
    expect(readouts).toEqual([]);
    if (handle === undefined) throw new Error('no handle');
    const traced: unknown[] = [];
    const one = { ...second, images: Uint32Array.of(9), chains: 1, chainOffset: 6, readouts: [] };
    await loaded.run({
      ...one,
      start: { kind: 'resume', handle, rows: Uint32Array.of(4) },
      trace: (_, banks) => void traced.push(banks.a?.words[0]),
    });
    const all: number[] = [];
    await loaded.run({
      ...first,
      keep: 'nothing',
      trace: (t, banks) => void (t === 4 && all.push(banks.a?.words[4] as number)),
    });
    expect(traced[0]).toBe(all[0]);
  });

  test('released handles, foreign handles and rows that are not there are refused', async () => {
    const { loaded } = await opened();
    const { loaded: foreign } = await opened();
    const { handle } = await loaded.run(first);
    if (handle === undefined) throw new Error('no handle');
    const start = { kind: 'resume', handle, rows } as const;
    expect(await codeOf(foreign.run({ ...second, start }))).toBe('device-closed');
    expect(await codeOf(loaded.run({ ...second, start: { ...start, rows: rows.map(() => 6) } }))).toBe(
      'invalid-request',
    );
    expect(await codeOf(loaded.run({ ...second, start: { ...start, rows: rows.slice(1) } }))).toBe('invalid-request');
    const late = loaded.run({ ...second, start });
    handle.release();
    handle.release();
    expect(await codeOf(late)).toBe('resolved');
    expect(await codeOf(loaded.run({ ...second, start }))).toBe('device-closed');
  });
});

describe('what a machine refuses', () => {
  const wrong: [string, Partial<DriverRun>][] = [
    ['no block', { block: 3 }],
    ['no image', { images: new Uint32Array(0) }],
    ['no sweep', { sweeps: 0 }],
    ['no sample', { burnIn: 5, stride: 2 }],
    ['chains beyond 2^24', { chainOffset: 2 ** 24 - 2 }],
    ['sweeps beyond 2^32', { sweepOffset: 2 ** 32 - 6 }],
    ['a seed of 65 bits', { seed: 1n << 64n }],
    ['an unknown gain', { gains: { one: 2 } }],
    ['a missing temperature', { temperatures: new Uint32Array(5) }],
    ['a temperature above 65536', { temperatures: new Uint32Array(6).fill(65537) }],
    ['an unknown input', { inputs: { x: { words: new Uint32Array(2), rows: 2, spinCount: 1 } } }],
    ['a start without a bank', { start: { kind: 'given', states: {} } }],
    ['a readout of no free bank', { readouts: [{ bank: 'p', observable: 'spin-sum', as: 'sums', tie: 1 }] }],
    [
      'sums beyond int32',
      {
        sweeps: 40_000,
        burnIn: 0,
        stride: 1,
        readouts: [{ bank: 'a', observable: 'conditional-sum', as: 'sums', tie: 1 }],
      },
    ],
  ];
  test.each(wrong)('%s', async (_, change) => {
    const { loaded } = await opened();
    expect(await codeOf(loaded.run({ ...short, ...change }))).toBe('invalid-request');
    expect(await codeOf(loaded.run(short))).toBe('resolved');
  });

  test('set padding bits', async () => {
    const { loaded } = await opened();
    const bank = { words: new Uint32Array(6), rows: 6, spinCount: 3 };
    const start = (a: typeof bank) => ({ kind: 'given' as const, states: { a, b: bank } });
    expect(await codeOf(loaded.run({ ...short, start: start(bank) }))).toBe('resolved');
    const dirty = { ...bank, words: Uint32Array.of(0, 0, 8, 0, 0, 0) };
    expect(await codeOf(loaded.run({ ...short, start: start(dirty) }))).toBe('invalid-request');
  });

  test('more runs in flight than the profile says', async () => {
    const machine = new FixedMachine({
      profile: machineProfile({ batch: { ...machineProfile().batch, inFlight: 2 } }),
    });
    const loaded = await machine.load(program, {});
    const runs = [loaded.run(short), loaded.run(short), loaded.run(short)];
    expect(await Promise.all(runs.map(codeOf))).toEqual(['resolved', 'resolved', 'invalid-request']);
    expect(await codeOf(loaded.run(short))).toBe('resolved');
  });

  test('programs beyond the profile, and features that it lacks', async () => {
    const { spins } = machineProfile();
    const small = (max: number) => new FixedMachine({ profile: machineProfile({ spins: { ...spins, max } }) });
    expect(await codeOf(small(6).load(program, {}))).toBe('resolved');
    expect(await codeOf(small(5).load(program, {}))).toBe('does-not-fit');
    expect(small(5).plan(program)).toMatchObject([{ needed: 6, available: 5 }]);
    const features = machineProfile().features.filter((feature) => feature !== 'dense');
    expect(await codeOf(new FixedMachine({ profile: machineProfile({ features }) }).load(program, {}))).toBe(
      'unsupported',
    );
  });

  test('loads whose signal is aborted', async () => {
    const signal = AbortSignal.abort(new Error('no'));
    expect(await codeOf(new FixedMachine().load(program, { signal }))).toBe('Error: no');
  });
});

test('progress is told after every sweep, flips are counted, the program is held as it is', async () => {
  const { loaded } = await opened();
  const told: number[] = [];
  const states: number[][] = [];
  const trace: DriverRun['trace'] = (_, banks) =>
    void states.push(Object.values(banks).flatMap(({ words }) => [...words]));
  const { counters } = await loaded.run({ ...short, onProgress: (t) => void told.push(t), trace });
  expect(told).toEqual([1, 2, 3, 4, 5, 6]);
  const changed = (a: number, b: number): number => (a ^ b).toString(2).replaceAll(/[^1]/g, '').length;
  const flips = states.slice(1).flatMap((state, t) => state.map((word, n) => changed(word, states[t]?.[n] as number)));
  expect(counters.flips).toBe(flips.reduce((sum, n) => sum + n, 0));
  expect(await loaded.effective?.()).toBe(program);
});

test('ties of sums take the tie of the request', async () => {
  const { loaded } = await opened();
  const readouts = ([1, -1] as const).map((tie) => ({ bank: 'a', observable: 'spin-sum', as: 'both', tie }) as const);
  const images = Uint32Array.from({ length: 40 }, (_, n) => n);
  const { readouts: found } = await loaded.run({ ...short, images, chains: 2, burnIn: 5, stride: 1, readouts });
  const [up, down] = found;
  let ties = 0;
  for (let n = 0; n < 120; n++) {
    const sign = (words?: Uint32Array): number => ((words?.[Math.floor(n / 3)] as number) >>> (n % 3)) & 1;
    const sum = up?.sums?.[n] as number;
    if (sum === 0) ties++;
    expect([sign(up?.signs?.words), sign(down?.signs?.words)]).toEqual(sum === 0 ? [1, 0] : sum > 0 ? [1, 1] : [0, 0]);
  }
  expect(ties).toBeGreaterThan(0);
});
