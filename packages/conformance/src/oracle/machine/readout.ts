/** One readout of a run, summed over retained sweeps and chains (semantics 2.1, 2.2, 2.6). */
import { type DriverReadout, emptySpins, type PackedSpins, type ReadoutRequest } from '@isinglass/sdk';
import type { BankPlace } from '../block-structure.ts';
import { packRow } from './packed-rows.ts';
import type { MachineRows } from './sampler.ts';

export interface ReadoutSize {
  readonly images: number;
  readonly chains: number;
  /** K */
  readonly kept: number;
  /** Of all banks. */
  readonly spins: number;
}

export class Readout {
  readonly #ask: ReadoutRequest;
  readonly #bank: BankPlace;
  readonly #size: ReadoutSize;
  readonly #sums: Int32Array<ArrayBuffer>;
  readonly #states: PackedSpins;

  constructor(ask: ReadoutRequest, bank: BankPlace, size: ReadoutSize) {
    this.#ask = ask;
    this.#bank = bank;
    this.#size = size;
    const state = ask.observable === 'state';
    this.#sums = new Int32Array(state ? 0 : size.images * bank.spins);
    this.#states = emptySpins(state ? size.images * size.chains * size.kept : 0, bank.spins);
  }

  /** Retained sample k = 0 … K − 1 of a row. */
  add(row: number, k: number, { states, plusDraws }: MachineRows): void {
    const { chains, kept, spins } = this.#size;
    const from = row * spins + this.#bank.first;
    if (this.#ask.observable === 'state') {
      packRow(this.#states, row * kept + k, states, from);
      return;
    }
    const sums = this.#sums;
    const to = Math.floor(row / chains) * this.#bank.spins;
    const conditional = this.#ask.observable === 'conditional-sum';
    for (let n = 0; n < this.#bank.spins; n++) {
      const term = conditional ? 2 * (plusDraws[from + n] as number) - 65536 : (states[from + n] as number);
      sums[to + n] = (sums[to + n] as number) + term;
    }
  }

  result(): DriverReadout {
    if (this.#ask.observable === 'state') return { states: this.#states };
    const sums = this.#sums;
    if (this.#ask.as === 'sums') return { sums };
    const { tie } = this.#ask;
    const values = sums.map((sum) => (sum === 0 ? tie : sum));
    const signs = emptySpins(this.#size.images, this.#bank.spins);
    for (let image = 0; image < this.#size.images; image++) packRow(signs, image, values, image * this.#bank.spins);
    return this.#ask.as === 'signs' ? { signs } : { sums, signs };
  }
}
