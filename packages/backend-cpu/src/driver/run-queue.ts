/**
 * Runs start in call order, one at a time: a second thread of work on one core would only slow the first. A run that
 * waits may leave early, by being aborted; the place it held is skipped.
 */
export class RunQueue {
  #last: Promise<void> = Promise.resolve();
  #unsettled = 0;

  /** Runs called and not settled. */
  get unsettled(): number {
    return this.#unsettled;
  }

  /** Runs `job` when all earlier ones have settled. Rejects early, without running it, when a signal is aborted first. */
  async run<T>(signals: readonly AbortSignal[], job: () => Promise<T>): Promise<T> {
    const before = this.#last;
    const { promise: settled, resolve: settle } = Promise.withResolvers<void>();
    // The place in line is kept until both this run and all before it are over.
    this.#last = Promise.all([before, settled]).then(() => undefined);
    this.#unsettled++;
    try {
      await turnOrAbort(before, signals);
      return await job();
    } finally {
      this.#unsettled--;
      settle();
    }
  }

  /** Resolves when every run called so far has settled. */
  idle(): Promise<void> {
    return this.#last;
  }
}

async function turnOrAbort(turn: Promise<void>, signals: readonly AbortSignal[]): Promise<void> {
  for (const signal of signals) signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const listeners = signals.map((signal) => {
    const listener = (): void => reject(signal.reason);
    signal.addEventListener('abort', listener);
    return () => signal.removeEventListener('abort', listener);
  });
  turn.then(resolve, reject);
  try {
    await promise;
  } finally {
    for (const remove of listeners) remove();
  }
}
