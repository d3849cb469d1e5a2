/** Faults that show with several runs in flight, or with runs that are cancelled (M46, M47, M52). */
import type { DeviceProfile, DriverResult } from '@isinglass/sdk';
import { declaring } from './capability-faults.ts';
import type { Spoiler } from './spoiled-driver.ts';

/** Two runs in flight get each other's results (M46). */
export function resultsSwapped(): Spoiler {
  let waiting: {
    readonly result: Promise<DriverResult>;
    readonly swap: (theirs: Promise<DriverResult>) => void;
  } | null = null;
  return {
    async run(q, run) {
      const result = run(q);
      if (waiting !== null) {
        const first = waiting;
        waiting = null;
        first.swap(result);
        return await first.result;
      }
      const { promise: theirs, resolve: swap } = Promise.withResolvers<DriverResult>();
      const mine = { result, swap };
      waiting = mine;
      const settled = result.then(
        () => {},
        () => {},
      );
      await Promise.race([theirs, settled]);
      // Alone in flight: nobody to swap with.
      if (waiting !== mine) return await theirs;
      waiting = null;
      return await result;
    },
  };
}

/** A run that is cancelled never settles (M47). */
export const cancelledNeverSettles = (): Spoiler => ({
  async run(q, run) {
    const result = run(q);
    const { promise: never } = Promise.withResolvers<never>();
    return await result.catch((error) => (q.signal.aborted ? never : Promise.reject(error)));
  },
});

/** The profile states a latency of `statedMs`; a run that is cancelled settles `lateMs` after the device inside has settled it. */
export const cancelledSettlesLate = (
  profile: DeviceProfile,
  o: { readonly statedMs: number; readonly lateMs: number },
): Spoiler => ({
  ...declaring(profile, { cancel: { latencyMs: o.statedMs } }),
  async run(q, run) {
    try {
      return await run(q);
    } finally {
      if (q.signal.aborted) await new Promise((resolve) => setTimeout(resolve, o.lateMs));
    }
  },
});

/** A cancelled run goes on to its end and resolves. */
export const cancelIgnored = (): Spoiler => ({
  run: (q, run) => run({ ...q, signal: new AbortController().signal }),
});

/** Once as many runs are in flight as the profile allows, they wait for each other for ever (M52). */
export function deadlockAtLimit({ batch }: DeviceProfile): Spoiler {
  let inFlight = 0;
  let locked = false;
  return {
    async run(q, run) {
      inFlight++;
      locked ||= batch.inFlight > 1 && inFlight >= batch.inFlight;
      try {
        const result = await run(q);
        return locked ? await Promise.withResolvers<never>().promise : result;
      } finally {
        inFlight--;
      }
    },
  };
}
