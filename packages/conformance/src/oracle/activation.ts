/**
 * The activation of the fixed law (semantics 4.6): T[j] = round(65536 / (1 + exp(−2j/2^k))), j = −8·2^k … 8·2^k. Computed in BigInt with
 * 256 fraction bits: no entry is within 10⁻⁶ of a rounding boundary, so the powers of one exponential are far more exact than needed.
 */

const precision = 256n;
const one = 1n << precision;

const tables = new Map<number, Int32Array>();

/** Entry j + 8·2^k is T[j]; made once for every k. */
export function activationTable(fractionBits: number): Int32Array {
  const known = tables.get(fractionBits);
  if (known !== undefined) return known;
  const limit = 8 * 2 ** fractionBits;
  const table = new Int32Array(2 * limit + 1);
  const ratio = exponential(-(one >> BigInt(fractionBits - 1)));
  let power = one;
  for (let j = 0; j <= limit; j++) {
    // round(65536·one / (one + power)), one being 1 and power exp(−2j/2^k).
    const divisor = one + power;
    const T = Number(((one << 17n) + divisor) / (2n * divisor));
    table[limit + j] = T;
    table[limit - j] = 65536 - T;
    power = (power * ratio) >> precision;
  }
  tables.set(fractionBits, table);
  return table;
}

/** exp(x), x and the result with 256 fraction bits, |x| ≤ 1; Taylor's series until its terms vanish. */
function exponential(x: bigint): bigint {
  let term = one;
  let sum = 0n;
  for (let n = 1n; term !== 0n; n++) {
    sum += term;
    // BigInt division rounds toward zero, so the terms do vanish.
    term = (term * x) / (one * n);
  }
  return sum;
}

/** T at the field u, clamped (semantics 4.6). */
export function activation(table: Int32Array, u: number): number {
  const limit = (table.length - 1) / 2;
  return table[Math.max(-limit, Math.min(limit, u)) + limit] as number;
}

/** 128·tanh of a field as a spin of the feed-forward start lends it: ⌊(T − 32768 + 128) / 256⌋, −128 … 128 (semantics 4.8). */
export function feedForwardMean(table: Int32Array, u: number): number {
  return Math.floor((activation(table, u) - 32768 + 128) / 256);
}

/** How many of the 65536 random numbers r have (r + 0.5)/65536 < σ(2x): the real law (semantics 7). */
export function plusDrawsOfReal(x: number): number {
  return Math.max(0, Math.ceil(65536 / (1 + Math.exp(-2 * x)) - 0.5));
}
