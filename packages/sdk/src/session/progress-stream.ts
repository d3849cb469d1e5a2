/** The promise of a report and the progress on the way to it. A slow reader sees the newest progress, not every step. */
import type { Progress, RunReport, SessionRun } from './session-options.ts';

export class ProgressStream implements SessionRun {
  readonly #report: Promise<RunReport>;
  readonly #waiting = new Set<() => void>();
  #latest: Progress | undefined;
  #version = 0;
  #ended = false;

  constructor(report: Promise<RunReport>) {
    this.#report = report;
    report.then(this.#end, this.#end);
  }

  push(progress: Progress): void {
    this.#latest = progress;
    this.#version++;
    this.#wake();
  }

  // biome-ignore lint/suspicious/noThenProperty: a run is awaited for its report (architecture section 3).
  then<A = RunReport, B = never>(
    onReport?: ((report: RunReport) => A | PromiseLike<A>) | null,
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#report.then(onReport, onError);
  }

  /** Ends with the run; throws what the run rejects with. Leaving the loop does not stop the run. */
  async *[Symbol.asyncIterator](): AsyncIterator<Progress> {
    let seen = 0;
    for (;;) {
      if (this.#latest !== undefined && this.#version > seen) {
        seen = this.#version;
        yield this.#latest;
      } else if (this.#ended) {
        await this.#report;
        return;
      } else {
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#waiting.add(resolve);
        await promise;
      }
    }
  }

  readonly #end = (): void => {
    this.#ended = true;
    this.#wake();
  };

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
