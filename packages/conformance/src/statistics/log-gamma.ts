/** ln Γ, and the error of Stirling's formula that exact tails are built on. */

const halfLogTwoPi = 0.9189385332046727;

/**
 * ln Γ(x) for x > 0, to 2e-14 absolute or 2e-15 relative, whichever is larger. Stirling's series from 15 on, the recurrence below.
 *
 * @throws RangeError unless x > 0.
 */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`ln Γ of ${x}`);
  let product = 1;
  let at = x;
  for (; at < 15; at++) product *= at;
  return (at - 0.5) * Math.log(at) - at + halfLogTwoPi + series(at) - Math.log(product);
}

/** ln Γ(x + 1) − (x + ½) ln x + x − ½ ln 2π for x > 0: the relative error of Stirling's x!, as a logarithm. */
export function stirlingError(x: number): number {
  if (x >= 15) return series(x);
  return logGamma(x) - (x - 0.5) * Math.log(x) + x - halfLogTwoPi;
}

/** Stirling's series Σ B_2k / (2k (2k − 1) x^(2k−1)), whose rest is below 3e-17 from x = 15 on. */
function series(x: number): number {
  const y = 1 / (x * x);
  return (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y * (1 / 1188 - y * (691 / 360360 - y / 156)))))) / x;
}
