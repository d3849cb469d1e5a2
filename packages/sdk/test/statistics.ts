/**
 * Goodness of fit with a proven false-alarm bound, at any sample size and any cell probability.
 *
 * N independent draws from a law p over k cells have the empirical law p̂. With V = KL(p̂ ‖ p) (N·V is half the G
 * statistic),
 *
 *   P( N·V ≥ x )  ≤  e^−x · (e·x / (k − 1))^(k − 1)          for x > k − 1
 *
 * (R. Agrawal, "Finite-sample concentration of the multinomial in relative entropy", IEEE Trans. Inf. Theory 66, 2020,
 * theorem I.2). It holds for every N, so no cell needs a minimal expectation and nothing rests on the chi-square limit.
 */

/** N·KL(p̂ ‖ p): +∞ when a cell of probability 0 was hit. `counts` and `probabilities` have one entry per cell. */
export function divergence(counts: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  const total = sum(counts);
  let divergence = 0;
  for (let cell = 0; cell < counts.length; cell++) {
    const count = counts[cell] as number;
    if (count > 0) divergence += count * Math.log(count / (total * (probabilities[cell] as number)));
  }
  return divergence;
}

/** An upper bound of the probability that draws from `probabilities` diverge as much as `counts` do. */
export function falseAlarmBound(counts: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  const x = divergence(counts, probabilities);
  const freedom = Array.from(probabilities).filter((p) => p > 0).length - 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  if (x <= freedom || freedom === 0) return 1;
  return Math.exp(-x + freedom * (1 + Math.log(x / freedom)));
}

function sum(values: ArrayLike<number>): number {
  return Array.from(values).reduce((total, value) => total + value, 0);
}
