/**
 * A driver for tests of what stands above it: the reference machine, which can be slow, held at a gate, deaf to aborts,
 * made to fail, lost, or wrong on purpose. It counts calls and remembers what it was asked.
 */
import type {
  Backend,
  BlockPlan,
  Driver,
  DriverResult,
  DriverRun,
  LoadedProgram,
  Misfit,
  Plan,
} from '../../src/contract/driver.ts';
import { DeviceClosedError, DeviceLostError } from '../../src/errors/isinglass-error.ts';
import type { DeviceProfile } from '../../src/profile/device-profile.ts';
import type { Program } from '../../src/program/program.ts';
import { runFixedLaw, runRealLaw } from '../../src/reference/index.ts';
import { testProfile } from '../../src/testing/test-profile.ts';

export interface Script {
  readonly profile?: DeviceProfile;
  /** Default: 1 byte per row, no row limit. */
  readonly blockPlan?: BlockPlan;
  readonly misfits?: readonly Misfit[];
  /** Milliseconds that a run takes. */
  readonly runMs?: number;
  /** Milliseconds from an abort to the rejection; default 0. */
  readonly settleMs?: number;
  /** Ignores aborts: the answer comes all the same. */
  readonly deaf?: boolean;
  /** Settles a run with something else than the machine's answer. */
  readonly answer?: (q: DriverRun, machine: () => DriverResult) => DriverResult | Promise<DriverResult>;
}

export class ScriptedDriver implements Driver {
  readonly profile: DeviceProfile;
  /** Every run asked for, in order. */
  readonly asked: DriverRun[] = [];
  /** Runs that have not settled, and the most there ever were. */
  inFlight = 0;
  inFlightMost = 0;
  loads = 0;
  unloads = 0;
  closes = 0;
  /** State handles that were given out and not released. */
  handles = 0;
  readonly #script: Script;
  readonly #lost = new AbortController();
  readonly #closed = new AbortController();
  #gate: PromiseWithResolvers<void> | undefined;

  constructor(script: Script = {}) {
    this.#script = script;
    this.profile = script.profile ?? testProfile();
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Runs wait here from now on. */
  hold(): void {
    this.#gate ??= Promise.withResolvers<void>();
  }

  release(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  /** The machine dies: runs in flight never settle. */
  lose(reason: unknown = new DeviceLostError('the cable was pulled')): void {
    this.#lost.abort(reason);
  }

  plan(program: Program): Plan | readonly Misfit[] {
    if (this.#script.misfits !== undefined) return this.#script.misfits;
    const row = this.#script.blockPlan ?? { bytesPerRow: 1, rowsMax: 2 ** 31, rowsPreferred: 2 ** 31 };
    return { bytes: 100, blocks: program.json.stages.filter((stage) => stage.kind === 'block').map(() => row) };
  }

  async load(program: Program): Promise<LoadedProgram> {
    this.loads++;
    return {
      run: (q) => this.#run(program, q),
      effective: async () => program,
      unload: async () => {
        this.unloads++;
      },
    };
  }

  async close(): Promise<void> {
    this.closes++;
    this.#closed.abort(new DeviceClosedError('closed'));
    if (this.lost.aborted) await new Promise(() => {});
  }

  async #run(program: Program, q: DriverRun): Promise<DriverResult> {
    this.asked.push(q);
    this.inFlight++;
    this.inFlightMost = Math.max(this.inFlightMost, this.inFlight);
    try {
      await this.#wait(q.signal);
      const machine = (): DriverResult => this.#counted(reference(program, q));
      const { answer } = this.#script;
      return answer === undefined ? machine() : await answer(q, machine);
    } finally {
      this.inFlight--;
    }
  }

  /** Until the run's time is over and the gate is open; rejects on abort and on close. */
  async #wait(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const stop = (): void => {
      setTimeout(() => reject(this.#closed.signal.reason ?? signal.reason), this.#script.settleMs ?? 0);
    };
    if (this.#script.deaf !== true) signal.addEventListener('abort', stop);
    this.#closed.signal.addEventListener('abort', stop);
    const timer = setTimeout(
      () => void (this.#gate?.promise ?? Promise.resolve()).then(resolve),
      this.#script.runMs ?? 0,
    );
    try {
      await (this.lost.aborted ? new Promise(() => {}) : promise);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      this.#closed.signal.removeEventListener('abort', stop);
    }
  }

  #counted(result: DriverResult): DriverResult {
    const { handle } = result;
    if (handle === undefined) return result;
    this.handles++;
    const release = handle.release.bind(handle);
    handle.release = () => {
      this.handles--;
      release();
    };
    return result;
  }
}

function reference(program: Program, { signal: _signal, onProgress, trace, ...run }: DriverRun): DriverResult {
  const machine = program.json.law.kind === 'fixed' ? runFixedLaw : runRealLaw;
  const result = machine(program, {
    ...run,
    ...(trace === undefined ? {} : { trace: (sweep, banks) => void trace(sweep, banks) }),
  });
  for (let sweep = 1; sweep <= run.sweeps; sweep++) onProgress?.(sweep);
  return result;
}

/** A backend of scheme `scripted` whose every open gives this driver. */
export function scriptedBackend(driver: Driver): Backend {
  return {
    scheme: 'scripted',
    contract: '1.0',
    async enumerate() {
      return [{ uri: 'scripted', label: 'scripted', available: true, profile: driver.profile }];
    },
    async open() {
      return driver;
    },
  };
}
