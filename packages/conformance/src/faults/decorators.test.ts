/** Decorators change what they say they change, and nothing else. */
import type { DriverResult, DriverRun, LoadedProgram, Program } from '@isinglass/sdk';
import { describe, expect, it } from 'vitest';
import { undisguised } from '../probes/disguise.ts';
import { gridProbe } from '../probes/graphs.ts';
import { probeProgram } from '../probes/probe-program.ts';
import { RandomStream } from '../random/random-stream.ts';
import { identityDiffers, profileChanges, rowsOverstated } from './capability-faults.ts';
import { meansWithoutSampling, onPath, recognising } from './cheating-faults.ts';
import { cancelledNeverSettles, deadlockAtLimit, resultsSwapped } from './concurrency-faults.ts';
import { failedLoadWipes, halfSweptAfterCancel, previousPins, stateCarriedOver } from './memory-faults.ts';
import { healthyMachine, samplerProfile } from './planted/planted.ts';
import { neverSettles, rejects, settlesLate, throwsAtOnce } from './promise-faults.ts';
import { alwaysUp, dividedByOneMore, overflowing, reversedOrder, swappedBytes, tieUp } from './readout-faults.ts';
import { constantStream, cooled, imagesShareStream, seedBits, seedIgnored, seedOfLoad } from './seed-faults.ts';
import { type Spoiler, spoiledDriver } from './spoiled-driver.ts';
import { betaScaled, holding, misreported, signError, truncated, wrapping } from './weight-faults.ts';
import { burnInOff, retainedSweeps, samplesAt, strideOff, windowLength } from './window-faults.ts';

const probe = gridProbe(3, 4, new RandomStream(3n, 'decorators'));
const program = probeProgram(probe, undisguised(probe, { layout: 'banks', form: 'dense' }), samplerProfile, {
  law: 'fixed',
});

const never = new AbortController().signal;

const request = (changes: Partial<DriverRun> = {}): DriverRun => ({
  block: 0,
  gains: {},
  images: Uint32Array.of(0, 5, 9),
  inputs: {},
  chains: 2,
  chainOffset: 1,
  sweeps: 7,
  burnIn: 2,
  stride: 2,
  sweepOffset: 3,
  temperatures: null,
  seed: 0x123456789abcdef0n,
  start: { kind: 'random' },
  keep: 'host',
  readouts: [
    { bank: 'a', observable: 'spin-sum', as: 'both', tie: -1 },
    { bank: 'b', observable: 'state', as: 'sums', tie: 1 },
    { bank: 'b', observable: 'conditional-sum', as: 'sums', tie: 1 },
  ],
  signal: never,
  ...changes,
});

const loadOn = (spoiler: Spoiler, asked: Program = program): Promise<LoadedProgram> =>
  spoiledDriver(healthyMachine(), spoiler).load(asked, {});

const healthyRun = async (q: DriverRun, asked?: Program): Promise<DriverResult> => (await loadOn({}, asked)).run(q);

const spoiledRun = async (spoiler: Spoiler, q: DriverRun, asked?: Program): Promise<DriverResult> =>
  (await loadOn(spoiler, asked)).run(q);

/** What the device inside is asked for. */
async function askedInside(spoiler: Spoiler, q: DriverRun): Promise<DriverRun> {
  let inside = q;
  await spoiler.run?.(
    q,
    async (asked) => {
      inside = asked;
      return { readouts: [], counters: {} };
    },
    program,
  );
  return inside;
}

describe('a fault without effect changes nothing', () => {
  const none: readonly [string, Spoiler][] = [
    ['no spoiler', {}],
    ['samples at the right sweeps', samplesAt(retainedSweeps)],
    ['burn-in off by 0', burnInOff(0)],
    ['stride off by 0', strideOff(0)],
    ['β × 1', betaScaled(1)],
    ['programs held as they are', holding({ weight: (w) => w, fields: (h) => h })],
    ['weights of 8 bits', wrapping(8)],
    ['seeds of 64 bits', seedBits(64)],
    ['temperatures × 1', cooled(1)],
    ['a known program', recognising(new Set([program.hash]), cooled(0))],
    ['the other path', onPath('traced', cooled(0))],
    ['no load failed', failedLoadWipes()],
    ['nothing cancelled', halfSweptAfterCancel()],
    ['pins of programs without pins', previousPins()],
    ['alone in flight', resultsSwapped()],
    ['alone in flight, seeds', seedOfLoad()],
    ['not cancelled', cancelledNeverSettles()],
    ['fewer in flight than the limit', deadlockAtLimit(samplerProfile)],
    ['few samples', overflowing()],
    ['few rows', rowsOverstated(samplerProfile, 64)],
    ['late by 1 ms', settlesLate('run', 1)],
    ['every second run', rejects('run', 2)],
  ];
  it.each(none)('%s', async (_, spoiler) => {
    expect(await spoiledRun(spoiler, request())).toEqual(await healthyRun(request()));
  });

  it('and the rest of the driver is the driver inside', async () => {
    const inside = healthyMachine();
    const driver = spoiledDriver(inside, {});
    expect(driver.profile).toBe(inside.profile);
    expect(driver.lost).toBe(inside.lost);
    expect(driver.plan(program)).toEqual(inside.plan(program));
    const loaded = await driver.load(program, {});
    expect((await loaded.effective?.())?.hash).toBe(program.hash);
    await loaded.unload();
    await driver.close();
    await expect(inside.load(program, {})).rejects.toMatchObject({ code: 'device-closed' });
  });
});

