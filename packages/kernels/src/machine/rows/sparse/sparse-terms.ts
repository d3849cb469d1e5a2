/**
 * What the fused updates of a run need beside the records, made once when the run begins: for every spin either a table of T or the constant
 * of its field. Tables are shared by spins whose T is the same function of V; a temperature is another set of tables.
 *
 *   equal      T by n = 0 … 15:  A = |w|(2n − degree)          one table per (B, |w|, degree)
 *   tabled     T by V:           A = 2V − Σ|w|                 one table per (B, parity of Σ|w|)
 *   weighted   u = (V·M + c) ≫ (sh − 1),  c = ⌊(half − Σ|w|·M) / 2⌋ + B·2^(sh−1), B left out where fields are given per row
 */

import { activation, activationTable, fullTemperature, type Multiplier, scaled, temper } from '@isinglass/sdk';
import {
  equalTableBytes,
  sparseConstants,
  tabledTermBytes,
  tableEntries,
} from '../../../sparse-update/sparse-update.exports.ts';
import type { Writer } from '../half-sum-map.ts';
import { fieldLimitOf, fitsShortTable } from '../update-constants.ts';
import type { SparseMap } from './sparse-map.ts';
import { eachEqual, eachWeighted } from './sparse-records.ts';

/** Addresses: plain data, the same in every thread. */
export interface SparseTerms {
  readonly kernel: 'updateTabled' | 'updateWeighted';
  readonly constants: number;
  /** First set of tables; the others follow, `tableBytes` each. */
  readonly tables: number;
  readonly tableBytes: number;
  /** Which set sweep t of the run uses, by t − 1; null: the only one. */
  readonly setOfSweep: Uint32Array | null;
  /** Addresses of the terms of each part's lists. */
  readonly parts: readonly { readonly equal: number; readonly weighted: number }[];
}

export interface TermsRequest {
  readonly map: SparseMap;
  /** The map's records, and everything else of the memory. */
  readonly i32: Int32Array;
  readonly multiplier: Multiplier;
  readonly fractionBits: number;
  /** B by spin. */
  readonly biases: Int32Array;
  /** Fields of 16 bits are given per row, |H| ≤ 32767 proved by the caller; they include B. */
  readonly fieldPerRow: boolean;
  /** b_t per sweep of the run; null: all 65536. */
  readonly temperatures: Uint32Array | null;
  /** Address of min(T, 65535) − 32768 for −L … L, L = `fieldLimitOf(fractionBits)`. */
  readonly thresholds: number;
  /** Largest set of tables of V that is preferred to scaling every field. Default 32 KiB, which the first-level cache holds beside the states. */
  readonly cachedBytes?: number;
}

/** Decided, nothing written. */
export interface TermsPlan {
  readonly request: TermsRequest;
  readonly kernel: SparseTerms['kernel'];
  readonly equal: ReadonlyMap<number, EqualClass>;
  readonly tabled: ReadonlyMap<number, TabledClass>;
  /** Distinct temperatures. */
  readonly sets: readonly number[];
  readonly tableBytes: number;
  /** What `writeTerms` reserves. */
  readonly bytes: number;
}

interface EqualClass {
  readonly offset: number;
  readonly B: number;
  readonly weight: number;
  readonly degree: number;
}

interface TabledClass {
  offset: number;
  readonly B: number;
  /** Largest Σ|w|: entry n stands for A = 2n − top. */
  top: number;
}

/** Tables of all temperatures together; one set of equal tables may be larger, it is no larger than the records. */
const tableBytesMax = 2 ** 22;

const rounded = (bytes: number): number => 64 * Math.ceil(bytes / 64);

