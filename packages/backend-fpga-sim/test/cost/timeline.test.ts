/** The timeline of a run: it changes nothing, it adds up to the counters, and it is a trace that viewers can read. */
import {
  type Counters,
  type RunRequest,
  type RunResult,
  Timeline,
  type TimelineSpan,
  traceEvents,
} from '@isinglass/sdk';
import { randomRun } from '@isinglass/sdk/testing';
import { describe, expect, test } from 'vitest';
import { cycleCauses } from '../../src/timing/cycle-causes.ts';
import { machineOf, openMachine, plainRun, programFor, sets } from './machines.ts';

interface Shown {
  readonly timeline: Timeline;
  readonly result: RunResult;
  readonly clockHz: number;
  readonly rows: number;
}

/** A random run of a random program, on a device that takes few rows in a call, with and without a timeline. */
async function shown(
  set: (typeof sets)[number],
  seed: number,
  o: { readonly spansMax?: number; readonly run?: RunRequest } = {},
): Promise<Shown> {
  const machine = machineOf(set, seed % 3 === 0 ? { readout: 'walk' } : { rng: 'xoshiro128pp' });
  const program = programFor(set, seed);
  const request = o.run ?? randomRun(program, seed);
  const results: RunResult[] = [];
  const timeline = new Timeline(o.spansMax === undefined ? {} : { spansMax: o.spansMax });
  for (const more of [{}, { timeline }]) {
    const device = await openMachine(machine, { rowsMax: 1 + (seed % 4) });
    const loaded = await device.load(program);
    const { seconds, ...result } = await loaded.run({ ...request, ...more });
    results.push({ ...result, seconds: 0 });
    await device.close();
  }
  const [plain, result] = results as [RunResult, RunResult];
  expect({ set, seed, result }).toEqual({ set, seed, result: plain });
  const images = typeof request.images === 'number' ? request.images : request.images.length;
  const rows = images * result.chains;
  return { timeline, result, clockHz: machine.parameters.clockHz, rows };
}

const ofTrack = (timeline: Timeline, track: TimelineSpan['track']): readonly TimelineSpan[] =>
  timeline.spans.filter((span) => span.track === track);

const lengthNs = ({ startNs, endNs, busyNs }: TimelineSpan): number => busyNs ?? endNs - startNs;

/** Cycles by cause and bytes of all spans, as counters have them. */
function totals(timeline: Timeline): Pick<Counters, 'bytesIn' | 'bytesOut'> & { cycles: Record<string, number> } {
  const cycles = Object.fromEntries(cycleCauses.filter((cause) => cause !== 'io').map((cause) => [cause, 0]));
  for (const span of ofTrack(timeline, 'machine')) {
    for (const cause of Object.keys(cycles)) cycles[cause] = (cycles[cause] as number) + (span.cycles?.[cause] ?? 0);
  }
  const links = ofTrack(timeline, 'link');
  const bytes = (key: 'bytesIn' | 'bytesOut'): number => links.reduce((sum, span) => sum + (span[key] ?? 0), 0);
  return { cycles, bytesIn: bytes('bytesIn'), bytesOut: bytes('bytesOut') };
}

function expectToAddUp({ timeline, result: { counters }, clockHz, rows }: Shown): void {
  const { io = 0, ...cycles } = counters.cycles ?? {};
  expect(totals(timeline)).toEqual({ cycles, bytesIn: counters.bytesIn, bytesOut: counters.bytesOut });
  const sumNs = (track: TimelineSpan['track']): number =>
    ofTrack(timeline, track).reduce((sum, span) => sum + lengthNs(span), 0);
  const machineCycles = Object.values(cycles).reduce((sum, count) => sum + count, 0);
  expect((sumNs('machine') * clockHz) / 1e9).toBeCloseTo(machineCycles, 3);
  // Link time is rounded up to cycles once in each driver call.
  const calls = timeline.merged > 0 ? rows : ofTrack(timeline, 'run').length;
  const linkCycles = (sumNs('link') * clockHz) / 1e9;
  expect(io - linkCycles).toBeGreaterThan(-1e-3);
  expect(io - linkCycles).toBeLessThan(calls);
  expect(Math.abs((counters.deviceNs ?? 0) - sumNs('machine') - sumNs('link'))).toBeLessThan(
    calls * (1 + 1e9 / clockHz),
  );
}

function expectNoOverlaps(spans: readonly Pick<TimelineSpan, 'startNs' | 'endNs'>[], slackNs = 1e-3): void {
  spans.forEach((span, n) => {
    expect(span.endNs).toBeGreaterThanOrEqual(span.startNs);
    const next = spans[n + 1];
    if (next !== undefined) expect(next.startNs).toBeGreaterThanOrEqual(span.endNs - slackNs);
  });
}

