/** Random numbers of one tile of rows (semantics 5): one Philox call gives eight neighbouring spins of a row their draws. */
import { blockAndChain, philox4x32, philoxKey } from '@isinglass/sdk';

export interface RowCounters {
  /** Global image number of every row. */
  readonly images: Uint32Array;
  /** Global chain index of every row. */
  readonly chains: Uint32Array;
}

export class RandomWords {
  readonly #low: number;
  readonly #high: number;
  readonly #images: Uint32Array;
  /** Counter word c3 per row. */
  readonly #blockAndChain: Uint32Array;
  readonly #four = new Uint32Array(4);
  /** x0 … x3 of every row for the group drawn last: `words[4·row + lane]`. */
  readonly words: Uint32Array;

  constructor(seed: bigint, blockIndex: number, { images, chains }: RowCounters) {
    [this.#low, this.#high] = philoxKey(seed);
    this.#images = images;
    this.#blockAndChain = chains.map((chain) => blockAndChain(blockIndex, chain));
    this.words = new Uint32Array(4 * images.length);
  }

  /** Draws for the spins of spinIndex 8·group … 8·group + 7, all rows. `sweep` is c1: 0 for the initial state. */
  draw(group: number, sweep: number): void {
    const four = this.#four;
    const { words } = this;
    for (let row = 0; row < this.#images.length; row++) {
      const image = this.#images[row] as number;
      philox4x32(group, sweep, image, this.#blockAndChain[row] as number, this.#low, this.#high, four);
      words[4 * row] = four[0] as number;
      words[4 * row + 1] = four[1] as number;
      words[4 * row + 2] = four[2] as number;
      words[4 * row + 3] = four[3] as number;
    }
  }
}
