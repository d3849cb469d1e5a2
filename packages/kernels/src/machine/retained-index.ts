/**
 * Which retained sweep sweep t is (0, 1, …), or −1 (semantics 1.7). The sdk's function, once more: threads load the kernels
 * and the code around them, and the sdk would cost each of them 10 ms of its start.
 */
export function retainedIndex(run: { readonly burnIn: number; readonly stride: number }, t: number): number {
  const since = t - run.burnIn;
  return since > 0 && since % run.stride === 0 ? since / run.stride - 1 : -1;
}
