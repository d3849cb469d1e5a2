/** How a promise of the device ended. */
import { DeadlineMissed } from './within.ts';

export type Outcome<T> =
  | { readonly settled: 'resolved'; readonly value: T; readonly at: number }
  | { readonly settled: 'rejected'; readonly reason: unknown; readonly at: number };

/** Resolves when the promise settles, `at` by performance.now() in ms. A missed deadline is no outcome: it rejects as it is. */
export async function outcomeOf<T>(promise: Promise<T>): Promise<Outcome<T>> {
  try {
    const value = await promise;
    return { settled: 'resolved', value, at: performance.now() };
  } catch (reason) {
    if (reason instanceof DeadlineMissed) throw reason;
    return { settled: 'rejected', reason, at: performance.now() };
  }
}
