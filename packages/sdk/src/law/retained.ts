/** Which sweeps of a run are retained (semantics 1.7). The reference has its own: it is compared with what uses this one. */

/** Retained sweeps of a run: K. */
export function retainedCount(run: {
  readonly sweeps: number;
  readonly burnIn: number;
  readonly stride: number;
}): number {
  return Math.floor((run.sweeps - run.burnIn) / run.stride);
}

/** Which retained sweep sweep t is (0, 1, …), or −1. */
export function retainedIndex(run: { readonly burnIn: number; readonly stride: number }, t: number): number {
  const since = t - run.burnIn;
  return since > 0 && since % run.stride === 0 ? since / run.stride - 1 : -1;
}
