/** What a number of samples resolves: distances of exact laws, and the power of the two-stage rule. */
import { chiSquareCritical, noncentralChiSquareTail } from './chi-square.ts';
import { normalQuantile, normalUpperTail } from './normal.ts';
import { noncentralityConstant, shiftConstant, stageLevel } from './power.ts';

/** A confirmation takes so many times the samples of the screen. */
export const confirmationFactor = 4;

/**
 * Noncentrality per sample of Pearson's χ² when the device draws from `actual` and is tested against `law`: Λ = Σ (actual − law)² / law. Infinity where the
 * device reaches what the law excludes.
 */
export function noncentralityOf(law: ArrayLike<number>, actual: ArrayLike<number>): number {
  if (law.length !== actual.length) throw new RangeError(`${law.length} cells against ${actual.length}`);
  let sum = 0;
  for (let i = 0; i < law.length; i++) {
    const [expected, found] = [law[i] as number, actual[i] as number];
    if (expected > 0) sum += (found - expected) ** 2 / expected;
    else if (found > 0) return Number.POSITIVE_INFINITY;
  }
  return sum;
}

/** Shift in standard deviations per sample of the share of successes: (actual − p) / √(p(1 − p)). */
export function proportionShift(p: number, actual: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`a law of probability ${p}`);
  return (actual - p) / Math.sqrt(p * (1 - p));
}

/** The smallest shift per sample that a screen of `n` samples finds with the stage's power: √(K(m) / n). */
export const shiftFoundBy = (o: { readonly n: number; readonly hypotheses: number }): number =>
  Math.sqrt(shiftConstant(o.hypotheses) / o.n);

/** The smallest noncentrality per sample that it finds: L(d) / n. */
export const noncentralityFoundBy = (o: {
  readonly n: number;
  readonly degrees: number;
  readonly hypotheses?: number;
}): number => noncentralityConstant(o.degrees, o.hypotheses ?? 1) / o.n;

/** Power of one stage of a two-sided z test of `hypotheses`, one of which is shifted; Bonferroni's bound, so at least this. */
export function shiftPower(o: { readonly n: number; readonly shift: number; readonly hypotheses: number }): number {
  const critical = -normalQuantile(stageLevel / (2 * o.hypotheses));
  const mean = Math.abs(o.shift) * Math.sqrt(o.n);
  return normalUpperTail(critical - mean) + normalUpperTail(critical + mean);
}

/** Power of one stage of a χ² test with d = cells − 1. */
export function chiSquarePower(o: {
  readonly n: number;
  readonly noncentrality: number;
  readonly degrees: number;
  readonly hypotheses?: number;
}): number {
  const critical = chiSquareCritical(stageLevel / (o.hypotheses ?? 1), o.degrees);
  return noncentralChiSquareTail(critical, o.degrees, o.n * o.noncentrality);
}

/** Power of the two-stage rule, whose stages are independent: of a screen of n samples and of a confirmation of 4n. */
export const twoStagePower = (n: number, powerOfStage: (samples: number) => number): number =>
  powerOfStage(n) * powerOfStage(confirmationFactor * n);
