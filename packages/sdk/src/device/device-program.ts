/** A program on a device: what runs are asked of. */
import type { LoadedProgram, Plan } from '../contract/driver.ts';
import { workOfRun } from '../couplings/coupling-counts.ts';
import { DeviceClosedError } from '../errors/isinglass-error.ts';
import type { Program } from '../program/program.ts';
import { DeviceState } from './device-state.ts';
import { driverError } from './driver-errors.ts';
import { inputDigests } from './input-digests.ts';
import type { Machine } from './machine.ts';
import { ProgressMeter } from './progress-meter.ts';
import { readoutPath } from './readout-path.ts';
import { resolveRun } from './resolve-run.ts';
import type { ResolvedRun } from './resolved-run.ts';
import { assertResultFits, ResultMerger } from './result-merger.ts';
import { runPart } from './run-parts.ts';
import type { ResourceLimits, RunRequest, RunResult } from './run-request.ts';
import type { RunScope } from './run-scope.ts';
import { type Part, type Split, splitRun } from './split-run.ts';

/** Where sums are counted from states, one driver call brings at most this many bytes of them. */
const stateBytesMax = 64 * 2 ** 20;

/** What `Device.load` hands over. */
export interface Loading {
  readonly machine: Machine;
  readonly program: Program;
  readonly plan: Plan;
  readonly loaded: LoadedProgram;
  readonly limits: Required<ResourceLimits>;
}

export class DeviceProgram {
  readonly program: Program;
  readonly plan: Plan;
  /** The program as the machine really holds it, after its own rounding; absent where the driver cannot say. */
  readonly effective?: () => Promise<Program>;
  readonly #machine: Machine;
  readonly #loaded: LoadedProgram;
  readonly #limits: Required<ResourceLimits>;
  /** The runs that an unload ends. */
  readonly #runs = new Set<RunScope<RunResult>>();
  /** Driver calls that have not settled, and who waits for the last of them. */
  #calls = 0;
  #idle: (() => void) | undefined;
  #unloading: Promise<void> | undefined;

  /** @internal Made by `Device.load`. */
  constructor(o: Loading) {
    this.program = o.program;
    this.plan = o.plan;
    this.#machine = o.machine;
    this.#loaded = o.loaded;
    this.#limits = o.limits;
    if (o.loaded.effective !== undefined) this.effective = () => this.#effective();
  }

