/**
 * Runs start in call order, one at a time: a second thread of work on one core would only slow the first. A run that
 * waits may leave early, by being aborted; the place it held is skipped.
 */
import { untilAborted } from './until-aborted.ts';

/** Unsettled runs: one at work, and the next one already waiting, so that it starts without asking the caller. */
export const inFlightMax = 2;

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
      await untilAborted(before, signals);
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
