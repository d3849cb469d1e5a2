/**
 * Runs start in call order, one at a time: a second run on the same machines would only slow the first. The next one waits
 * beside it, so that it starts without asking the caller. A run that waits may leave early, by being aborted; the place it
 * held is skipped.
 */
import { untilAborted } from './until-aborted.ts';

export class RunQueue {
  /** Runs that may be unsettled: one at work, the others waiting. The caller asks before it adds one. */
  readonly inFlightMax: number;
  #last: Promise<void> = Promise.resolve();
  #unsettled = 0;

  constructor(inFlightMax: number) {
    this.inFlightMax = inFlightMax;
  }

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
}
