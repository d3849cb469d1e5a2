/**
 * Sample sizes of the two-stage rule's screen. Power is that of one stage: the confirmation takes four times as many samples, so that it rejects
 * almost surely whatever the screen rejects at its resolution (resolution.ts has both).
 */
import { chiSquareCritical, noncentralChiSquareTail } from './chi-square.ts';
import { normalQuantile } from './normal.ts';

/** Level of a stage, and the power that sample sizes are made for. */
export const stageLevel = 1e-3;
export const stagePower = 0.999;

/**
 * K(m) = (z at level / 2m + z at power)²: samples times squared shift for a two-sided z test of m hypotheses under Bonferroni's bound, which Holm's
 * rule never exceeds.
 */
export function shiftConstant(hypotheses: number): number {
  if (!(hypotheses >= 1)) throw new RangeError(`${hypotheses} hypotheses`);
  return (normalQuantile(stagePower) - normalQuantile(stageLevel / (2 * hypotheses))) ** 2;
}

/** L(d): the noncentrality at which a χ² test with d degrees of freedom has the stage's power. `hypotheses`: as many such tests, default 1. */
export function noncentralityConstant(degrees: number, hypotheses = 1): number {
  if (!(degrees > 0)) throw new RangeError(`${degrees} degrees of freedom`);
  if (!(hypotheses >= 1)) throw new RangeError(`${hypotheses} hypotheses`);
  const critical = chiSquareCritical(stageLevel / hypotheses, degrees);
  let [low, high] = [0, critical + 1];
  while (noncentralChiSquareTail(critical, degrees, high) < stagePower) high *= 2;
  while (high - low > 1e-9 * high) {
    const middle = (low + high) / 2;
    if (noncentralChiSquareTail(critical, degrees, middle) < stagePower) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** N of a z test that finds a shift of `shift` standard deviations per sample in any of `hypotheses`: K(m) / δ², rounded up. */
export function samplesFor(o: { readonly shift: number; readonly hypotheses: number }): number {
  if (!(Math.abs(o.shift) > 0)) throw new RangeError(`a shift of ${o.shift}`);
  return Math.ceil(shiftConstant(o.hypotheses) / o.shift ** 2);
}

/** N of a χ² test that finds a noncentrality of Λ per sample: L(d) / Λ, rounded up. `degrees`: cells − 1. */
export function chiSquareSamples(o: {
  readonly noncentrality: number;
  readonly degrees: number;
  readonly hypotheses?: number;
}): number {
  if (!(o.noncentrality > 0)) throw new RangeError(`a noncentrality of ${o.noncentrality}`);
  return Math.ceil(noncentralityConstant(o.degrees, o.hypotheses ?? 1) / o.noncentrality);
}
