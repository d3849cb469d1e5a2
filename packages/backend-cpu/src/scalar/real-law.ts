/**
 * The real law (semantics 7) in float64. Fields are f_i of semantics 1.3, in units of k_B·T at β = 1.
 *
 *   +1 iff (r + 0.5)/65536 < σ(2·β_t·f)        threshold = ⌈65536·σ − 0.5⌉, the number of such r
 */
import {
  type Block,
  biasValues,
  fullTemperature,
  gainsOfRun,
  type Program,
  referenceBeta,
  spinCountOf,
} from '@isinglass/sdk';
import type { Contribution, RunLaw, Thresholds } from './law.ts';
import { type RowPacking, unpacked } from './row-packing.ts';

export class RealLaw implements RunLaw {
  readonly packing: RowPacking = unpacked;
  readonly #beta: number;
  readonly #gainOfCoupling: ReadonlyMap<string, number>;
  readonly #biases: ReadonlyMap<string, Float64Array>;

  constructor(program: Program, block: Block, gains: Readonly<Record<string, number>>) {
    const values = gainsOfRun(block, gains);
    const gain = (id: string): number => values.get(id) as number;
    this.#beta = referenceBeta(block.schedule);
    this.#gainOfCoupling = new Map(block.couplings.map((coupling) => [coupling.id, gain(coupling.gain)]));
    this.#biases = new Map(
      block.banks
        .filter((bank) => bank.role === 'free')
        .map((bank) => {
          const h = new Float64Array(spinCountOf(bank));
          for (const bias of block.biases) {
            if (bias.bank !== bank.id) continue;
            biasValues(bias, bank, program.tensors).forEach((value, i) => {
              h[i] = (h[i] as number) + gain(bias.gain) * value;
            });
          }
          return [bank.id, h];
        }),
    );
  }

  bias(bank: string): Float64Array {
    const biases = this.#biases.get(bank);
    if (biases === undefined) throw new TypeError(`bank ${bank} is not free`);
    return biases;
  }

  addContribution(coupling: string, { spins, rows, field, acc }: Contribution): void {
    const gain = this.#gainOfCoupling.get(coupling) as number;
    for (let n = 0; n < spins.length; n++) {
      const base = (spins[n] as number) * rows;
      for (let i = base; i < base + rows; i++) field[i] = (field[i] as number) + gain * (acc[i] as number);
    }
  }

  setThresholds({ spins, rows, field, temperature, thresholds }: Thresholds): void {
    const beta = (this.#beta * temperature) / fullTemperature;
    for (let n = 0; n < spins.length; n++) {
      const base = (spins[n] as number) * rows;
      for (let i = base; i < base + rows; i++) {
        const probability = 1 / (1 + Math.exp(-2 * beta * (field[i] as number)));
        thresholds[i] = Math.ceil(65536 * probability - 0.5);
      }
    }
  }

  addMeanContribution(coupling: string, o: Contribution): void {
    this.addContribution(coupling, o);
  }

  setMeans({ spins, rows, field, means }: Parameters<RunLaw['setMeans']>[0]): void {
    for (const spin of spins) {
      for (let i = spin * rows; i < (spin + 1) * rows; i++) means[i] = Math.tanh(this.#beta * (field[i] as number));
    }
  }
}
