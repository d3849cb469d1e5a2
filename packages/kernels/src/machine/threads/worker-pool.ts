import { DeviceClosedError, DeviceLostError } from '@isinglass/sdk';
import { nodeThreads, PoolWorker } from './pool-worker.ts';
import type { Workers, WorkersOptions } from './workers.ts';

/** Something asked for, with the workers that it is for. Jobs go out in call order: the first one that has to wait holds up the rest. */
interface Job {
  /** One idle worker; the first ones, all idle; every worker, idle or not. */
  readonly on: 'one' | 'first' | 'every';
  readonly messages: readonly unknown[];
  readonly resolve: (replies: readonly unknown[]) => void;
  readonly reject: (reason: unknown) => void;
}

/** Threads of Node, each spawned when it is first needed. An idle pool does not keep the process alive. */
export class WorkerPool<I, M, R> implements Workers<M, R> {
  readonly size: number;
  readonly #options: WorkersOptions<I, M, R>;
  readonly #workers: PoolWorker[] = [];
  readonly #queue: Job[] = [];
  readonly #lost = new AbortController();
  #closing: Promise<void> | undefined;
  /** Why nothing can be asked any more. */
  #over: DeviceClosedError | DeviceLostError | undefined;

  constructor(size: number, options: WorkersOptions<I, M, R>) {
    this.size = size;
    this.#options = options;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async run(message: M): Promise<R> {
    const [reply] = await this.#ask('one', [message]);
    return reply as R;
  }

  async runTogether(messages: readonly M[]): Promise<readonly R[]> {
    if (messages.length > this.size) {
      throw new TypeError(`${messages.length} messages together on ${this.size} threads`);
    }
    return (await this.#ask('first', messages)) as readonly R[];
  }

  async broadcast(message: M): Promise<void> {
    await this.#ask(
      'every',
      Array.from({ length: this.size }, () => message),
    );
  }

  close(): Promise<void> {
    this.#closing ??= this.#end(new DeviceClosedError('the device was closed'));
    return this.#closing;
  }

  #ask(on: Job['on'], messages: readonly M[]): Promise<readonly unknown[]> {
    if (this.#over !== undefined) return Promise.reject(this.#over);
    const { promise, resolve, reject } = Promise.withResolvers<readonly unknown[]>();
    this.#queue.push({ on, messages, resolve, reject });
    this.#dispatch();
    return promise;
  }

  /** Gives the first jobs to their workers, as far as those are ready. */
  #dispatch(): void {
    for (;;) {
      const job = this.#queue[0];
      const workers = job === undefined ? undefined : this.#workersFor(job);
      if (job === undefined || workers === undefined) return;
      this.#queue.shift();
      void this.#give(job, workers);
    }
  }

  async #give({ messages, resolve, reject }: Job, workers: readonly PoolWorker[]): Promise<void> {
    const answers = await Promise.allSettled(
      workers.map(async (worker, n) => {
        try {
          return await worker.ask(messages[n]);
        } finally {
          this.#dispatch();
        }
      }),
    );
    const failure = answers.find((answer) => answer.status === 'rejected');
    if (failure === undefined)
      resolve(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : undefined)));
    else reject(failure.reason);
  }

  /** Undefined: one of them is busy, or cannot be spawned. */
  #workersFor({ on, messages: { length } }: Job): readonly PoolWorker[] | undefined {
    if (on === 'one') {
      const worker = this.#workers.find(({ idle }) => idle) ?? this.#spawn();
      return worker === undefined ? undefined : [worker];
    }
    if (on === 'first' && !this.#workers.slice(0, length).every(({ idle }) => idle)) return undefined;
    while (this.#workers.length < length) {
      if (this.#spawn() === undefined) return undefined;
    }
    return this.#workers.slice(0, length);
  }

  /** One more thread; undefined when there are as many as there may be, or the system does not give one. */
  #spawn(): PoolWorker | undefined {
    if (this.#workers.length === this.size) return undefined;
    const { handler, init } = this.#options;
    try {
      const threads = nodeThreads();
      if (threads === undefined) throw new TypeError('there are no threads here');
      const worker = new PoolWorker(threads, {
        start: { handlerUrl: handler.handlerUrl, init: init() },
        name: `isinglass ${this.#workers.length + 1}`,
        onDeath: (cause) => this.#lose(cause),
      });
      this.#workers.push(worker);
      return worker;
    } catch (e) {
      this.#lose(e);
      return undefined;
    }
  }

  #lose(cause: unknown): void {
    if (this.#over !== undefined) return;
    const fact = cause instanceof Error ? cause.message : String(cause);
    const reason = new DeviceLostError(`a thread of the device died: ${fact}; open the device again`, { cause });
    this.#lost.abort(reason);
    this.#closing = this.#end(reason);
  }

  async #end(reason: DeviceClosedError | DeviceLostError): Promise<void> {
    this.#over = reason;
    for (const job of this.#queue.splice(0)) job.reject(reason);
    await Promise.all(this.#workers.splice(0).map((worker) => worker.end(reason)));
  }
}
