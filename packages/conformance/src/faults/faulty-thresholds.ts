/** How many of the 65536 random numbers send a spin up at a field: the activation, the comparator, the width of the random number. */
import { activationTable } from '../oracle/activation.ts';
import type { SamplerFault } from './sampler-fault.ts';

/** n by field, for fields −limit … limit in units of 2^−k; the same outside. */
export interface ThresholdTable {
  readonly limit: number;
  /** Entry u + limit. */
  readonly n: Int32Array;
}

const none = (faults: readonly SamplerFault[]): boolean =>
  !faults.some(({ kind }) => kind === 'beta-scale' || kind === 'activation' || kind === 'uniform');

/** Of the fixed law with these faults; without any that matters here it is T of semantics 4.6. */
export function thresholdTable(fractionBits: number, faults: readonly SamplerFault[]): ThresholdTable {
  const exact = activationTable(fractionBits);
  if (none(faults)) return { limit: (exact.length - 1) / 2, n: exact };
  const smallest = faults.reduce((product, f) => (f.kind === 'beta-scale' ? product * f.factor : product), 1);
  // P is 0 or 1 to 16 bits beyond 8 in βf, whatever it is that a smaller β makes of βf.
  const limit = Math.ceil((8 * 2 ** fractionBits) / Math.min(1, Math.abs(smallest)));
  return {
    limit,
    n: Int32Array.from({ length: 2 * limit + 1 }, (_, n) => threshold((n - limit) / 2 ** fractionBits, faults)),
  };
}

/** n at x = βf, faults applied in the order: β, clamp, shape, bias, bits of P, bits of u, comparator. */
export function threshold(x: number, faults: readonly SamplerFault[]): number {
  let field = x;
  for (const fault of faults) if (fault.kind === 'beta-scale') field *= fault.factor;
  let p: number | undefined;
  let bits = 16;
  let uniformBits = 16;
  let bias = 0;
  let equal = 0;
  for (const fault of faults) {
    if (fault.kind === 'uniform' && fault.change === 'bits') uniformBits = fault.bits;
    if (fault.kind !== 'activation') continue;
    if (fault.change === 'clamp') field = Math.max(-fault.limit, Math.min(fault.limit, field));
    if (fault.change === 'bias') bias += fault.by;
    if (fault.change === 'bits') bits = fault.bits;
    if (fault.change === 'or-equal') equal = 1;
    if (fault.change === 'hard') p = Math.max(0, Math.min(1, (1 + field) / 2));
    if (fault.change === 'probit') p = normalBelow((2 * field) / 1.702);
    if (fault.change === 'table') p = logistic(binOf(field, fault));
  }
  const wanted = Math.max(0, Math.min(1, (p ?? logistic(field)) + bias));
  const n = Math.round(wanted * 2 ** bits) * 2 ** (16 - bits);
  // u takes the multiples of `step`: as many of them are below n, each for `step` values of r.
  const step = 2 ** (16 - uniformBits);
  return Math.max(0, Math.min(65536, (equal === 1 ? Math.floor(n / step) + 1 : Math.ceil(n / step)) * step));
}

function logistic(field: number): number {
  return 1 / (1 + Math.exp(-2 * field));
}

/** The field that a table of P stands for at a field. */
function binOf(
  field: number,
  o: { readonly entries: number; readonly limit: number; readonly at: 'floor' | 'middle' },
): number {
  const width = (2 * o.limit) / o.entries;
  const bin = Math.max(0, Math.min(o.entries - 1, Math.floor((field + o.limit) / width)));
  return -o.limit + width * (o.at === 'floor' ? bin : bin + 0.5);
}

/** Φ(x) by Abramowitz and Stegun 26.2.17, error below 7.5e-8: far below 2⁻¹⁶. */
function normalBelow(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const tail =
    (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return x >= 0 ? 1 - tail : tail;
}