describe('what a device holds', () => {
  it('β × f is f times the reference β, and weights stay', async () => {
    const inside = betaScaled(1.1).held?.(program);
    const block = inside?.json.stages[0];
    expect(block).toMatchObject({ fixed: { beta: 1.1 }, schedule: { beta: 1.1 } });
  });

  it('weights wrap, are cut, change their sign; the program asked for stays as it is', () => {
    const weights = (held?: Program): number[] => {
      const [tensor] = [...(held?.tensors ?? [])].filter(([, { dtype }]) => dtype === 'I8').map(([, t]) => t);
      return Array.from(tensor?.data as Int8Array).filter((w) => w !== 0);
    };
    const before = weights(program);
    expect(weights(signError().held?.(program))).toEqual(before.map((w) => -w));
    const wrapped = before.map((w) => ((((w + 8) % 16) + 16) % 16) - 8).filter((w) => w !== 0);
    expect(weights(wrapping(4).held?.(program))).toEqual(wrapped);
    const cut = truncated({ bits: 1, step: 0.05, towards: 'floor' }).held?.(program);
    expect(weights(cut)).toEqual(before.map((w) => Math.floor(w / 2) * 2));
    expect(weights(program)).toEqual(before);
  });

  it('what is told differs from what is used', async () => {
    const spoiler = misreported(0.125);
    const told = await (await loadOn(spoiler)).effective?.();
    expect(told?.hash).not.toBe(spoiler.held?.(program).hash);
  });
});

describe('what a sample is', () => {
  const sums = async (spoiler: Spoiler, q: DriverRun): Promise<number[]> =>
    Array.from((await spoiledRun(spoiler, q)).readouts[0]?.sums ?? []);
  const single = (sweeps: number, burnIn: number): DriverRun =>
    request({ sweeps, burnIn, stride: 1, chains: 1, readouts: request().readouts.slice(0, 1) });

  it('a burn-in one shorter gives the samples of one sweep before', async () => {
    expect(await sums(burnInOff(-1), single(5, 3))).toEqual(await sums({}, single(4, 2)));
  });

  it('a window one longer goes on beyond the last sweep', async () => {
    expect(await sums(windowLength(1), single(5, 3))).toEqual(await sums({}, single(6, 3)));
  });

  it('a window one shorter leaves out the last sample', async () => {
    expect(await sums(windowLength(-1), single(5, 3))).toEqual(await sums({}, single(4, 3)));
  });

  it('traces stay as they are', async () => {
    const traceOf = async (spoiler: Spoiler): Promise<unknown[]> => {
      const seen: unknown[] = [];
      await spoiledRun(spoiler, {
        ...single(4, 2),
        trace: (sweep, banks) => void seen.push([sweep, structuredClone(banks)]),
      });
      return seen;
    };
    expect(await traceOf(burnInOff(1))).toEqual(await traceOf({}));
  });
});

