/** Cycles of machines with a complete graph. */

/** A sweep over N spins, one after the other, k of them worked out ahead (pc-COP, devices.md 5.3): ⌈N/k⌉ + 1. */
export const denseSerialSweepCycles = (o: { readonly spins: number; readonly parallelPaths: number }): number =>
  Math.ceil(o.spins / o.parallelPaths) + 1;

/** One step of all N spins at once over P adders (bifurcation machines, devices.md 5.4): ⌈N²/P⌉ + t_fill. */
export const denseSynchronousStepCycles = (o: {
  readonly spins: number;
  readonly adders: number;
  readonly fillCycles: number;
}): number => Math.ceil(o.spins ** 2 / o.adders) + o.fillCycles;
