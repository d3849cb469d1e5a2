/** One part of a run on the driver: its segments one after another, each going on from the state of the one before. */
import type { DriverRun, LoadedProgram, Start, TimelineSink, TraceListener } from '../contract/driver.ts';
import type { DeviceProfile } from '../profile/device-profile.ts';
import type { Program } from '../program/program.ts';
import type { PackedSpins, Words } from '../spins/packed-spins.ts';
import { checkDriverResult } from './check-driver-result.ts';
import { isHandle, type StateTile } from './device-state.ts';
import { driverStart } from './driver-start.ts';
import type { ReadoutPath } from './readout-path.ts';
import type { ResolvedRun } from './resolved-run.ts';
import type { ResultMerger } from './result-merger.ts';
import { sliceRows } from './spin-rows.ts';
import type { Part, Segment } from './split-run.ts';

export interface PartContext {
  readonly program: Program;
  readonly profile: DeviceProfile;
  readonly loaded: LoadedProgram;
  readonly paths: readonly ReadoutPath[];
  readonly segments: readonly Segment[];
  readonly merger: ResultMerger;
  readonly signal: AbortSignal;
  /** Whether the run ended meanwhile: results that come late are dropped and their handles released. */
  readonly ended: () => boolean;
  readonly onSweeps: ((sweepsDone: number) => void) | undefined;
  readonly trace: TraceListener | undefined;
  readonly timeline: TimelineSink | undefined;
}

/** Calls the driver before it first waits, so that calls start in the order of the parts. */
export async function runPart(run: ResolvedRun, part: Part, context: PartContext): Promise<void> {
  const { profile, segments } = context;
  const images = run.images.slice(part.firstImage, part.firstImage + part.images);
  const inputs = Object.fromEntries(
    run.pinned.flatMap(({ bank }) => {
      const spins = run.inputs[bank.id];
      return spins === undefined ? [] : [[bank.id, sliceRows(spins, part.firstImage, part.images)]];
    }),
  );
  let start: Start = driverStart(run, part, { program: context.program, profile, images, inputs });
  /** A kept state that is this part's to release. */
  let between: StateTile['held'] | undefined;
  try {
    for (const [n, segment] of segments.entries()) {
      const last = n === segments.length - 1;
      const keep = keepMode(last ? run.keep : 'device', profile);
      const q = driverRun(run, part, segment, { images, inputs, start, keep, context });
      const result = await context.loaded.run(q);
      if (between !== undefined) release(between);
      between = undefined;
      if (context.ended()) {
        result?.handle?.release();
        return;
      }
      between = result?.handle;
      checkDriverResult(q, result, run.free);
      context.merger.add(part, segment, result);
      between = undefined;
      const held = keep === 'device' ? result.handle : result.last;
      if (keep === 'nothing' || held === undefined) continue;
      if (last) context.merger.keep(part, held);
      else {
        between = held;
        start = goOn(held, part.images * part.chains);
      }
    }
  } finally {
    if (between !== undefined) release(between);
  }
}

/** What the driver is asked to keep: a device that cannot go on from handles gives states to the host. */
function keepMode(wanted: ResolvedRun['keep'], profile: DeviceProfile): ResolvedRun['keep'] {
  return wanted === 'device' && !profile.init.includes('resume') ? 'host' : wanted;
}

function driverRun(
  run: ResolvedRun,
  part: Part,
  segment: Segment,
  o: {
    readonly images: Words;
    readonly inputs: Readonly<Record<string, PackedSpins>>;
    readonly start: Start;
    readonly keep: ResolvedRun['keep'];
    readonly context: PartContext;
  },
): DriverRun {
  const { onSweeps, trace, timeline, signal, paths } = o.context;
  return {
    block: run.block.index,
    gains: run.gains,
    images: o.images,
    inputs: o.inputs,
    chains: part.chains,
    chainOffset: run.chainOffset + part.firstChain,
    sweeps: segment.sweeps,
    burnIn: segment.burnIn,
    stride: run.stride,
    sweepOffset: run.sweepOffset + segment.firstSweep,
    temperatures: run.temperatures?.slice(segment.firstSweep, segment.firstSweep + segment.sweeps) ?? null,
    seed: run.seed,
    start: o.start,
    keep: o.keep,
    readouts: paths.map((path) => path.ask),
    signal,
    ...(onSweeps === undefined ? {} : { onProgress: (done: number) => onSweeps(segment.firstSweep + done) }),
    ...(trace === undefined ? {} : { trace }),
    ...(timeline === undefined ? {} : { timeline }),
  };
}

function goOn(held: StateTile['held'], rows: number): Start {
  if (!isHandle(held)) return { kind: 'given', states: held };
  return { kind: 'resume', handle: held, rows: Uint32Array.from({ length: rows }, (_, row) => row) };
}

function release(held: StateTile['held']): void {
  if (isHandle(held)) held.release();
}
