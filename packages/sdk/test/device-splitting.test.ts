/** Semantics 2.3 and 2.5 above the contract: however a run is cut, the integers are the same. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DriverResult, DriverRun } from '../src/contract/driver.ts';
import type { DeviceProgram } from '../src/device/device-program.ts';
import { openDevice } from '../src/device/open-device.ts';
import type { RunResult } from '../src/device/run-request.ts';
import type { Program } from '../src/program/program.ts';
import { runFixedLaw, runRealLaw } from '../src/reference/index.ts';
import { randomProgram } from '../src/testing/random-program.ts';
import { randomRun } from '../src/testing/random-run.ts';
import { type ProfileChanges, testProfile } from '../src/testing/test-profile.ts';
import type { RunData } from '../src/testing/vector-run.ts';
import { type Script, ScriptedDriver, scriptedBackend } from './support/scripted-driver.ts';

async function loaded(program: Program, script: Script): Promise<{ driver: ScriptedDriver; on: DeviceProgram }> {
  const driver = new ScriptedDriver(script);
  const device = await openDevice('scripted', { backends: [scriptedBackend(driver)] });
  return { driver, on: await device.load(program) };
}

/** The whole run in one call of the reference machine. */
function inOneCall(program: Program, run: RunData): DriverResult {
  return (program.json.law.kind === 'fixed' ? runFixedLaw : runRealLaw)(program, run);
}

function expectSame(program: Program, run: RunData, result: RunResult): void {
  const whole = inOneCall(program, run);
  result.readouts.forEach((readout, n) => {
    const expected = whole.readouts[n];
    if (readout.sums !== undefined) expect([...readout.sums]).toEqual([...(expected?.sums ?? sumsOf(program, run, n))]);
    if (readout.signs !== undefined) {
      const signs = expected?.signs ?? inOneCall(program, asking(run, 'signs')).readouts[n]?.signs;
      expect(readout.signs).toEqual(signs);
    }
    if (readout.states !== undefined) expect(readout.states).toEqual(expected?.states);
  });
  expect(result.last).toEqual(whole.last);
}

function sumsOf(program: Program, run: RunData, n: number): Iterable<number> {
  return inOneCall(program, asking(run, 'sums')).readouts[n]?.sums ?? [];
}

function asking(run: RunData, as: 'sums' | 'signs'): RunData {
  return { ...run, readouts: run.readouts.map((readout) => ({ ...readout, as })) };
}

const small = { freeSpinsMax: 24, pinnedSpinsMax: 16 };
const someRun = { sweepsMax: 8, imagesMax: 4, chainsMax: 3 };

/** Limits of one driver call, and what the device can do by itself. */
const limits = fc.record({
  rowsMax: fc.integer({ min: 1, max: 6 }),
  rowsPreferred: fc.integer({ min: 1, max: 6 }),
  imagesMax: fc.constantFrom('unlimited' as const, 1, 2, 3),
  chainsMax: fc.constantFrom('unlimited' as const, 1, 2),
  // 18 bits hold one conditional-sum, 20 bits seven.
  counterBits: fc.constantFrom(18, 19, 20, 32),
  inFlight: fc.integer({ min: 1, max: 3 }),
  init: fc.constantFrom(
    ['random', 'feed-forward', 'given', 'resume'] as const,
    ['random', 'feed-forward', 'given'] as const,
    ['given'] as const,
    ['given', 'resume'] as const,
  ),
  signs: fc.boolean(),
  spinSum: fc.boolean(),
});

function profileOf(l: typeof limits extends fc.Arbitrary<infer T> ? T : never): ProfileChanges {
  return {
    init: l.init,
    readout: {
      observables: l.spinSum ? ['spin-sum', 'conditional-sum', 'state'] : ['conditional-sum', 'state'],
      signs: l.signs,
      trace: true,
      counterBits: l.counterBits,
      strideMin: 1,
    },
    batch: { imagesMax: l.imagesMax, chainsMax: l.chainsMax, rowsMax: l.rowsMax, inFlight: l.inFlight },
  };
}

