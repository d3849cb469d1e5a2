/**
 * How a sparse or diagonal coupling is summed from one end, decided from its weights before anything is allocated. A spin gets one of two
 * records (sparse-update.exports.ts of the kernels):
 *
 *   equal      all its |w| are equal and it has at most 15 neighbours: they are counted, 4 bytes each
 *   weighted   anything else: entries in segments of Σ|w| ≤ 255, whose byte sums cannot wrap, 8 bytes each
 */
import { type BankLanes, spinOfSlot } from '../../bank-lanes.ts';
import type { CouplingRows } from './coupling-rows.ts';

/** One coupling seen from a bank that it reaches. */
export interface SparseSource {
  readonly receiver: BankLanes;
  readonly giver: BankLanes;
  readonly rows: CouplingRows;
  /** Slots of the receiver that are updated together, rising, without padding; every spin is in exactly one part. */
  readonly parts: readonly Uint32Array[];
  /** First units of the cells in which the receiver is worked on, rising from 0: records can be reached cell by cell. */
  readonly cells: Uint32Array;
  /**
   * Whether equal records may be used: they serve banks whose static field is the same in all rows, so only a bank that no pinned bank
   * reaches. (For 32-bit fields they serve any bank.)
   */
  readonly equal: boolean;
}

export interface SparsePlan {
  readonly parts: readonly {
    readonly equalBytes: number;
    readonly weightedBytes: number;
    readonly unitBytes: number;
  }[];
  /** No spin's Σ|w| is larger. */
  readonly sumMax: number;
  /** What `buildSparseMap` reserves, each part rounded up to 64. */
  readonly bytes: number;
}

export const recordBytes = 16;
export const equalEntryBytes = 4;
export const segmentBytes = 8;
export const weightedEntryBytes = 8;
/** Per unit that has masks and nibbles, and per part. */
export const unitEntryBytes = 8;

const degreeOfEqualMax = 15;
const segmentSumMax = 255;
/** Entries looked at between two yields. */
export const entriesPerSlice = 2 ** 15;

/**
 * Bytes that no plan exceeds, from counts alone: `ends` is the stored entries, twice those for a coupling of a bank with itself. Two entries
 * always fit one segment.
 */
export function sparseBytesMax(o: { readonly spins: number; readonly ends: number; readonly parts: number }): number {
  const perSpin = recordBytes + segmentBytes + unitEntryBytes;
  return perSpin * o.spins + (weightedEntryBytes + segmentBytes / 2) * o.ends + 3 * 64 * o.parts;
}

/** One look at all weights, in slices. */
export function* planSparse(source: SparseSource): Generator<void, SparsePlan, void> {
  const parts: SparsePlan['parts'][number][] = [];
  let sumMax = 0;
  let work = 0;
  for (const slots of source.parts) {
    let [equalBytes, weightedBytes, units, lastUnit] = [0, 0, 0, -1];
    for (const slot of slots) {
      const { degree, equal, segments, sum } = shapeOf(source, spinOfSlot(source.receiver, slot));
      sumMax = Math.max(sumMax, sum);
      if (equal) equalBytes += recordBytes + equalEntryBytes * degree;
      else weightedBytes += recordBytes + segmentBytes * segments + weightedEntryBytes * degree;
      if (slot >>> 2 !== lastUnit) units++;
      lastUnit = slot >>> 2;
      work += 1 + degree;
      if (work < entriesPerSlice) continue;
      work = 0;
      yield;
    }
    const packed = source.receiver.nibbles && source.receiver.masks;
    parts.push({ equalBytes, weightedBytes, unitBytes: packed ? unitEntryBytes * units : 0 });
  }
  const rounded = (bytes: number): number => 64 * Math.ceil(bytes / 64);
  const bytes = parts.reduce(
    (sum, p) => sum + rounded(p.equalBytes) + rounded(p.weightedBytes) + rounded(p.unitBytes),
    0,
  );
  return { parts, sumMax, bytes };
}

/** What kind of record a spin gets, and how large it is. */
export interface RecordShape {
  readonly degree: number;
  readonly equal: boolean;
  /** At least 1. */
  readonly segments: number;
  /** Σ|w| */
  readonly sum: number;
}

export function shapeOf({ rows, equal }: Pick<SparseSource, 'rows' | 'equal'>, spin: number): RecordShape {
  const begin = rows.start[spin] as number;
  const end = rows.start[spin + 1] as number;
  const first = Math.abs(rows.weight[begin] ?? 0);
  let [segments, inSegment, sum, same] = [1, 0, 0, true];
  for (let n = begin; n < end; n++) {
    const magnitude = Math.abs(rows.weight[n] as number);
    same &&= magnitude === first;
    sum += magnitude;
    inSegment += magnitude;
    if (inSegment <= segmentSumMax) continue;
    segments++;
    inSegment = magnitude;
  }
  const degree = end - begin;
  return { degree, equal: equal && same && degree <= degreeOfEqualMax, segments, sum };
}

/** One past the last entry of the segment that begins at entry `n`, at most `end`. */
export function segmentEnd({ weight }: CouplingRows, n: number, end: number): number {
  let sum = 0;
  for (; n < end; n++) {
    sum += Math.abs(weight[n] as number);
    if (sum > segmentSumMax) break;
  }
  return n;
}