  /**
   * One run of one block: checked, split into driver calls as the device needs, merged exactly. Runs start in the order
   * of these calls. Rejects with InvalidRequestError or UnsupportedError before anything starts; with the signal's
   * reason, DeadlineExceededError, DeviceLostError or DeviceClosedError as soon as that happens; with what the driver
   * threw, wrapped as BackendError unless it is one of ours.
   */
  async run(request: RunRequest): Promise<RunResult> {
    this.#assertUsable();
    const { profile } = this.#machine;
    const run = resolveRun(request, {
      program: this.program,
      profile,
      owner: this,
      resultBytesMax: this.#limits.resultBytesMax,
      fillsTimelines: this.#machine.driver.fillsTimelines === true,
    });
    const split = this.#split(run);
    const whole = split.segments.length === 1 && split.parts.every((part) => part.chains === run.chains);
    const paths = run.readouts.map((readout) => readoutPath(readout, { profile, wholeSums: whole }));
    assertResultFits(run, paths, this.#limits.resultBytesMax);
    const merger = new ResultMerger(run, paths);
    const scope: RunScope<RunResult> = this.#machine.begin<RunResult>({
      signal: request.signal,
      deadlineMs: request.deadlineMs,
      onEnd: () => this.#runs.delete(scope),
    });
    if (scope.ended) return scope.promise;
    this.#runs.add(scope);
    const log = { block: run.block.id, images: run.images.length, chains: run.chains, sweeps: run.sweeps };
    this.#machine.logger.debug({ ...log, parts: split.parts.length, segments: split.segments.length }, 'run starts');
    scope.promise.then(
      ({ seconds }) => this.#machine.logger.debug({ ...log, seconds }, 'run is done'),
      (e: unknown) => {
        for (const { held } of merger.tiles) if (typeof held.release === 'function') held.release();
        // The caller hears of it by the rejection.
        this.#machine.logger.info({ ...log, reason: e instanceof Error ? e.message : String(e) }, 'run failed');
      },
    );
    this.#enqueue({ request, run, split, paths, merger, scope });
    return scope.promise;
  }

  /** Idempotent; runs in flight reject with DeviceClosedError. Resolves when the device has forgotten the program. */
  unload(): Promise<void> {
    this.#unloading ??= this.#unload();
    return this.#unloading;
  }

  #assertUsable(): void {
    this.#machine.assertUsable();
    if (this.#unloading !== undefined) {
      throw new DeviceClosedError(`program "${this.program.json.name}" was unloaded from ${this.#machine.uri}`);
    }
  }

  #split(run: ResolvedRun): Split {
    const plan = this.plan.blocks[run.blockPosition];
    if (plan === undefined) {
      throw driverError('plan', new RangeError(`its plan has no entry for block "${run.block.id}"`));
    }
    return splitRun(run, {
      profile: this.#machine.profile,
      plan,
      rowBytesMax: this.#limits.bytesMax - this.plan.bytes,
      stateBytesMax: Math.min(stateBytesMax, this.#limits.resultBytesMax),
    });
  }

  #enqueue(o: {
    readonly request: RunRequest;
    readonly run: ResolvedRun;
    readonly split: Split;
    readonly paths: readonly ReturnType<typeof readoutPath>[];
    readonly merger: ResultMerger;
    readonly scope: RunScope<RunResult>;
  }): void {
    const { request, run, split, merger, scope } = o;
    let partsLeft = split.parts.length;
    let startedMs: number | undefined;
    const listener = request.onProgress;
    const meter =
      listener === undefined
        ? undefined
        : new ProgressMeter({ rows: run.images.length * run.chains, sweeps: run.sweeps, listener });
    const perform = async (part: Part): Promise<void> => {
      startedMs ??= performance.now();
      const report = meter?.part(part.images * part.chains);
      const onSweeps =
        report === undefined ? undefined : guarded(scope, (done: number) => (scope.ended ? undefined : report(done)));
      await runPart(run, part, {
        program: this.program,
        profile: this.#machine.profile,
        loaded: this.#loaded,
        paths: o.paths,
        segments: split.segments,
        merger,
        signal: scope.signal,
        ended: () => scope.ended,
        onSweeps,
        trace: request.trace === undefined ? undefined : guarded(scope, request.trace),
        timeline: request.timeline,
      });
      if (scope.ended) return;
      onSweeps?.(run.sweeps);
      partsLeft--;
      if (partsLeft === 0) scope.succeed(this.#result(run, merger, (performance.now() - startedMs) / 1000));
    };
    for (const part of split.parts) {
      this.#machine.enqueue(async () => {
        if (scope.ended) return;
        this.#calls++;
        try {
          await perform(part);
        } catch (e) {
          scope.fail(driverError('run', e));
        } finally {
          this.#calls--;
          if (this.#calls === 0) this.#idle?.();
        }
      });
    }
  }

  #result(run: ResolvedRun, merger: ResultMerger, seconds: number): RunResult {
    const { block, sweeps, burnIn, stride, chains, gains, retained } = run;
    const images = run.images.length;
    return {
      readouts: merger.readouts(),
      ...(merger.last === undefined ? {} : { last: merger.last }),
      ...(run.keep === 'device' ? { handle: this.#handle(run, merger) } : {}),
      sweeps,
      burnIn,
      stride,
      chains,
      gains,
      retained,
      work: workOfRun({ block, tensors: this.program.tensors, images, chains, sweeps }),
      counters: merger.counters,
      seconds,
    };
  }

  #handle(run: ResolvedRun, merger: ResultMerger): DeviceState {
    return new DeviceState(
      {
        owner: this,
        block: run.block.index,
        images: run.images.length,
        chains: run.chains,
        gains: run.gains,
        inputDigests: inputDigests(run),
      },
      merger.tiles,
    );
  }

  async #effective(): Promise<Program> {
    this.#assertUsable();
    const scope = this.#machine.begin<Program>({});
    this.#loaded.effective?.().then(
      (program) => scope.succeed(program),
      (e: unknown) => scope.fail(driverError('read the program back', e)),
    );
    return scope.promise;
  }

  async #unload(): Promise<void> {
    const reason = new DeviceClosedError(`program "${this.program.json.name}" was unloaded`);
    for (const scope of [...this.#runs]) scope.fail(reason);
    // A machine that is gone has nothing left to forget.
    if (this.#machine.lost.aborted || this.#machine.closed) return;
    const scope = this.#machine.begin<void>({});
    const forget = (): void => {
      if (scope.ended) return;
      this.#loaded.unload().then(
        () => scope.succeed(),
        (e: unknown) => scope.fail(driverError('unload', e)),
      );
    };
    if (this.#calls === 0) forget();
    else this.#idle = forget;
    try {
      await scope.promise;
    } catch (e) {
      if (!this.#machine.lost.aborted && !this.#machine.closed) throw e;
    }
  }
}

/** The caller's own listener: what it throws ends the run as it is, not as a fault of the driver. */
function guarded<A extends unknown[], R>(scope: RunScope<RunResult>, f: (...args: A) => R): (...args: A) => R {
  return (...args) => {
    try {
      const result = f(...args);
      if (result instanceof Promise) result.catch((e: unknown) => scope.fail(e));
      return result;
    } catch (e) {
      scope.fail(e);
      throw e;
    }
  };
}
