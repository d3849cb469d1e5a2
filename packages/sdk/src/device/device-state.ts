/**
 * A kept state as a user holds it. The run that made it may have been split, so it is a tiling of the rows by driver
 * handles, or by packed states on the host where the machine keeps none.
 */
import type { StateHandle } from '../contract/driver.ts';
import type { PackedSpins } from '../spins/packed-spins.ts';

/** The rows (image, chain) with image in firstImage … +images and chain in firstChain … +chains; row-major within. */
export interface StateTile {
  readonly firstImage: number;
  readonly images: number;
  readonly firstChain: number;
  readonly chains: number;
  readonly held: StateHandle | Readonly<Record<string, PackedSpins>>;
}

export interface DeviceStateOrigin {
  /** The program on the device that made it: only this one may go on from it. */
  readonly owner: object;
  readonly block: number;
  readonly images: number;
  readonly chains: number;
  readonly gains: Readonly<Record<string, number>>;
  /** Of each image's pinned spins: the handle keeps the static fields that come from them. */
  readonly inputDigests: readonly string[];
}

export class DeviceState implements StateHandle {
  readonly origin: DeviceStateOrigin;
  readonly #tiles: readonly StateTile[];
  #released = false;

  constructor(origin: DeviceStateOrigin, tiles: readonly StateTile[]) {
    this.origin = origin;
    this.#tiles = tiles;
  }

  get released(): boolean {
    return this.#released;
  }

  get rows(): number {
    return this.origin.images * this.origin.chains;
  }

  /** The tile that holds a row, and the row's place in it. */
  find(row: number): { readonly tile: StateTile; readonly row: number } {
    const image = Math.floor(row / this.origin.chains);
    const chain = row % this.origin.chains;
    for (const tile of this.#tiles) {
      const i = image - tile.firstImage;
      const c = chain - tile.firstChain;
      if (i >= 0 && i < tile.images && c >= 0 && c < tile.chains) return { tile, row: i * tile.chains + c };
    }
    throw new RangeError(`no tile holds row ${row}`);
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    for (const { held } of this.#tiles) if (isHandle(held)) held.release();
  }
}

/** Whether a tile is on the device. */
export function isHandle(held: StateTile['held']): held is StateHandle {
  return typeof held.release === 'function';
}
