/** What a process records while it times repetitions: CPU time and the delay of its event loop. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** The histogram records the distance of ticks of this length: what is above is delay. */
const resolutionMs = 1;

export class TimedSections {
  readonly #loop = monitorEventLoopDelay({ resolution: resolutionMs });
  #worstP99Ms = 0;
  #cpuMicroseconds = 0;
  #wallMs = 0;

  /** Runs and records `work`; sections do not overlap. */
  async record<T>(work: () => Promise<T>): Promise<T> {
    const cpu = process.cpuUsage();
    const started = performance.now();
    this.#loop.enable();
    try {
      return await work();
    } finally {
      this.#loop.disable();
      // The next section begins with an empty histogram.
      this.#worstP99Ms = Math.max(this.#worstP99Ms, this.#loop.percentile(99) / 1e6 - resolutionMs);
      this.#wallMs += performance.now() - started;
      const { user, system } = process.cpuUsage(cpu);
      this.#cpuMicroseconds += user + system;
    }
  }

  /** CPU seconds of the process per wall-clock second and thread. */
  cpuShare(threads: number): number {
    return this.#cpuMicroseconds / 1000 / this.#wallMs / threads;
  }

  /** 99th percentile in the worst section; 0 where no tick was recorded. */
  get loopDelayP99Ms(): number {
    return this.#worstP99Ms;
  }
}

/** The largest resident set of this process so far. */
export const peakBytes = (): number => process.resourceUsage().maxRSS * 1024;