describe.each(sets)('the timeline of %s', (set) => {
  test('changes no bit and no count, and adds up to the counters, cause by cause', async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const run = await shown(set, seed);
      expect(run.timeline.merged).toBe(0);
      expectToAddUp(run);
      expect(ofTrack(run.timeline, 'row').length).toBe(run.rows);
    }
  });

  test('spans of a track do not overlap, and what is inside of a sweep is inside', async () => {
    for (let seed = 1; seed <= 6; seed++) {
      const { timeline } = await shown(set, seed);
      for (const track of ['run', 'row', 'machine', 'link'] as const) expectNoOverlaps(ofTrack(timeline, track));
      // Link and machine take turns.
      expectNoOverlaps(timeline.spans.filter(({ track }) => track === 'machine' || track === 'link'));
      for (const { parts = [], startNs, endNs, cycles = {} } of timeline.spans) {
        expectNoOverlaps(parts);
        for (const part of parts) {
          expect(part.startNs).toBeGreaterThanOrEqual(startNs - 1e-3);
          expect(part.endNs).toBeLessThanOrEqual(endNs + 1e-3);
        }
        for (const [cause, count] of Object.entries(cycles)) {
          const inParts = parts.reduce((sum, part) => sum + (part.cycles?.[cause] ?? 0), 0);
          expect(inParts).toBeLessThanOrEqual(count);
        }
      }
    }
  });

  test('has each sweep of each row once, after the static pass of its image', async () => {
    const { timeline, result, rows } = await shown(set, 2);
    const names = ofTrack(timeline, 'machine').map(({ name }) => name);
    const images = new Set(ofTrack(timeline, 'row').map(({ details }) => details?.image)).size;
    expect(names.filter((name) => name === 'static pass').length).toBeGreaterThanOrEqual(images);
    for (let t = 1; t <= result.sweeps; t++) {
      expect(names.filter((name) => name === `sweep ${t}`).length).toBe(rows);
    }
    expect(names.indexOf('static pass')).toBeLessThan(names.indexOf('sweep 1'));
  });

  test('that is full says less and adds up all the same', async () => {
    const run = plainRun(programFor(set, 4), { images: 3, chains: 2, sweeps: 40 });
    for (const spansMax of [2, 9, 40, 200]) {
      const full = await shown(set, 4, { spansMax, run });
      expectToAddUp(full);
      expect(full.timeline.spans.length).toBeLessThanOrEqual(spansMax + 4);
      expect(full.timeline.detailed).toBe(false);
      const names = ofTrack(full.timeline, 'machine').map(({ name }) => name);
      if (spansMax === 200) expect(names.some((name) => /^sweeps \d+–40$/.test(name))).toBe(true);
      else expect(full.timeline.merged).toBeGreaterThan(0);
    }
  });

  test('is a document of trace events: sorted, nested, with names for every track', async () => {
    const { timeline } = await shown(set, 5);
    const document = traceEvents(timeline, { name: 'a machine', about: { program: 'p' } });
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    expect(document.displayTimeUnit).toBe('ns');
    expect(document.otherData).toEqual({ program: 'p', spansMax: 10_000 });
    const named = document.traceEvents
      .filter(({ ph, name }) => ph === 'M' && name === 'thread_name')
      .map(({ tid }) => tid);
    expect(document.traceEvents[0]).toMatchObject({ ph: 'M', name: 'process_name', args: { name: 'a machine' } });
    const open = new Map<number, number[]>();
    let last = { tid: 0, ts: 0 };
    for (const event of document.traceEvents) {
      if (event.ph !== 'X') continue;
      const { tid, ts, dur } = event;
      expect(named).toContain(tid);
      expect(dur).toBeGreaterThanOrEqual(0);
      if (tid === last.tid) expect(ts).toBeGreaterThanOrEqual(last.ts);
      last = { tid, ts };
      // Whole ns, so that ends compare exactly.
      const [startNs, endNs] = [Math.round(1000 * ts), Math.round(1000 * ts) + Math.round(1000 * dur)];
      expect(Math.abs(1000 * ts - startNs)).toBeLessThan(1e-6 * (1 + startNs));
      const stack = open.get(tid) ?? [];
      while (stack.length > 0 && (stack.at(-1) as number) <= startNs) stack.pop();
      expect(endNs).toBeLessThanOrEqual(stack.at(-1) ?? Number.POSITIVE_INFINITY);
      stack.push(endNs);
      open.set(tid, stack);
    }
  });
});

test('a traced run, whose rows take turns in the machine, shows every turn and adds up', async () => {
  const program = programFor('toy', 3);
  const request = { ...randomRun(program, 3, { sweepsMax: 4 }), keep: 'nothing' as const };
  const timeline = new Timeline();
  const machine = machineOf('toy');
  const device = await openMachine(machine);
  const loaded = await device.load(program);
  const result = await loaded.run({ ...request, trace: () => {}, timeline });
  await device.close();
  expectToAddUp({
    timeline,
    result,
    clockHz: machine.parameters.clockHz,
    rows: request.images.length * request.chains,
  });
});

test('runs one after the other on one device continue its time', async () => {
  const program = programFor('toy', 1);
  const device = await openMachine(machineOf('toy'));
  const loaded = await device.load(program);
  const timeline = new Timeline();
  for (let run = 0; run < 2; run++) await loaded.run({ ...randomRun(program, 1), timeline });
  await device.close();
  expectNoOverlaps(ofTrack(timeline, 'run'));
  expect(timeline.spans[0]?.startNs).toBe(0);
});

test('a run that is aborted leaves a timeline that ends, and a device that goes on without it', async () => {
  const program = programFor('toy', 1);
  const device = await openMachine(machineOf('toy'));
  const loaded = await device.load(program);
  const timeline = new Timeline({ spansMax: 100 });
  const request = { ...randomRun(program, 1, { imagesMax: 1, chainsMax: 1, starts: ['random'] }), temperatures: null };
  const abort = new AbortController();
  const long = { ...request, sweeps: 2 ** 30, burnIn: 0, stride: 2 ** 24, sweepOffset: 0, readouts: [] };
  const aborted = loaded.run({
    ...long,
    timeline,
    signal: abort.signal,
    onProgress: () => abort.abort(new Error('enough')),
  });
  await expect(aborted).rejects.toThrow('enough');
  await loaded.run(request);
  const spans = timeline.spans.length;
  await loaded.run(request);
  expect(timeline.spans.length).toBe(spans);
  await device.close();
});
