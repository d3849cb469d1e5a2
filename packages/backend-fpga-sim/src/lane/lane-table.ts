/**
 * The table of a lane: thresholds of fields from 0 on, at every 2^shift-th field of the grid, since T[−u] = 65536 − T[u].
 *
 *   n = min((|u| + half) ≫ shift, last)        T = u < 0 ? 65536 − table[n] : table[n]        half = 2^(shift − 1), or 0
 */
import { type Activation, thresholdTable } from '../arithmetic/activation.ts';

export interface LaneTable {
  readonly shift: number;
  /** `words` ends with entry `last`: from there on all are the same. */
  readonly words: Uint32Array;
}

export function laneTable(activation: Activation, fractionBits: number): LaneTable {
  const thresholds = thresholdTable(activation, fractionBits);
  const limit = (thresholds.length - 1) / 2;
  const coarser = activation.kind === 'table' ? (2 * limit) / activation.entries : 1;
  const shift = Math.max(0, Math.log2(coarser));
  const half = Uint32Array.from(
    { length: (limit >>> shift) + 1 },
    (_, n) => thresholds[limit + (n << shift)] as number,
  );
  let last = half.length - 1;
  while (last > 0 && half[last - 1] === half[last]) last--;
  return { shift, words: half.slice(0, last + 1) };
}

/** The thresholds of all fields from −limit to limit, beyond which they are those of the ends. */
export interface WrittenOutTable {
  readonly limit: number;
  /** T of field `n − limit`. */
  readonly thresholds: Uint32Array;
}

/** What `lookUp` gives, written out: one look-up without arithmetic for a machine that asks often. */
export function writtenOut(table: Uint32Array, shift: number, last: number): WrittenOutTable {
  // At least one field of each sign, for they differ in a table of one entry, too.
  const limit = Math.max(1, last * 2 ** shift);
  const thresholds = Uint32Array.from({ length: 2 * limit + 1 }, (_, n) => lookUp(table, shift, last, n - limit));
  return { limit, thresholds };
}

/** T of a field, as the machine looks it up. `last` is the last entry that it has. */
export function lookUp(table: Uint32Array, shift: number, last: number, field: number): number {
  const half = shift === 0 ? 0 : 2 ** (shift - 1);
  // |−2³¹| is 2³¹: unsigned from here on.
  const n = Math.min((Math.abs(field) + half) >>> shift, last);
  const threshold = table[n] as number;
  return field < 0 ? 65536 - threshold : threshold;
}
