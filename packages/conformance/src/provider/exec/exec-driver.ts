/**
 * A device behind a process that speaks `isinglass-driver/1` (see messages.ts). Whatever the process does — it ends, hangs, writes something else
 * or half a message, closes a pipe — every promise settles with an error of the sdk, `lost` tells, and no process is left behind.
 */
import {
  BackendError,
  contractVersion,
  DeviceClosedError,
  DeviceLostError,
  type DeviceProfile,
  type Driver,
  InvalidRequestError,
  type LoadedProgram,
  type LoadOptions,
  type Misfit,
  type Plan,
  type Program,
  parseDeviceProfile,
  UnsupportedError,
  writeProgram,
} from '@isinglass/sdk';
import type { ProcessEnd } from './child-process.ts';
import { type Answer, aborted, DriverProcess, type ProcessOptions } from './driver-process.ts';
import { ExecProgram } from './exec-program.ts';
import { protocolName } from './messages.ts';
import { planByProcess, planByProfile } from './plans.ts';

export interface ExecOptions {
  /** The program and its arguments; no shell takes part. */
  readonly command: readonly [string, ...string[]];
  readonly signal?: AbortSignal;
  /** For hello to be answered. Default 30 000. */
  readonly helloMs?: number;
  /** A process that has something to answer and neither reads nor writes for so long is lost. Default 60 000. */
  readonly silenceMs?: number;
  /** For the process to end by itself when it is closed. Default 2000. */
  readonly graceMs?: number;
  /** Sees every message of both directions. */
  readonly onMessage?: ProcessOptions['onMessage'];
}

interface OpenedProcess {
  readonly process: DriverProcess;
  readonly lost: AbortSignal;
  readonly profile: DeviceProfile;
  readonly plan: 'profile' | 'ask';
}

export class ExecDriver implements Driver {
  readonly profile: DeviceProfile;
  readonly lost: AbortSignal;
  readonly #process: DriverProcess;
  readonly #planBy: OpenedProcess['plan'];
  readonly #options: ExecOptions;
  /** Plans of a process: they are pure, so one question per program is enough. */
  readonly #plans = new Map<string, Plan | readonly Misfit[]>();
  #closing: Promise<void> | undefined;

  private constructor({ process, lost, profile, plan }: OpenedProcess, options: ExecOptions) {
    this.#process = process;
    this.lost = lost;
    this.profile = profile;
    this.#planBy = plan;
    this.#options = options;
  }

  /**
   * Starts the process and greets it. Throws InvalidRequestError when there is no such program, what the process answers to hello (such as
   * DeviceBusyError, or DeviceUnavailableError), BackendError when it answers nothing of use in time, UnsupportedError('protocol').
   */
  static async open(o: ExecOptions): Promise<ExecDriver> {
    o.signal?.throwIfAborted();
    const opening = new Opening();
    const { command, silenceMs = 60_000, helloMs = 30_000, onMessage } = o;
    const process = new DriverProcess(command, {
      lose: (message, end) => opening.lose(message, end),
      ...(onMessage === undefined ? {} : { onMessage }),
    });
    const abort = (): void => process.failAll(o.signal?.reason);
    const timer = setTimeout(() => process.lose(`it did not answer hello within ${helloMs} ms`), helloMs);
    o.signal?.addEventListener('abort', abort);
    try {
      const hello = { type: 'hello', protocol: protocolName, contract: contractVersion, purpose: 'device' } as const;
      const { message } = await process.request(hello, { answer: 'welcome' }).answer;
      if (message.protocol !== protocolName) {
        throw new UnsupportedError('protocol', `the driver process speaks ${message.protocol}, not ${protocolName}`);
      }
      const profile = profileOf(message.profile);
      opening.done = true;
      process.watch(silenceMs);
      return new ExecDriver({ process, lost: opening.lost, profile, plan: message.plan }, o);
    } catch (error) {
      process.failAll(error);
      void process.stop(0);
      throw error;
    } finally {
      clearTimeout(timer);
      o.signal?.removeEventListener('abort', abort);
    }
  }

  /** By the profile, or by a process of its own, which is waited for: a plan has no promise. */
  plan(program: Program): Plan | readonly Misfit[] {
    this.#assertOpen();
    if (this.#planBy === 'profile') return planByProfile(program, this.profile);
    const known = this.#plans.get(program.hash);
    if (known !== undefined) return known;
    const plan = planByProcess(program, this.#options.command, this.#options.helloMs ?? 30_000);
    this.#plans.set(program.hash, plan);
    return plan;
  }

  async load(program: Program, { signal }: LoadOptions): Promise<LoadedProgram> {
    this.#assertOpen();
    signal?.throwIfAborted();
    const bytes = writeProgram(program);
    const request = this.#process.request(
      { type: 'load', parts: [bytes.length] },
      { answer: 'loaded', parts: [bytes] },
    );
    signal?.addEventListener('abort', request.cancel);
    let answer: Answer<'loaded'>;
    try {
      answer = await request.answer;
    } catch (error) {
      throw error === aborted || signal?.aborted === true ? signal?.reason : error;
    } finally {
      signal?.removeEventListener('abort', request.cancel);
    }
    const loaded = new ExecProgram({
      process: this.#process,
      program,
      id: request.id,
      effective: answer.message.effective,
      assertOpen: () => this.#assertOpen(),
    });
    if (signal?.aborted !== true) return loaded;
    await loaded.unload();
    throw signal.reason;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#process.failAll(new DeviceClosedError('the device was closed'));
    await this.#process.stop(this.#options.graceMs ?? 2000);
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new DeviceClosedError('the device is closed');
    this.lost.throwIfAborted();
  }
}

/** What the end of a process means: before its welcome nothing is lost, there only is no device. */
class Opening {
  done = false;
  readonly #lost = new AbortController();

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  lose(message: string, end: ProcessEnd): BackendError | DeviceLostError | InvalidRequestError {
    if (this.done) {
      const error = new DeviceLostError(message);
      this.#lost.abort(error);
      return error;
    }
    return end === 'absent' ? new InvalidRequestError(message, { where: 'uri' }) : new BackendError(message);
  }
}

function profileOf(json: unknown): DeviceProfile {
  try {
    return parseDeviceProfile(json);
  } catch (cause) {
    throw new BackendError(`the driver process states a profile that is not valid: ${(cause as Error).message}`, {
      cause,
    });
  }
}
