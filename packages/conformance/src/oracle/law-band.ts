/**
 * What updates that are known up to a band leave unknown about the law: the lowest and the highest mean of a function of the state, when every
 * update's P(+1) may be anything between its bounds, by the choice of an adversary who sees all that went before.
 *
 * Going backwards from the last update, the mean is linear in each P, so that an end of the band is the best choice (Givan, Leach & Dean 2000,
 * bounded-parameter Markov decision processes): the range is exact, its ends are attained, and a sweep costs n·2^n operations. Bounds of every state's
 * probability, carried forwards, would hold as well, but widen with every sweep, since they forget that probabilities sum to 1.
 */

/** Bounds of P(+1) of the updates of one sweep. */
export interface SweepBand {
  readonly spins: number;
  /** Spins by color, in the order of the sweep. */
  readonly colors: readonly (readonly number[])[];
  /** Entry spin·2^n + state: of an update of the spin in the state; the spin's own value in it counts for nothing. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** The range of the mean of `of` (one value for each of the 2^n states) after `sweeps`, the first one first, from a start of the law `start`. */
export function rangeOfMean(of: Float64Array, start: Float64Array, sweeps: readonly SweepBand[]): Range {
  const ends = [extremeMean(of, start, sweeps, 'low'), extremeMean(of, start, sweeps, 'high')] as const;
  // Where a band has next to no width, rounding may have exchanged them.
  return { low: Math.min(...ends), high: Math.max(...ends) };
}

function extremeMean(of: Float64Array, start: Float64Array, sweeps: readonly SweepBand[], end: keyof Range): number {
  if (of.length !== start.length) throw new RangeError(`${of.length} values for ${start.length} states`);
  /** What is to be expected of a state before the updates that are still to come. */
  const ahead = of.slice();
  for (const { spins, colors, low, high } of sweeps.toReversed()) {
    if (ahead.length !== 2 ** spins) throw new RangeError(`${ahead.length} values for ${spins} spins`);
    for (const spin of colors.flat().toReversed()) {
      const bit = 1 << spin;
      const first = spin * ahead.length;
      for (let state = 0; state < ahead.length; state++) {
        if ((state & bit) !== 0) continue;
        const down = ahead[state] as number;
        const gain = (ahead[state | bit] as number) - down;
        const up = gain > 0 === (end === 'high') ? high : low;
        const mean = down + (up[first + state] as number) * gain;
        ahead[state] = mean;
        ahead[state | bit] = mean;
      }
    }
  }
  return start.reduce((sum, p, state) => sum + p * (ahead[state] as number), 0);
}
