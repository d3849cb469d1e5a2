/** One readout of a run, summed exactly over retained sweeps and chains (semantics 2.1, 2.2, 2.6). */
import type { DriverReadout, ReadoutRequest } from '../contract/driver.ts';
import { emptySpins, type PackedSpins, packSpins, wordsPerRow } from '../spins/packed-spins.ts';
import type { FreeSpin } from './spin-graph.ts';

export interface ReadoutSize {
  readonly images: number;
  readonly chains: number;
  /** K */
  readonly retained: number;
}

export class ReadoutAccumulator {
  readonly #request: ReadoutRequest;
  /** The spins of the bank that is read. */
  readonly #spins: readonly FreeSpin[];
  readonly #size: ReadoutSize;
  /** `[images][spins]`; stays empty for `state`. */
  readonly #sums: Int32Array<ArrayBuffer>;
  /** `[images][chains][K]` rows; stays empty for the sums. */
  readonly #states: PackedSpins;

  constructor(request: ReadoutRequest, spins: readonly FreeSpin[], size: ReadoutSize) {
    const { images, chains, retained } = size;
    const isState = request.observable === 'state';
    this.#request = request;
    this.#spins = spins;
    this.#size = size;
    this.#sums = new Int32Array(isState ? 0 : images * spins.length);
    this.#states = emptySpins(isState ? images * chains * retained : 0, spins.length);
  }

  /** Sample k (0 … K − 1) of one row: its state, and the n that its updates used in that sweep. */
  add(row: number, k: number, state: Int8Array, plusDraws: Int32Array): void {
    if (this.#request.observable === 'state') this.#store(row * this.#size.retained + k, state);
    else this.#sum(Math.floor(row / this.#size.chains), state, plusDraws);
  }

  result(): DriverReadout {
    const { as, observable } = this.#request;
    if (observable === 'state') return { states: this.#states };
    const sums = this.#sums;
    if (as === 'sums') return { sums };
    const signs = this.#signs();
    return as === 'signs' ? { signs } : { sums, signs };
  }

  #store(row: number, state: Int8Array): void {
    const { words } = this.#states;
    const first = row * wordsPerRow(this.#spins.length);
    for (const { index, spinIndex } of this.#spins) {
      if (state[spinIndex] === 1)
        words[first + (index >>> 5)] = (words[first + (index >>> 5)] as number) | (1 << (index & 31));
    }
  }

  #sum(image: number, state: Int8Array, plusDraws: Int32Array): void {
    const sums = this.#sums;
    const first = image * this.#spins.length;
    for (const { index, spinIndex, order } of this.#spins) {
      const term =
        this.#request.observable === 'spin-sum'
          ? (state[spinIndex] as number)
          : 2 * (plusDraws[order] as number) - 65536;
      sums[first + index] = (sums[first + index] as number) + term;
    }
  }

  /** +1 if positive, −1 if negative, the request's tie at zero. */
  #signs(): PackedSpins {
    const { tie } = this.#request;
    const values = this.#sums.map((sum) => (sum === 0 ? tie : Math.sign(sum)));
    return packSpins(values, this.#size.images, this.#spins.length);
  }
}
