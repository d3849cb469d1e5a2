/**
 * Sparse and diagonal couplings at work on tiles of 16 rows: what an executor calls.
 *
 * Load (plain data in memory, shared by all threads and runs):
 *   couplingRows → planSparse → buildSparseMap      `plan.bytes` from the writer; `sparseBytesMax` bounds it from counts alone:
 *                                                   32 bytes a spin and 12 a stored entry and end
 * Run (main thread):
 *   planTerms → writeTerms                          `plan.bytes`: 4 or 8 bytes a spin, tables of T at most about 4 MiB (48 bytes a spin more
 *                                                   where every spin has a field of its own); null: this run has no fused updates
 * Sweep (any thread), the giver's states as byte masks:
 *   update                                          where this coupling is the only one from free banks, and planTerms gave terms. Needs the
 *                                                   draws of the part's spins for this sweep, 32 bytes a spin and tile
 *   addFields, addSums                              always: adds to 32-bit fields or sums of the spins of some cells
 *
 * Scratch of a thread: `sparseGroup.bytes`. Tiles together are faster than one by one: records are read once, and the loads of four tiles
 * overlap. Keep the bytes between tiles (and between the tiles' draws) off multiples of 4096, or four tiles compete for the same cache lines.
 */

import type { Multiplier } from '@isinglass/sdk';
import type { Kernels } from '../../../load-kernels.ts';
import {
  pairedRowsMax,
  sparseConstants,
  sparseGroup,
  type UpdateSparsePairs,
} from '../../../sparse-update/sparse-update.exports.ts';
import type { KernelMemory } from '../../../web-assembly.ts';
import type { RecordList, SparseMap, SparsePart } from './sparse-map.ts';
import type { SparseTerms } from './sparse-terms.ts';

/** Spins of one part of a map, in some of its cells. */
export interface SparseSpins {
  readonly map: SparseMap;
  /** Index of the part. */
  readonly part: number;
  /** Cells first … end − 1; default: all. */
  readonly cells?: { readonly first: number; readonly end: number };
}

/** One to four tiles; addresses are those of the first, the others follow at tileBytes. 0: not wanted, not there. */
export interface TileGroup {
  readonly tiles: number;
  readonly tileBytes: number;
  /** Rows of the last tile, 1 … 16; the others are full. */
  readonly lastRows: number;
  /** Masks of the giving bank. */
  readonly giver: number;
  readonly masks: number;
  /** Written beside the masks, where the bank is read by other couplings too. */
  readonly nibbles: number;
  /** u8 and i32 sums of retained sweeps. */
  readonly counts: number;
  readonly conditional: number;
  /** i16 `[slot][E][O]`, for terms made with `fieldPerRow`. */
  readonly fields: number;
  /** Where the draws of the bank's spin 0 are, or would be; drawTileBytes from tile to tile. */
  readonly draws: number;
  readonly drawTileBytes: number;
}

export class SparseStep {
  readonly #kernels: Kernels;
  readonly #group: number;
  readonly #words: Uint32Array;

  /** `group`: address of `sparseGroup.bytes` bytes that no other thread uses. */
  constructor(kernels: Kernels, memory: KernelMemory, group: number) {
    this.#kernels = kernels;
    this.#group = group;
    this.#words = new Uint32Array(memory.buffer, group, sparseGroup.bytes / 4);
  }