test('any split into batches, chains and sweeps, by any machine that lacks this or that, gives the same integers', async () => {
  let split = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(10_000), limits, async (seed, l) => {
      const program = randomProgram({ seed, law: seed % 3 === 0 ? 'real' : 'fixed', ...small });
      const run = randomRun(program, seed, someRun);
      const { driver, on } = await loaded(program, {
        profile: testProfile(profileOf(l)),
        blockPlan: { bytesPerRow: 1, rowsMax: l.rowsMax, rowsPreferred: l.rowsPreferred },
      });
      const result = await on.run(run);
      expectSame(program, run, result);
      if (driver.asked.length > 1) split++;
      expect(driver.handles).toBe(0);
      expect(driver.inFlightMost).toBeLessThanOrEqual(l.inFlight);
    }),
    { numRuns: 150 },
  );
  // The property would hold trivially if nothing were ever cut. About 5 runs in 6 are: of 150, 75 or fewer has a
  // probability below 1e-15.
  expect(split).toBeGreaterThan(75);
});

test('a + b sweeps are a sweeps continued by b, from given states and from handles, in any split of either', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(10_000), limits, fc.constantFrom('host', 'device'), async (seed, l, keep) => {
      const program = randomProgram({ seed, ...small, temperature: 'constant' });
      const { temperatures: _, ...whole } = randomRun(program, seed, { ...someRun, sweepsMax: 6 });
      const { on } = await loaded(program, {
        profile: testProfile(profileOf(l)),
        blockPlan: { bytesPerRow: 1, rowsMax: l.rowsMax, rowsPreferred: l.rowsPreferred },
      });
      // Two runs that sum every sweep, the second from where the first stopped.
      const states = whole.readouts.map((readout) => ({ ...readout, as: 'sums' as const }));
      const every = { ...whole, burnIn: 0, stride: 1, temperatures: null, readouts: states };
      const a = await on.run({ ...every, keep });
      const rows = Uint32Array.from({ length: whole.images.length * whole.chains }, (_, n) => n);
      const start =
        keep === 'host'
          ? { kind: 'given' as const, states: a.last ?? {} }
          : { kind: 'resume' as const, handle: a.handle ?? { release() {} }, rows };
      const offset = Math.min(whole.sweepOffset, 2 ** 32 - 1 - 2 * whole.sweeps);
      if (offset !== whole.sweepOffset) return;
      const b = await on.run({ ...every, start, sweepOffset: whole.sweepOffset + whole.sweeps, keep: 'host' });
      const once = inOneCall(program, { ...every, sweeps: 2 * whole.sweeps, keep: 'host' });
      expect(b.last).toEqual(once.last);
      a.readouts.forEach((readout, n) => {
        if (readout.sums === undefined) return;
        const sums = readout.sums.map((sum, i) => sum + (b.readouts[n]?.sums?.[i] ?? 0));
        expect([...sums]).toEqual([...(once.readouts[n]?.sums ?? [])]);
      });
      a.handle?.release();
    }),
    { numRuns: 60 },
  );
});

test('a resumed run may take rows of a kept state in any order and as often as it likes', async () => {
  const program = randomProgram({ seed: 11, freeSpinsMax: 20, pinnedSpinsMax: 0, temperature: 'constant' });
  const block = blockIndex(program);
  const { driver, on } = await loaded(program, { blockPlan: { bytesPerRow: 1, rowsMax: 2, rowsPreferred: 2 } });
  const first = await on.run({
    block,
    images: 3,
    chains: 2,
    seed: 5n,
    sweeps: 4,
    burnIn: 0,
    stride: 1,
    keep: 'device',
  });
  const last = await on.run({ block, images: 3, chains: 2, seed: 5n, sweeps: 4, burnIn: 0, stride: 1, keep: 'host' });
  const rows = Uint32Array.of(5, 0, 3, 3, 1, 4);
  const handle = first.handle ?? { release() {} };
  const states = Object.fromEntries(
    Object.entries(last.last ?? {}).map(([bank, spins]) => {
      const width = spins.words.length / spins.rows;
      const words = [...rows].flatMap((row) => [...spins.words.slice(row * width, (row + 1) * width)]);
      return [bank, { words: Uint32Array.from(words), rows: rows.length, spinCount: spins.spinCount }];
    }),
  );
  for (const size of [
    { images: 2, chains: 3 },
    { images: 6, chains: 1 },
    { images: 1, chains: 6 },
  ]) {
    const more = { block, ...size, seed: 9n, sweeps: 3, burnIn: 0, stride: 1, keep: 'host' } as const;
    const resumed = await on.run({ ...more, start: { kind: 'resume', handle, rows } });
    const given = await on.run({ ...more, start: { kind: 'given', states } });
    expect(resumed.last).toEqual(given.last);
    expect(resumed.readouts).toEqual(given.readouts);
  }
  expect(driver.handles).toBe(3);
  handle.release();
  handle.release();
  expect(driver.handles).toBe(0);
});

