/** Requests and answers of a driver's process: every request settles, whatever the process does. */
import type { IsinglassError } from '@isinglass/sdk';
import * as v from 'valibot';
import { ChildDriverProcess, type ProcessEnd } from './child-process.ts';
import { errorOf, obituary } from './exec-errors.ts';
import { type Frame, ProtocolError } from './frames.ts';
import { type DeviceMessage, type DeviceMessageOf, deviceMessageSchema, type HostMessage } from './messages.ts';

/** Messages that end a request, other than `error`. */
export type AnswerType = 'welcome' | 'planned' | 'loaded' | 'program' | 'result' | 'done';
export type Parts = readonly Uint8Array<ArrayBuffer>[];

export interface Answer<T extends AnswerType> {
  readonly message: DeviceMessageOf<T>;
  readonly parts: Parts;
}

export interface RequestOptions<T extends AnswerType> {
  /** What answers it. */
  readonly answer: T;
  readonly parts?: readonly Uint8Array[];
  /** What comes before the answer. */
  readonly onMessage?: (message: DeviceMessageOf<'progress' | 'trace'>, parts: Parts) => void;
}

/** A request in flight. */
export interface Request<T extends AnswerType> {
  readonly id: number;
  /** Rejects with an error of the sdk. */
  readonly answer: Promise<Answer<T>>;
  /** Makes a cancelled request recognisable: `aborted` is then the answer that it should be. */
  cancel(): void;
}

export interface ProcessOptions {
  /** Makes the error that everything in flight ends with. `absent`: there is no such program. */
  readonly lose: (message: string, end: ProcessEnd) => IsinglassError;
  /** Sees every message of both directions, in order. */
  readonly onMessage?: (from: 'host' | 'device', message: HostMessage | DeviceMessage) => void;
}

interface Pending {
  readonly answer: AnswerType;
  readonly onMessage: RequestOptions<AnswerType>['onMessage'];
  readonly resolve: (answer: Answer<AnswerType>) => void;
  readonly reject: (error: unknown) => void;
}

type HostRequest<M> = M extends { readonly id: number } ? Omit<M, 'id'> : never;

/** What a request that was cancelled rejects with when the device complies. */
export const aborted = Symbol('aborted');

export class DriverProcess {
  readonly command: readonly [string, ...string[]];
  readonly #child: ChildDriverProcess;
  readonly #options: ProcessOptions;
  readonly #pending = new Map<number, Pending>();
  readonly #cancelled = new Set<number>();
  #lastId = 0;
  #lost: IsinglassError | undefined;
  #lastActivityAt = 0;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #silenceMs: number | undefined;
  /** Trace listeners of the host at work: the process rightly waits for them. */
  #listeners = 0;