  /** New states of the spins, for sweep t = 1, 2, … of the run; how many changed. */
  update(spins: SparseSpins, terms: SparseTerms, t: number, o: TileGroup): number {
    this.#describe(terms, t, o);
    const { constants, kernel } = terms;
    const part = partOf(spins);
    const own = terms.parts[spins.part] as SparseTerms['parts'][number];
    const equal = stretch(part.equal, spins);
    const weighted = stretch(part.weighted, spins);
    const { equals, others } = this.#updates(kernel, o);
    let flips = 0;
    if (equal.spins > 0) {
      flips += equals(constants, equal.at, equal.spins, own.equal + 4 * equal.before, this.#group);
    }
    if (weighted.spins > 0) {
      const at = own.weighted + (kernel === 'updateTabled' ? 8 : 4) * weighted.before;
      flips += others(constants, weighted.at, weighted.spins, at, this.#group);
    }
    if (o.nibbles !== 0) this.#packNibbles(spins, constants, o);
    return flips;
  }

  /** fields (i32 `[slot][16]`, of the bank's slot 0 on) += scaled(A), one tile; `giver`: masks of the giving bank. */
  addFields(spins: SparseSpins, { M, sh }: Multiplier, o: { readonly giver: number; readonly fields: number }): void {
    const part = partOf(spins);
    const equal = stretch(part.equal, spins);
    const weighted = stretch(part.weighted, spins);
    if (equal.spins > 0) this.#kernels.addEqualFields(equal.at, equal.spins, o.giver, o.fields, M, sh);
    if (weighted.spins > 0) this.#kernels.addWeightedFields(weighted.at, weighted.spins, o.giver, o.fields, M, sh);
  }

  /** sums (as fields) += A·2^shift, one tile. */
  addSums(spins: SparseSpins, shift: number, o: { readonly giver: number; readonly sums: number }): void {
    const part = partOf(spins);
    const equal = stretch(part.equal, spins);
    const weighted = stretch(part.weighted, spins);
    if (equal.spins > 0) this.#kernels.addEqualSums(equal.at, equal.spins, o.giver, o.sums, shift);
    if (weighted.spins > 0) this.#kernels.addWeightedSums(weighted.at, weighted.spins, o.giver, o.sums, shift);
  }

  /** The kernels for records of equal and of any weights: two spins a vector where half of it would be idle. */
  #updates(
    kernel: SparseTerms['kernel'],
    { tiles, lastRows }: TileGroup,
  ): { readonly equals: UpdateSparsePairs; readonly others: UpdateSparsePairs } {
    const kernels = this.#kernels;
    if (tiles === 1 && lastRows <= pairedRowsMax) {
      return { equals: kernels.updateEqualPairs, others: kernels[`${kernel}Pairs`] };
    }
    return {
      equals: (...of) => kernels.updateEqual(tiles, ...of),
      others: (...of) => kernels[kernel](tiles, ...of),
    };
  }

  #packNibbles(spins: SparseSpins, constants: number, { tiles, tileBytes, masks, nibbles }: TileGroup): void {
    const { units, unitsBefore } = partOf(spins);
    const { first, end } = cellsOf(spins);
    const before = unitsBefore[first] as number;
    const count = (unitsBefore[end] as number) - before;
    const bits = constants + sparseConstants.bits;
    for (let tile = 0; tile < tiles; tile++) {
      const offset = tile * tileBytes;
      this.#kernels.packNibbles(units + 8 * before, count, bits, masks + offset, nibbles + offset);
    }
  }

  /** Writes the block that the kernels read. */
  #describe(terms: SparseTerms, t: number, o: TileGroup): void {
    const words = this.#words;
    const set = terms.setOfSweep?.[t - 1] ?? 0;
    const full = 0xffff_ffff;
    const last = 0xffff >>> (16 - o.lastRows);
    words[sparseGroup.giver / 4] = o.giver;
    words[sparseGroup.giverTile / 4] = o.tileBytes;
    words[sparseGroup.masks / 4] = o.masks;
    words[sparseGroup.maskTile / 4] = o.tileBytes;
    words[sparseGroup.draws / 4] = o.draws;
    words[sparseGroup.drawTile / 4] = o.drawTileBytes;
    words[sparseGroup.counts / 4] = o.counts;
    words[sparseGroup.countTile / 4] = o.tileBytes;
    words[sparseGroup.sums / 4] = o.conditional;
    words[sparseGroup.sumTile / 4] = o.tileBytes;
    words[sparseGroup.fields / 4] = o.fields;
    words[sparseGroup.fieldTile / 4] = o.tileBytes;
    // Two tiles a word.
    const { tiles } = o;
    words[sparseGroup.rows / 4] = tiles === 1 ? last : tiles === 2 ? 0xffff + last * 65536 : full;
    words[sparseGroup.rows / 4 + 1] = tiles === 3 ? last : 0xffff + last * 65536;
    words[sparseGroup.tables / 4] = terms.tables + set * terms.tableBytes;
  }
}

const partOf = ({ map, part }: SparseSpins): SparsePart => map.parts[part] as SparsePart;

const cellsOf = ({ map, cells }: SparseSpins): { readonly first: number; readonly end: number } =>
  cells ?? { first: 0, end: map.cells.length };

/** The records of some cells. */
function stretch(list: RecordList, spins: SparseSpins): { at: number; before: number; spins: number } {
  const { first, end } = cellsOf(spins);
  const before = list.before[first] as number;
  return { at: list.at[first] as number, before, spins: (list.before[end] as number) - before };
}
