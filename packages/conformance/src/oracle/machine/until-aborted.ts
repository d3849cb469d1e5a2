/** Waiting that ends when a run is aborted. */
import { setImmediate as eventLoopTurn } from 'node:timers/promises';

/** Settles as the promise does, or rejects with the reason of the first aborted signal. */
export async function untilAborted<T>(promise: PromiseLike<T> | T, signals: readonly AbortSignal[]): Promise<T> {
  for (const signal of signals) signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const listeners = signals.map((signal) => {
    const stop = (): void => aborted.reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    return () => signal.removeEventListener('abort', stop);
  });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    for (const remove of listeners) remove();
  }
}

/** Longest stretch of work between two turns of the event loop, in ms. */
const sliceMs = 5;

/** Gives timers and aborts their turn. */
export class Pace {
  readonly #signals: readonly AbortSignal[];
  #until = performance.now() + sliceMs;

  constructor(signals: readonly AbortSignal[]) {
    this.#signals = signals;
  }

  /** Whether it is time to call `turn`. */
  due(): boolean {
    return performance.now() >= this.#until;
  }

  /** Lets the event loop turn once; rejects with the reason of the first aborted signal. */
  async turn(): Promise<void> {
    await eventLoopTurn();
    for (const signal of this.#signals) signal.throwIfAborted();
    this.#until = performance.now() + sliceMs;
  }
}