describe('what is asked of the device inside', () => {
  it('seeds lose bits, or are not those of the request', async () => {
    expect((await askedInside(seedBits(8), request())).seed).toBe(0xf0n);
    expect((await askedInside(seedIgnored(), request())).seed).not.toBe(request().seed);
    const stream = await askedInside(constantStream(samplerProfile), request());
    expect(stream).toEqual(request({ seed: 1n, chainOffset: 0, sweepOffset: 0, images: Uint32Array.of(0, 1, 2) }));
    expect(await askedInside(imagesShareStream(), request())).toEqual(request({ images: Uint32Array.of(0, 0, 0) }));
  });

  it('ties are +1', async () => {
    const readouts = request().readouts.map((readout) => ({ ...readout, tie: 1 as const }));
    expect(await askedInside(tieUp(), request())).toEqual(request({ readouts }));
  });

  it('an image gets the pins of the one before', async () => {
    const rows = { words: Uint32Array.of(1, 2, 3), rows: 3, spinCount: 4 };
    const asked = await askedInside(previousPins(), request({ inputs: { p: rows } }));
    expect(asked.inputs).toEqual({ p: { ...rows, words: Uint32Array.of(1, 1, 2) } });
    expect(rows.words).toEqual(Uint32Array.of(1, 2, 3));
  });

  it('a random start is what the run before has left; a given one is not touched', async () => {
    const loaded = await loadOn(stateCarriedOver());
    const q = request({ sweeps: 1, burnIn: 0, stride: 1 });
    const first = await loaded.run(q);
    const second = await loaded.run(q);
    const given = request({ ...q, start: { kind: 'given', states: first.last ?? {} } });
    expect(second).toEqual(await healthyRun(given));
    expect(await loaded.run(given)).toEqual(await healthyRun(given));
  });
});

describe('what is read out', () => {
  const reversed = (values: ArrayLike<number>, spins: number): number[] =>
    Array.from(values, (_, n) => values[n - (n % spins) + spins - 1 - (n % spins)] as number);

  it('spins in the opposite order, and nothing else', async () => {
    const [right, wrong] = [await healthyRun(request()), await spoiledRun(reversedOrder(), request())];
    const [before, after] = [right.readouts[0]?.sums ?? [], wrong.readouts[0]?.sums ?? []];
    expect(Array.from(after)).toEqual(reversed(before, before.length / 3));
    expect(wrong.last).toEqual(right.last);
    expect(wrong.counters).toEqual(right.counters);
    expect(await spoiledRun(swappedBytes(), request())).toEqual(right);
  });

  it('sums of K + 1, conditional sums as they are', async () => {
    const [right, wrong] = [await healthyRun(request()), await spoiledRun(dividedByOneMore(), request())];
    expect(wrong.readouts[0]?.sums).toEqual(right.readouts[0]?.sums?.map((sum) => Math.round((sum * 2) / 3)));
    expect(wrong.readouts.slice(1)).toEqual(right.readouts.slice(1));
  });

  it('+1 everywhere', async () => {
    const { readouts } = await spoiledRun(alwaysUp(), request());
    expect(new Set(readouts[0]?.sums)).toEqual(new Set([4]));
    expect(new Set(readouts[2]?.sums)).toEqual(new Set([4 * 65536]));
  });

  it('the same means whatever the seed, within the range and parity of sums', async () => {
    const loaded = await loadOn(meansWithoutSampling());
    const [one, two] = [await loaded.run(request()), await loaded.run(request({ seed: 7n }))];
    expect(one.readouts).toEqual(two.readouts);
    for (const sum of one.readouts[0]?.sums ?? []) expect([-4, -2, 0, 2, 4]).toContain(sum);
  });
});

describe('promises', () => {
  const settled = (promise: Promise<unknown>): Promise<boolean> =>
    Promise.race([
      promise.then(
        () => true,
        () => true,
      ),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 50)),
    ]);

  it('two runs in flight get each other’s results', async () => {
    const loaded = await loadOn(resultsSwapped());
    const [a, b] = await Promise.all([loaded.run(request()), loaded.run(request({ seed: 7n }))]);
    expect(a).toEqual(await healthyRun(request({ seed: 7n })));
    expect(b).toEqual(await healthyRun(request()));
  });

  it('as many runs in flight as the profile allows never settle', async () => {
    const loaded = await loadOn(deadlockAtLimit(samplerProfile));
    const runs = Array.from({ length: samplerProfile.batch.inFlight }, () => loaded.run(request()));
    expect(await Promise.all(runs.map(settled))).toEqual(runs.map(() => false));
  });

  it('a call that never settles, is rejected, or throws', async () => {
    expect(await settled(spoiledRun(neverSettles('run'), request()))).toBe(false);
    await expect(spoiledRun(rejects('run', 1), request())).rejects.toThrow();
    const loaded = await loadOn(throwsAtOnce('run'));
    expect(() => loaded.run(request())).toThrow();
  });

  it('a profile that changes after a run, and a name for every device', async () => {
    const driver = spoiledDriver(healthyMachine(), profileChanges(samplerProfile));
    expect(driver.profile).toEqual(samplerProfile);
    await (await driver.load(program, {})).run(request());
    expect(driver.profile).not.toEqual(samplerProfile);
    const names = [1, 2].map(() => spoiledDriver(healthyMachine(), identityDiffers(samplerProfile)).profile.name);
    expect(new Set(names).size).toBe(2);
  });
});