/** Null where the fused updates cannot be proved exact: fields as 32-bit numbers then. */
export function planTerms(o: TermsRequest): TermsPlan | null {
  const { map, i32, biases } = o;
  const sets = [...new Set(o.temperatures ?? [fullTemperature])];
  const equal = new Map<number, EqualClass>();
  const tabled = new Map<number, TabledClass>();
  let [equalSpins, weightedSpins] = [0, 0];
  for (const part of map.parts) {
    equalSpins += part.equal.spins;
    weightedSpins += part.weighted.spins;
    eachEqual(i32, part, ({ spin, weight, degree }) => {
      const B = biases[spin] as number;
      const key = equalKey(B, weight, degree);
      if (!equal.has(key)) equal.set(key, { offset: equalTableBytes * equal.size, B, weight, degree });
    });
    eachWeighted(i32, part, ({ spin, sum }) => {
      const B = biases[spin] as number;
      const known = tabled.get(tabledKey(B, sum));
      if (known === undefined) tabled.set(tabledKey(B, sum), { offset: 0, B, top: sum });
      else known.top = Math.max(known.top, sum);
    });
  }
  // Tables by n hold one field for all rows.
  if (o.fieldPerRow && equalSpins > 0) return null;
  const equalBytes = rounded(equalTableBytes * equal.size);
  if (sets.length > 1 && equalBytes * sets.length > tableBytesMax) return null;
  let tableBytes = equalBytes;
  for (const entry of tabled.values()) {
    entry.offset = tableBytes;
    tableBytes += 16 * Math.ceil((tableEntries + 2 * (entry.top + 1)) / 16);
  }
  tableBytes = rounded(tableBytes);
  const tabledFits = !o.fieldPerRow && map.sumMax < 32768 && tableBytes * sets.length <= tableBytesMax + equalBytes;
  const small = tabledFits && tableBytes - equalBytes <= (o.cachedBytes ?? 2 ** 15);
  const kernel = small || !isShort(o) ? (tabledFits ? 'updateTabled' : null) : 'updateWeighted';
  if (kernel === null) return null;
  if (kernel === 'updateWeighted') tableBytes = equalBytes;
  const termBytes = 4 * equalSpins + (kernel === 'updateTabled' ? tabledTermBytes : 4) * weightedSpins;
  const perPart = 2 * 64 * map.parts.length;
  const bytes = rounded(sparseConstants.bytes) + rounded(sets.length * tableBytes) + termBytes + perPart;
  return { request: o, kernel, equal, tabled, sets, tableBytes, bytes };
}

/** |w| ≤ 127, degree ≤ 15, |B| < 2²⁶: keys are exact. */
const equalKey = (B: number, weight: number, degree: number): number => (B * 128 + weight) * 16 + degree;
const tabledKey = (B: number, sum: number): number => 2 * B + (sum & 1);

/** Whether updateWeighted is exact: 16-bit V and field, 32-bit products, no temperature. */
function isShort({ map, multiplier, fractionBits, biases, fieldPerRow, temperatures }: TermsRequest): boolean {
  const { M, sh } = multiplier;
  if (temperatures?.some((b) => b !== fullTemperature)) return false;
  if (sh < 1 || sh > 32 || M > 65534 || map.sumMax > 32767 || !fitsShortTable(fractionBits)) return false;
  // V·M + c lies between c and c + Σ|w|·M, that is within Σ|w|·M/2 of B·2^(sh−1), and 1 for the rounding.
  const product = (map.sumMax * M) / 2 + 2 ** (sh - 2) + 1;
  if (fieldPerRow) return product < 2 ** 31 && scaled(map.sumMax, multiplier) <= 32767;
  const field = biases.reduce((most, B) => Math.max(most, Math.abs(B)), 0);
  return product + field * 2 ** (sh - 1) < 2 ** 31;
}

