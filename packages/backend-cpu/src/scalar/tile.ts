/**
 * A tile: some rows of a run, side by side, so that every weight that is loaded serves all of them. A row is one
 * (image, chain) pair; rows of one image share its static field.
 */
import type { BankStructure, BlockStructure } from './block-structure.ts';
import { RandomWords } from './random-words.ts';
import { lanesFor } from './row-packing.ts';
import type { StaticFields } from './static-field.ts';

/** The state of one free bank. */
export interface TileBank {
  readonly bank: BankStructure;
  /** ±1, `[spin][row]` */
  readonly states: Int8Array;
  /** The same, packed for the couplings: `[spin][lane]`. */
  readonly x: Float64Array;
}

/** Buffers that one part after another uses; as large as the largest free bank. */
export interface Scratch {
  /** `[spin][lane]` */
  readonly acc: Float64Array;
  /** `[spin][row]` */
  readonly field: Float64Array;
  /** `[spin][row]` */
  readonly thresholds: Int32Array;
}

/** Which rows of a run a tile holds, and what they are. */
export interface TileRows {
  /** The tile's row 0 in the run. */
  readonly firstRow: number;
  readonly rows: number;
  /** Chains per image in the run. */
  readonly chains: number;
  /** Global image number of every row of the tile. */
  readonly imageNumbers: Uint32Array;
  /** Global chain index of every row of the tile. */
  readonly chainNumbers: Uint32Array;
}

export class Tile {
  readonly structure: BlockStructure;
  readonly firstRow: number;
  readonly rows: number;
  readonly lanes: number;
  readonly random: RandomWords;
  /** Index within the run of every row's image. */
  readonly imageOfRow: Uint32Array;
  /** States that changed so far. */
  flips = 0;
  readonly #banks: readonly (TileBank | null)[];
  readonly #fields: StaticFields;

  constructor(structure: BlockStructure, seed: bigint, fields: StaticFields, o: TileRows) {
    this.structure = structure;
    this.firstRow = o.firstRow;
    this.rows = o.rows;
    this.lanes = lanesFor(o.rows, structure.packing);
    this.imageOfRow = Uint32Array.from({ length: o.rows }, (_, row) => Math.floor((o.firstRow + row) / o.chains));
    this.random = new RandomWords(seed, structure.block.index, { images: o.imageNumbers, chains: o.chainNumbers });
    this.#fields = fields;
    this.#banks = structure.banks.map((bank) =>
      bank.free
        ? {
            bank,
            states: new Int8Array(bank.spinCount * o.rows),
            x: new Float64Array(bank.spinCount * this.lanes),
          }
        : null,
    );
  }

  /** The state of the free bank at this place in the block's list. */
  free(index: number): TileBank {
    const bank = this.#banks[index];
    if (bank === null || bank === undefined) throw new TypeError(`bank ${index} is not free`);
    return bank;
  }

  /** Every free bank's state, in declared order. */
  freeBanks(): readonly TileBank[] {
    return this.#banks.filter((bank) => bank !== null);
  }

  /** field = H for the listed spins of a free bank. */
  setStaticField({ bank }: TileBank, spins: Uint32Array, field: Float64Array): void {
    const { rows, imageOfRow } = this;
    const H = this.#fields.ofBank(bank.index);
    for (let n = 0; n < spins.length; n++) {
      const spin = spins[n] as number;
      for (let row = 0; row < rows; row++) {
        field[spin * rows + row] = H[(imageOfRow[row] as number) * bank.spinCount + spin] as number;
      }
    }
  }
}

/** Buffers for tiles of up to `rows` rows. */
export function scratchFor(structure: BlockStructure, rows: number, lanes: number): Scratch {
  const spins = largestFreeBank(structure);
  return {
    acc: new Float64Array(spins * lanes),
    field: new Float64Array(spins * rows),
    thresholds: new Int32Array(spins * rows),
  };
}

/** Spins of the largest free bank. */
export function largestFreeBank(structure: BlockStructure): number {
  return structure.banks.reduce((most, bank) => (bank.free ? Math.max(most, bank.spinCount) : most), 0);
}
