export interface RoundedWeights {
  /** J ≈ scale · weights. */
  readonly weights: Int8Array<ArrayBuffer>;
  readonly scale: number;
}

/**
 * Symmetric rounding to `weightBits` (2 … 8) by the largest magnitude: |weight| ≤ 2^(weightBits − 1) − 1. Values of a
 * single magnitude, as in a ±J glass, become ±1 exactly.
 */
export function roundWeights(values: Float32Array, weightBits: number): RoundedWeights {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  if (largest === 0) return { weights: new Int8Array(values.length), scale: 1 };
  const single = values.every((value) => value === 0 || Math.abs(value) === largest);
  const levels = single ? 1 : 2 ** (weightBits - 1) - 1;
  const scale = largest / levels;
  const weights = new Int8Array(values.length);
  for (let i = 0; i < values.length; i++) weights[i] = Math.round((values[i] as number) / scale);
  return { weights, scale };
}
