/** One thread of a pool: its messages and their answers in order; it keeps the process alive only while it owes one. */
import type { Worker } from 'node:worker_threads';
import type { Answer, WorkerStart } from './worker-main.ts';

type Threads = typeof import('node:worker_threads');

/**
 * The threads of Node; undefined where there are none. Asked for at run time, so that this file can be bundled for browsers,
 * which never call it.
 */
export function nodeThreads(): Threads | undefined {
  if (typeof process === 'undefined' || typeof process.getBuiltinModule !== 'function') return undefined;
  return process.getBuiltinModule('node:worker_threads');
}

interface Pending {
  readonly resolve: (reply: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** Sources are TypeScript in development and JavaScript when published: the extension of this file tells. */
function workerMain(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./worker-main.${extension}`, import.meta.url);
}

export class PoolWorker {
  readonly #worker: Worker;
  readonly #pending: Pending[] = [];

  /** `onDeath` is called once, when the thread ends without having been ended. */
  constructor(
    threads: Threads,
    o: { readonly start: WorkerStart; readonly name: string; readonly onDeath: (cause: unknown) => void },
  ) {
    this.#worker = new threads.Worker(workerMain(), {
      workerData: o.start,
      name: o.name,
      // A flag about text on the command line, which threads would inherit and refuse to start with.
      ...(process.execArgv.some((flag) => flag.startsWith('--input-type')) ? { execArgv: [] } : {}),
    });
    this.#worker
      .on('message', (answer: Answer) => this.#settle(answer))
      .on('error', o.onDeath)
      .on('messageerror', o.onDeath)
      .on('exit', (code) => o.onDeath(new Error(`the thread ended with exit code ${code}`)));
    // After the listeners, which would hold the process.
    this.#worker.unref();
  }

  get idle(): boolean {
    return this.#pending.length === 0;
  }

  /** Its answer; rejects with what the handler throws, or what `end` says. */
  ask(message: unknown): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    try {
      this.#worker.postMessage(message);
    } catch (e) {
      // A message that cannot be cloned: this thread's mistake, the other one never saw it.
      reject(e);
      return promise;
    }
    if (this.idle) this.#worker.ref();
    this.#pending.push({ resolve, reject });
    return promise;
  }

  /** Stops the thread wherever it is; what is pending rejects with `reason`. */
  async end(reason: unknown): Promise<void> {
    this.#worker.removeAllListeners();
    for (const { reject } of this.#pending.splice(0)) reject(reason);
    // An error on the way out concerns nobody, but without a listener it would end the process.
    this.#worker.on('error', () => {});
    await this.#worker.terminate();
    this.#worker.removeAllListeners();
  }

  #settle(answer: Answer): void {
    const pending = this.#pending.shift();
    if (this.idle) this.#worker.unref();
    if ('error' in answer) pending?.reject(answer.error);
    else pending?.resolve(answer.reply);
  }
}
