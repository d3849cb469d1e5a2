/** Long computations on the thread that also serves everything else: work in slices, the event loop in between. */

/** Time between two turns of the event loop. The promise is 10 ms; one slice of work and the timer's error fit between. */
const sliceMs = 4;

/**
 * Lets timers, input and messages have their turn. `setImmediate` where there is one; a message to oneself in browsers,
 * where timers are clamped to 4 ms.
 */
export function eventLoopTurn(): Promise<void> {
  const immediate: ((callback: () => void) => unknown) | undefined = globalThis.setImmediate;
  return new Promise((resolve) => {
    if (immediate !== undefined) {
      immediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(null);
  });
}

/** Drains work and gives the event loop its turns; stops with the reason when one of the signals is aborted. */
export class Slicer {
  /** Work stops between two slices when one of them is aborted. */
  readonly signals: readonly AbortSignal[];
  #until = performance.now() + sliceMs;

  constructor(signals: readonly AbortSignal[]) {
    this.signals = signals;
  }

  /**
   * Runs the work to its end; its result. Rejects with the reason of the first aborted signal, between two slices; work that is abandoned
   * so gets its `finally` blocks.
   */
  async drain<T>(work: Generator<void, T, void>): Promise<T> {
    try {
      for (;;) {
        const step = work.next();
        if (step.done === true) return step.value;
        if (performance.now() >= this.#until) await this.#turn();
      }
    } finally {
      // Nothing happens where it has ended.
      work.return(undefined as never);
    }
  }

  /** To be called between two slices of work that is no generator: gives the event loop its turn where one is due, and then rejects when a signal is aborted. */
  async pause(): Promise<void> {
    if (performance.now() >= this.#until) await this.#turn();
  }

  /** Rejects when a signal is aborted. */
  check(): void {
    for (const signal of this.signals) signal.throwIfAborted();
  }

  async #turn(): Promise<void> {
    await eventLoopTurn();
    this.check();
    this.#until = performance.now() + sliceMs;
  }
}
