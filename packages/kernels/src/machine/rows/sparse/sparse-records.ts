/** Reads records back: what the constants of a run are made from. */
import type { SparsePart } from './sparse-map.ts';
import { equalEntryBytes, recordBytes, segmentBytes, weightedEntryBytes } from './sparse-plan.ts';

export interface EqualRecord {
  readonly spin: number;
  readonly degree: number;
  readonly weight: number;
}

export interface WeightedRecord {
  readonly spin: number;
  /** Σ|w| */
  readonly sum: number;
}

/** Calls back for every equal record of a part, in order. */
export function eachEqual(i32: Int32Array, { equal }: SparsePart, use: (record: EqualRecord, n: number) => void): void {
  let at = (equal.at[0] as number) / 4;
  for (let n = 0; n < equal.spins; n++) {
    const counts = i32[at + 2] as number;
    const degree = (counts & 0xffff) + (counts >>> 16);
    use({ spin: spinOf(i32, at), degree, weight: i32[at + 3] as number }, n);
    at += (recordBytes + equalEntryBytes * degree) / 4;
  }
}

/** Calls back for every weighted record of a part, in order. */
export function eachWeighted(
  i32: Int32Array,
  { weighted }: SparsePart,
  use: (record: WeightedRecord, n: number) => void,
): void {
  let at = (weighted.at[0] as number) / 4;
  for (let n = 0; n < weighted.spins; n++) {
    use({ spin: spinOf(i32, at), sum: i32[at + 3] as number }, n);
    const segments = i32[at + 2] as number;
    at += recordBytes / 4;
    for (let segment = 0; segment < segments; segment++) {
      at += (segmentBytes + weightedEntryBytes * (i32[at] as number)) / 4;
    }
  }
}

/** Draws of spin i are at 32·i. */
const spinOf = (i32: Int32Array, at: number): number => (i32[at + 1] as number) >>> 5;
