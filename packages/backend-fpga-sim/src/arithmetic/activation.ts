/**
 * How a machine turns a local field into the probability of +1: the table of the fixed law (semantics 4.6), a smaller table, or a straight line with ends
 * (devices.md section 9). Whatever it is, it becomes one threshold for each field of the grid, so that machines look up thresholds and know of nothing else:
 * s = +1 iff r < threshold, r of 16 bits.
 */
import { activationLimit, activationTable } from '@isinglass/sdk';

export type Activation = ActivationCurve & {
  /** 8: thresholds are multiples of 256, so that only the upper 8 bits of a draw are compared. */
  readonly thresholdBits: 8 | 16;
};

export type ActivationCurve =
  /** T of the fixed law, at full size. */
  | { readonly kind: 'exact' }
  /**
   * T at `entries` fields, a power of two from 16 on: those that lie D = 16 / entries apart, of which half are stored, from 0 to 8 − D. A field |f| takes the nearest of
   * them, the farther from 0 of two that are equally near, and the last one beyond: it is 65536 there, as T is from 5.892 on. Negative fields take
   * 65536 minus the threshold of −f.
   */
  | { readonly kind: 'table'; readonly entries: number }
  /** p = (1 + clamp(f / fieldMax, −1, 1)) / 2 (pc-COP, arXiv:2504.04543: fieldMax 1). */
  | { readonly kind: 'clip'; readonly fieldMax: number };

/**
 * Thresholds, 0 … 65536, of the fields −8·2^k … 8·2^k in units of 2^−k, lowest first: entry `clamp(u) + 8·2^k` is that of field u. Entry j and entry −j make 65536.
 * Throws RangeError for a table whose entries are not a power of two from 16 on, and for a line without length.
 */
export function thresholdTable(activation: Activation, fractionBits: number): Uint32Array<ArrayBuffer> {
  const limit = activationLimit(fractionBits);
  const curve = curveOf(activation, fractionBits);
  const unit = activation.thresholdBits === 8 ? 256 : 1;
  const table = new Uint32Array(2 * limit + 1);
  for (let j = 0; j <= limit; j++) {
    // Rounded where fields are positive and mirrored, since a half may not be rounded up on both sides.
    const threshold = Math.floor(curve(j) / unit + 0.5) * unit;
    table[limit + j] = threshold;
    table[limit - j] = 65536 - threshold;
  }
  return table;
}

/** The threshold of a field of j ≥ 0 units, before it is rounded to `thresholdBits`. */
function curveOf(activation: Activation, fractionBits: number): (j: number) => number {
  const exact = activationTable(fractionBits);
  const limit = activationLimit(fractionBits);
  switch (activation.kind) {
    case 'exact':
      return (j) => exact[limit + j] as number;
    case 'table': {
      const { entries } = activation;
      if (!(entries >= 16 && Number.isInteger(Math.log2(entries)))) {
        throw new RangeError(`a table of ${entries} entries: a power of two from 16 on is needed`);
      }
      // Units of field between entries. Below 1, every field of the grid is an entry.
      const step = Math.max(1, (2 * limit) / entries);
      const last = limit - step;
      return (j) => exact[limit + Math.min(Math.floor(j / step + 0.5) * step, last)] as number;
    }
    case 'clip': {
      const { fieldMax } = activation;
      if (!(fieldMax > 0)) throw new RangeError(`a line that ends at field ${fieldMax}: a positive field is needed`);
      const end = fieldMax * 2 ** fractionBits;
      return (j) => 32768 + Math.floor(32768 * Math.min(j / end, 1) + 0.5);
    }
    default:
      return activation satisfies never;
  }
}

/**
 * The largest difference, over all fields of the grid, between the probability of an update and that of the fixed law: 0 iff the machine has the law's own table.
 * For the tolerances of a profile.
 */
export function updateProbabilityDeviation(activation: Activation, fractionBits: number): number {
  const exact = activationTable(fractionBits);
  const thresholds = thresholdTable(activation, fractionBits);
  return (
    thresholds.reduce((most, threshold, n) => Math.max(most, Math.abs(threshold - (exact[n] as number))), 0) / 65536
  );
}
