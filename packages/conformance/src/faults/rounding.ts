/** Rounding of numbers to multiples of a step. */
import type { RoundingRule } from './sampler-fault.ts';

/** `toward`: `nearest` takes halves up. */
export function rounded(
  value: number,
  { step, toward }: { readonly step: number; readonly toward: RoundingRule },
): number {
  const steps = value / step;
  if (toward === 'nearest') return Math.floor(steps + 0.5) * step;
  return (toward === 'floor' ? Math.floor(steps) : Math.trunc(steps)) * step;
}