test('a run asked alone, among others, first or last gives the same integers', async () => {
  const program = randomProgram({ seed: 3, ...small });
  const runs = [1, 2, 3, 4, 5].map((seed) => randomRun(program, seed, someRun));
  const { on } = await loaded(program, { blockPlan: { bytesPerRow: 1, rowsMax: 2, rowsPreferred: 2 } });
  const forward = await Promise.all(runs.map((run) => on.run(run)));
  const backward = await Promise.all(runs.toReversed().map((run) => on.run(run)));
  expect(backward.toReversed().map((result) => result.readouts)).toEqual(forward.map((result) => result.readouts));
});

test("a traced run's sums are those of the untraced run, and the trace holds sweeps 0 … G", async () => {
  for (let seed = 0; seed < 20; seed++) {
    const program = randomProgram({ seed, ...small });
    const run = randomRun(program, seed, someRun);
    const { on } = await loaded(program, {});
    const sweeps: number[] = [];
    const traced = await on.run({ ...run, trace: (sweep) => void sweeps.push(sweep) });
    expect(traced.readouts).toEqual((await on.run(run)).readouts);
    expect(sweeps).toEqual(Array.from({ length: run.sweeps + 1 }, (_, n) => n));
  }
});

test('runs start in the order they were asked for, cut or not', async () => {
  const program = randomProgram({ seed: 8, freeSpinsMax: 8, pinnedSpinsMax: 0 });
  const block = blockIndex(program);
  const { driver, on } = await loaded(program, { blockPlan: { bytesPerRow: 1, rowsMax: 2, rowsPreferred: 2 } });
  await Promise.all([0n, 1n, 2n, 3n].map((seed) => on.run({ block, images: 5, chains: 1, seed })));
  expect(driver.asked.map((q: DriverRun) => q.seed)).toEqual([0n, 1n, 2n, 3n].flatMap((s) => [s, s, s]));
});

test('more sweeps than int32 can sum conditionally are cut, K · chains > 32767 included', async () => {
  const program = randomProgram({ seed: 21, freeSpinsMax: 3, pinnedSpinsMax: 0, temperature: 'constant' });
  const block = blockIndex(program);
  const bank = program.json.stages.flatMap((s) => (s.kind === 'block' ? s.banks : [])).find((b) => b.role === 'free');
  const { driver, on } = await loaded(program, {});
  const request = { bank: bank?.id ?? '', observable: 'conditional-sum', as: 'both', tie: 1 } as const;
  const run = { block, images: 1, seed: 1n, sweeps: 40_001, burnIn: 1, stride: 1, chains: 1, readouts: [request] };
  const result = await on.run(run);
  expect(driver.asked.map((q) => q.sweeps - q.burnIn)).toEqual([32_767, 7_233]);
  // Two runs that each fit: the second begins where the first stops.
  const a = await on.run({ ...run, sweeps: 20_001, keep: 'host' });
  const start = { kind: 'given', states: a.last ?? {} } as const;
  const b = await on.run({ ...run, sweeps: 20_000, burnIn: 0, sweepOffset: 20_001, start });
  const parts = a.readouts[0]?.sums?.map((sum, i) => sum + (b.readouts[0]?.sums?.[i] ?? 0));
  expect([...(result.readouts[0]?.sums ?? [])]).toEqual([...(parts ?? [])]);
});

function blockIndex(program: Program): number {
  const block = program.json.stages.find((stage) => stage.kind === 'block');
  return block?.kind === 'block' ? block.index : -1;
}
