/** Cycles of a sweep where every spin has a circuit of its own (devices.md 5.1): k for each of C colors, or one where the clocks of colors are shifted in phase. */
export const fabricSweepCycles = (o: {
  readonly colors: number;
  /** k. */
  readonly cyclesPerColor: number;
  readonly phases: 'sequential' | 'shifted';
}): number => (o.phases === 'shifted' ? 1 : o.colors * o.cyclesPerColor);
