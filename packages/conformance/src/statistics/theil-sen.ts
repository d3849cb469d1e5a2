/** A slope that outliers do not move. */
import { normalQuantile } from './normal.ts';

/**
 * Theil and Sen's slope: the median of the slopes of all pairs of points, with Sen's interval (1968) from the normal law of Kendall's S, 99.9 %, for at
 * least 10 independent points. In units of y per unit of x; memory for n²/2 slopes.
 *
 * @throws RangeError unless x and y have the same length, and two different x.
 */
export function theilSenSlope(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): { readonly slope: number; readonly low: number; readonly high: number } {
  const n = x.length;
  if (n !== y.length) throw new RangeError(`${n} x for ${y.length} y`);
  const slopes = new Float64Array((n * (n - 1)) / 2);
  let count = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const run = (x[j] as number) - (x[i] as number);
      if (run !== 0) slopes[count++] = ((y[j] as number) - (y[i] as number)) / run;
    }
  }
  if (count === 0) throw new RangeError('a slope needs two different x');
  const sorted = slopes.subarray(0, count).sort();
  const half = normalQuantile(0.9995) * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const rank = (at: number): number => sorted[Math.min(count - 1, Math.max(0, at))] as number;
  return {
    slope: (rank(Math.floor((count - 1) / 2)) + rank(Math.floor(count / 2))) / 2,
    low: rank(Math.floor((count - half) / 2) - 1),
    high: rank(Math.ceil((count + half) / 2)),
  };
}
