/** One readout of a run, summed exactly over retained sweeps and chains (semantics 2.1, 2.2, 2.6). */
import type { DriverReadout, ReadoutRequest } from '../contract/driver.ts';
import { emptySpins, packSpins, wordsPerRow } from '../spins/packed-spins.ts';
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
  /** Per row: the packed samples so far; for `state` only. */
  readonly #samples: Uint32Array<ArrayBuffer>[][];

  constructor(request: ReadoutRequest, spins: readonly FreeSpin[], size: ReadoutSize) {
    this.#request = request;
    this.#spins = spins;
    this.#size = size;
    this.#sums = new Int32Array(request.observable === 'state' ? 0 : size.images * spins.length);
    this.#samples = Array.from({ length: size.images * size.chains }, () => []);
  }

  /** The state of one row after a retained sweep, and the n that its updates used in that sweep. */
  add(row: number, state: Int8Array, plusDraws: Int32Array): void {
    if (this.#request.observable === 'state') {
      const values = this.#spins.map((spin) => state[spin.spinIndex] as number);
      this.#samples[row]?.push(packSpins(values, 1, values.length).words);
      return;
    }
    const first = Math.floor(row / this.#size.chains) * this.#spins.length;
    for (const spin of this.#spins) {
      const term =
        this.#request.observable === 'spin-sum'
          ? (state[spin.spinIndex] as number)
          : 2 * (plusDraws[spin.order] as number) - 65536;
      this.#sums[first + spin.index] = (this.#sums[first + spin.index] as number) + term;
    }
  }

  result(): DriverReadout {
    const { as, observable } = this.#request;
    if (observable === 'state') return { states: this.#states() };
    const sums = this.#sums;
    if (as === 'sums') return { sums };
    const signs = this.#signs();
    return as === 'signs' ? { signs } : { sums, signs };
  }

  /** `[images][chains][K]` rows. */
  #states(): DriverReadout['states'] & object {
    const { images, chains, retained } = this.#size;
    const packed = emptySpins(images * chains * retained, this.#spins.length);
    const stride = wordsPerRow(this.#spins.length);
    this.#samples.flat().forEach((words, n) => {
      packed.words.set(words, n * stride);
    });
    return packed;
  }

  /** +1 if positive, −1 if negative, the request's tie at zero. */
  #signs(): DriverReadout['signs'] & object {
    const { tie } = this.#request;
    const values = this.#sums.map((sum) => (sum === 0 ? tie : Math.sign(sum)));
    return packSpins(values, this.#size.images, this.#spins.length);
  }
}
