/** Several hypotheses at one level. */

/**
 * Holm's adjusted p-values (1979), in the order given: rejecting those at most α keeps the probability of any false rejection at most α, whatever the
 * dependence. At most 1 each; none for none.
 *
 * @throws RangeError where a p-value is not within 0 … 1.
 */
export function holmAdjusted(p: readonly number[]): number[] {
  const wrong = p.find((each) => !(each >= 0 && each <= 1));
  if (wrong !== undefined) throw new RangeError(`a p-value of ${wrong}`);
  const out = new Array<number>(p.length).fill(0);
  let largest = 0;
  for (const [rank, [index, value]] of [...p.entries()].sort((a, b) => a[1] - b[1]).entries()) {
    largest = Math.max(largest, Math.min(1, value * (p.length - rank)));
    out[index] = largest;
  }
  return out;
}