  constructor(command: readonly [string, ...string[]], options: ProcessOptions) {
    this.command = command;
    this.#options = options;
    this.#child = new ChildDriverProcess(command, {
      onFrame: (frame) => this.#take(frame),
      onActivity: () => {
        this.#lastActivityAt = performance.now();
      },
      onEnd: (what, end) => this.lose(what, end),
    });
  }

  /** From now on a process that has something to answer and neither reads nor writes for so long is lost. */
  watch(silenceMs: number): void {
    this.#silenceMs = silenceMs;
  }

  request<T extends AnswerType>(message: HostRequest<HostMessage>, o: RequestOptions<T>): Request<T> {
    if (this.#lost !== undefined) throw this.#lost;
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<Answer<AnswerType>>();
    this.#pending.set(id, { answer: o.answer, onMessage: o.onMessage as Pending['onMessage'], resolve, reject });
    this.#watchSilence();
    this.#send({ ...message, id } as HostMessage, o.parts);
    return {
      id,
      answer: promise as Promise<unknown> as Promise<Answer<T>>,
      cancel: () => {
        if (!this.#pending.has(id) || this.#cancelled.has(id)) return;
        this.#cancelled.add(id);
        this.notify({ type: 'cancel', to: id });
      },
    };
  }

  /** A message that nothing answers; not sent to a lost process, nor about a request that has been answered. */
  notify(message: Extract<HostMessage, { type: 'cancel' | 'traced' | 'release' }>): void {
    if (this.#lost === undefined && (!('to' in message) || this.#pending.has(message.to))) this.#send(message);
  }

  /** Runs something of the host that the process has to wait for. */
  async whileListening<T>(work: () => Promise<T>): Promise<T> {
    this.#listeners++;
    try {
      return await work();
    } finally {
      this.#listeners--;
      this.#lastActivityAt = performance.now();
    }
  }

  /** Ends everything in flight with the reason, without an answer; `stop` is to follow. */
  failAll(reason: unknown): void {
    for (const { reject } of this.#pending.values()) reject(reason);
    this.#pending.clear();
    clearTimeout(this.#watch);
    this.#watch = undefined;
  }

  /** Asks the process to end, and ends it. Idempotent. */
  async stop(graceMs: number): Promise<void> {
    if (this.#lost === undefined) this.#send({ type: 'close', id: ++this.#lastId });
    await this.#child.stop(this.#lost === undefined ? graceMs : 0);
  }

  /** The process is of no use any more: it is killed, and everything in flight rejects. */
  lose(what: string, end: ProcessEnd = 'broken'): void {
    if (this.#lost !== undefined) return;
    this.#lost = this.#options.lose(obituary(this.command, what, this.#child.lastWords), end);
    this.#child.kill('SIGKILL');
    this.failAll(this.#lost);
    void this.#child.stop(0);
  }

  #send(message: HostMessage, parts?: readonly Uint8Array[]): void {
    this.#options.onMessage?.('host', message);
    void this.#child.send(message, parts);
  }

  #take({ message: json, parts }: Frame): void {
    const parsed = v.safeParse(deviceMessageSchema, json);
    if (!parsed.success) {
      const [issue] = parsed.issues;
      const place = v.getDotPath(issue) ?? 'the message';
      throw new ProtocolError(`a message that is none of the protocol: ${place}: ${issue.message}`);
    }
    const message = parsed.output;
    this.#options.onMessage?.('device', message);
    if (message.type === 'alive') return;
    if (message.type === 'lost') {
      this.lose(`it says: ${message.message}`);
      return;
    }
    const pending = this.#pending.get(message.to);
    if (pending === undefined) {
      throw new ProtocolError(`a message of type "${message.type}" to request ${message.to}, which is not in flight`);
    }
    if (message.type === 'progress' || message.type === 'trace') {
      if (pending.answer !== 'result') throw new ProtocolError(`"${message.type}" to a request that is no run`);
      pending.onMessage?.(message, parts);
      return;
    }
    if (message.type !== 'error' && message.type !== pending.answer) {
      throw new ProtocolError(`"${message.type}" where "${pending.answer}" answers`);
    }
    this.#pending.delete(message.to);
    const wasCancelled = this.#cancelled.delete(message.to);
    if (message.type !== 'error') pending.resolve({ message, parts });
    else pending.reject(wasCancelled && message.code === 'aborted' ? aborted : errorOf(message));
  }

  /** One timer while anything is in flight. */
  #watchSilence(): void {
    const silenceMs = this.#silenceMs;
    if (this.#watch !== undefined || silenceMs === undefined) return;
    this.#lastActivityAt = performance.now();
    const check = (): void => {
      this.#watch = undefined;
      if (this.#pending.size === 0) return;
      const silent = this.#listeners > 0 ? 0 : performance.now() - this.#lastActivityAt;
      if (silent >= silenceMs) this.lose(`it neither read nor wrote anything for ${silenceMs} ms`);
      else this.#watch = setTimeout(check, silenceMs - silent);
    };
    this.#watch = setTimeout(check, silenceMs);
  }
}
