/** Waiting that ends when a run is aborted. */
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

/** Timers and messages have their turn; a message to oneself where there is no `setImmediate`: timers of browsers wait 4 ms. */
function eventLoopTurn(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const immediate: ((callback: () => void) => unknown) | undefined = globalThis.setImmediate;
  if (immediate !== undefined) {
    immediate(resolve);
    return promise;
  }
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener('message', () => {
    port1.close();
    resolve();
  });
  port1.start();
  port2.postMessage(null);
  return promise;
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
