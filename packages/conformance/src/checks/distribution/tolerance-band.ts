/** The band that a tolerant device claims around the probability of an update. */
import type { Tolerances } from '../../provider/provider.ts';

/**
 * Lowest and highest admitted P(+1) of an update whose exact probability is `p` and whose field is f (β f, in units of k_B·T): the field may be off
 * by `fieldAbsolute`, β by the factor 1 ± `betaRelative`, and the resulting probability by `updateProbability`.
 */
export function admittedBand(
  { p, f }: { readonly p: number; readonly f: number },
  { updateProbability, betaRelative, fieldAbsolute }: Tolerances,
): { readonly low: number; readonly high: number } {
  const ideal = logistic(2 * f);
  const shifted = [-1, 1].flatMap((side) =>
    [1 - betaRelative, 1 + betaRelative].map((factor) => logistic(2 * factor * (f + side * fieldAbsolute)) - ideal),
  );
  return {
    low: Math.max(0, p + Math.min(0, ...shifted) - updateProbability),
    high: Math.min(1, p + Math.max(0, ...shifted) + updateProbability),
  };
}

/** No tolerance at all: the law is sharp. */
export const isSharp = (tolerances: Tolerances): boolean => Object.values(tolerances).every((value) => value === 0);

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