/** Writes what was planned; memory comes from the writer. */
export function writeTerms(plan: TermsPlan, writer: Writer): SparseTerms {
  const { request, kernel, equal, tabled, sets, tableBytes } = plan;
  const { map, biases, temperatures } = request;
  const { i32 } = writer;
  const constants = writeConstants(request, writer);
  const tables = writer.reserve(sets.length * tableBytes);
  for (const [n, b] of sets.entries()) {
    const thresholdOf = thresholds(request, b);
    for (const entry of equal.values())
      writeEqualTable(writer.u8, tables + n * tableBytes + entry.offset, entry, thresholdOf);
    if (kernel === 'updateWeighted') continue;
    for (const entry of tabled.values()) writeTable(i32, tables + n * tableBytes + entry.offset, entry, thresholdOf);
  }
  const parts = map.parts.map((part) => {
    const equalTerms = writer.reserve(4 * part.equal.spins);
    eachEqual(i32, part, ({ spin, weight, degree }, n) => {
      const entry = equal.get(equalKey(biases[spin] as number, weight, degree)) as EqualClass;
      i32[equalTerms / 4 + n] = entry.offset;
    });
    const weighted = writer.reserve((kernel === 'updateTabled' ? tabledTermBytes : 4) * part.weighted.spins);
    eachWeighted(i32, part, ({ spin, sum }, n) => {
      const B = biases[spin] as number;
      if (kernel === 'updateWeighted') {
        i32[weighted / 4 + n] = constantOf(request, B, sum);
        return;
      }
      const entry = tabled.get(tabledKey(B, sum)) as TabledClass;
      i32[weighted / 4 + 2 * n] = entry.offset;
      i32[weighted / 4 + 2 * n + 1] = (entry.top - sum) / 2;
    });
    return { equal: equalTerms, weighted };
  });
  const setOf = new Map(sets.map((b, n) => [b, n]));
  const setOfSweep = sets.length === 1 ? null : (temperatures?.map((b) => setOf.get(b) as number) ?? null);
  return { kernel, constants, tables, tableBytes, setOfSweep, parts };
}

function constantOf({ multiplier: { M, sh }, fieldPerRow }: TermsRequest, B: number, sum: number): number {
  const half = 2 ** (sh - 1);
  return Math.floor((half - sum * M) / 2) + (fieldPerRow ? 0 : B * 2 ** (sh - 1));
}

/** T of a spin with bias B and sum A at temperature b. */
function thresholds({ multiplier, fractionBits }: TermsRequest, b: number): (B: number, A: number) => number {
  const table = activationTable(fractionBits);
  return (B, A) => activation(table, fractionBits, temper(B + scaled(A, multiplier), b));
}

function writeEqualTable(
  u8: Uint8Array,
  at: number,
  { B, weight, degree }: EqualClass,
  thresholdOf: (B: number, A: number) => number,
): void {
  let above = 127;
  for (let n = 15; n >= 0; n--) {
    const T = thresholdOf(B, weight * (2 * Math.min(n, degree) - degree));
    const short = Math.min(65535, T) - 32768;
    u8[at + n] = short & 0xff;
    u8[at + 16 + n] = (short >> 8) & 0xff;
    if (T === 65536) above = n - 1;
  }
  u8.fill(above, at + 32, at + 48);
}

function writeTable(
  i32: Int32Array,
  at: number,
  { B, top }: TabledClass,
  thresholdOf: (B: number, A: number) => number,
): void {
  const i16 = new Int16Array(i32.buffer, at, tableEntries / 2 + top + 1);
  let above = 32767;
  for (let n = top; n >= 0; n--) {
    const T = thresholdOf(B, 2 * n - top);
    i16[tableEntries / 2 + n] = Math.min(65535, T) - 32768;
    if (T === 65536) above = n - 1;
  }
  i16[0] = above;
}

/** The block `sparseConstants`. */
function writeConstants({ multiplier: { M, sh }, fractionBits, thresholds: at }: TermsRequest, writer: Writer): number {
  const address = writer.reserve(sparseConstants.bytes);
  const { i32, u8 } = writer;
  const i16 = new Int16Array(i32.buffer, address, sparseConstants.bytes / 2);
  const limit = fieldLimitOf(fractionBits);
  const floor = 32767 - 2 * limit;
  const fill = (offset: number, value: number): void => {
    i16.fill(value, offset / 2, offset / 2 + 8);
  };
  fill(sparseConstants.oddBytes, 0xff00);
  fill(sparseConstants.cap, 32767 - limit);
  fill(sparseConstants.floor, floor);
  // T is 65536 from the limit on, which is the smallest such limit.
  fill(sparseConstants.always, 32766);
  const m = Math.floor(M / 2);
  for (let n = 0; n < 8; n++) i16[sparseConstants.multiplier / 2 + n] = (n & 1) === 0 ? m : M - m;
  i32[(address + sparseConstants.shift) / 4] = sh - 1;
  i32[(address + sparseConstants.table) / 4] = at - 2 * floor;
  for (let c = 0; c < 4; c++) {
    const bits = address + sparseConstants.bits + 16 * c;
    u8.fill(1 << c, bits, bits + 16);
  }
  return address;
}
