/** A program on a device behind a process. */
import {
  type BankLayout,
  type Block,
  blockLayout,
  DeviceClosedError,
  type DriverResult,
  type DriverRun,
  InvalidRequestError,
  type LoadedProgram,
  type Program,
  readProgram,
  type StateHandle,
} from '@isinglass/sdk';
import { aborted, type DriverProcess, type Request } from './driver-process.ts';
import type { DeviceMessageOf } from './messages.ts';
import { runMessage, runResult, tracedBanks } from './run-message.ts';

export interface ExecProgramOptions {
  readonly process: DriverProcess;
  readonly program: Program;
  /** The id of its load request. */
  readonly id: number;
  /** Whether the device says what it really holds. */
  readonly effective: boolean;
  /** Throws when the driver is closed or lost. */
  readonly assertOpen: () => void;
}

export class ExecProgram implements LoadedProgram {
  readonly effective?: () => Promise<Program>;
  readonly #o: ExecProgramOptions;
  readonly #blocks: ReadonlyMap<number, readonly BankLayout[]>;
  /** Kept states: handle → the run that kept it. */
  readonly #handles = new Map<StateHandle, number>();
  /** Ends the runs in flight. */
  readonly #ending = new Set<(reason: DeviceClosedError) => void>();
  #unloading: Promise<void> | undefined;

  constructor(o: ExecProgramOptions) {
    this.#o = o;
    if (o.effective) this.effective = () => this.#effective();
    this.#blocks = new Map(
      o.program.json.stages
        .filter((stage): stage is Block => stage.kind === 'block')
        .map((block) => [block.index, blockLayout(block)]),
    );
  }

  async run(q: DriverRun): Promise<DriverResult> {
    this.#assertUsable();
    q.signal.throwIfAborted();
    const banks = this.#blocks.get(q.block);
    if (banks === undefined) throw new InvalidRequestError(`the program has no block ${q.block}`, { where: 'block' });
    const { process, id: program } = this.#o;
    const { message, parts } = runMessage(q, program, this.#handleOf(q));
    const listeners = new RunListeners(q, banks, process);
    const request = process.request(message, {
      answer: 'result',
      parts,
      onMessage: (sent, sentParts) => {
        if (sent.type === 'progress') listeners.progress(request, sent.sweeps);
        else listeners.trace(request, sent, sentParts);
      },
    });
    const { promise: ended, reject } = Promise.withResolvers<never>();
    const end = (reason: DeviceClosedError): void => {
      request.cancel();
      reject(reason);
    };
    this.#ending.add(end);
    q.signal.addEventListener('abort', request.cancel);
    try {
      const answer = await Promise.race([request.answer, ended]);
      await Promise.race([listeners.heard, ended]);
      if (listeners.failure !== undefined || q.signal.aborted) {
        if (q.keep === 'device') process.notify({ type: 'release', handle: request.id });
        throw aborted;
      }
      return { ...runResult(q, banks, answer), ...(q.keep === 'device' ? { handle: this.#keep(request.id) } : {}) };
    } catch (error) {
      if (listeners.failure !== undefined) throw listeners.failure.error;
      if (q.signal.aborted) throw q.signal.reason;
      throw error;
    } finally {
      this.#ending.delete(end);
      q.signal.removeEventListener('abort', request.cancel);
    }
  }

  /** Runs in flight reject with DeviceClosedError. Idempotent. */
  unload(): Promise<void> {
    this.#unloading ??= this.#unload();
    return this.#unloading;
  }

  async #unload(): Promise<void> {
    const { process, id: program } = this.#o;
    for (const end of this.#ending) end(new DeviceClosedError('the program was unloaded'));
    this.#handles.clear();
    this.#o.assertOpen();
    await process.request({ type: 'unload', program }, { answer: 'done' }).answer;
  }

  async #effective(): Promise<Program> {
    this.#assertUsable();
    const { process, id: program } = this.#o;
    const { parts } = await process.request({ type: 'effective', program }, { answer: 'program' }).answer;
    return readProgram(parts[0] ?? new Uint8Array());
  }

  #assertUsable(): void {
    this.#o.assertOpen();
    if (this.#unloading !== undefined) throw new DeviceClosedError('the program was unloaded');
  }

  #handleOf({ start }: DriverRun): number | null {
    if (start.kind !== 'resume') return null;
    const run = this.#handles.get(start.handle);
    if (run !== undefined) return run;
    throw new DeviceClosedError('the state was released, or belongs to another program or device', {
      where: 'start.handle',
    });
  }

  #keep(run: number): StateHandle {
    const handle = {
      release: (): void => {
        if (this.#handles.delete(handle)) this.#o.process.notify({ type: 'release', handle: run });
      },
    };
    this.#handles.set(handle, run);
    return handle;
  }
}

/** The listeners of one run. Traced sweeps are heard one at a time, each acknowledged when it is done; a listener that throws ends the run. */
class RunListeners {
  /** What a listener threw, or what was wrong with the trace. */
  failure: { readonly error: unknown } | undefined;
  /** Settles when every listener that was called is done. */
  heard: Promise<void> = Promise.resolve();
  readonly #q: DriverRun;
  readonly #banks: readonly BankLayout[];
  readonly #process: DriverProcess;

  constructor(q: DriverRun, banks: readonly BankLayout[], process: DriverProcess) {
    this.#q = q;
    this.#banks = banks;
    this.#process = process;
  }

  progress(request: Request<'result'>, sweeps: number): void {
    try {
      this.#q.onProgress?.(sweeps);
    } catch (error) {
      this.#fail(request, error);
    }
  }

  trace(
    request: Request<'result'>,
    message: DeviceMessageOf<'trace'>,
    parts: readonly Uint8Array<ArrayBuffer>[],
  ): void {
    this.heard = this.heard.then(async () => {
      if (this.failure !== undefined) return;
      try {
        const traced = tracedBanks(this.#q, this.#banks, { message, parts });
        await this.#process.whileListening(async () => this.#q.trace?.(message.sweep, traced));
        this.#process.notify({ type: 'traced', to: request.id, sweep: message.sweep });
      } catch (error) {
        this.#fail(request, error);
      }
    });
  }

  #fail(request: Request<'result'>, error: unknown): void {
    this.failure ??= { error };
    request.cancel();
  }
}
