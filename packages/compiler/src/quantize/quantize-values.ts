/** Rounding a coupling to symmetric integers with one scale (semantics 4.1): J ≈ scale · w, |w| ≤ 2^(bits − 1) − 1. */
import { leastSquaresScale, nearest } from './least-squares-scale.ts';

/** J ≈ scale · weights. */
export interface QuantizedValues {
  readonly weights: Int8Array<ArrayBuffer>;
  readonly scale: number;
  readonly quality: QuantizationQuality;
}

/** What rounding did to a coupling. */
export interface QuantizationQuality {
  /** Bits asked for. */
  readonly bits: number;
  /** Largest |w|: the bits that are used may be fewer. */
  readonly weightMax: number;
  /** Share of the values that lie outside ±scale·(2^(bits − 1) − ½), in 0 … 1. */
  readonly clippedShare: number;
  /** Share of the non-zero values that became 0, in 0 … 1. */
  readonly vanishedShare: number;
  /** 10·log10(Σ J² / Σ (J − scale·w)²) in dB; null above 240 dB, where float64 cannot tell it from nothing lost. */
  readonly sqnrDb: number | null;
}

/** The largest |w| of `bits` bits: −2^(bits − 1) is never used, so that a coupling and its negative cost the same. */
export function weightMaxOf(bits: number): number {
  return 2 ** (bits - 1) - 1;
}

/** Rounds with the scale of least squared error; weights with a common divisor are divided by it (±J stores ±1). */
export function quantizeValues(values: Float64Array, bits: number): QuantizedValues {
  const qMax = weightMaxOf(bits);
  const { scale, squaredError } = leastSquaresScale(values, { qMax });
  const weights = new Int8Array(values.length);
  let energy = 0;
  let clipped = 0;
  let vanished = 0;
  let nonZero = 0;
  let divisor = 0;
  let weightMax = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const magnitude = Math.abs(value);
    const q = nearest(magnitude, scale, qMax);
    weights[i] = value < 0 ? -q : q;
    energy += value * value;
    if (magnitude > scale * (qMax + 0.5)) clipped++;
    if (magnitude > 0) nonZero++;
    if (magnitude > 0 && q === 0) vanished++;
    divisor = greatestCommonDivisor(divisor, q);
    weightMax = Math.max(weightMax, q);
  }
  const common = Math.max(1, divisor);
  if (common > 1) weights.set(weights.map((weight) => weight / common));
  return {
    weights,
    scale: scale * common,
    quality: {
      bits,
      weightMax: weightMax / common,
      clippedShare: values.length === 0 ? 0 : clipped / values.length,
      vanishedShare: nonZero === 0 ? 0 : vanished / nonZero,
      sqnrDb: squaredError <= 1e-24 * energy ? null : 10 * Math.log10(energy / squaredError),
    },
  };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
