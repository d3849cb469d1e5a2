/**
 * The real law (semantics 7) in float64. Fields are f_i of semantics 1.3, in units of k_B·T at β = 1.
 *
 *   +1 iff (r + 0.5)/65536 < σ(2·β_t·f)        threshold = ⌈65536·σ − 0.5⌉, the number of such r
 */
import { biasValues, fullTemperature, gainsOfRun, referenceBeta } from '@isinglass/sdk';
import type { BlockStructure } from './block-structure.ts';
import type { Contribution, RunLaw, Thresholds } from './law.ts';
import { type RowPacking, unpacked } from './row-packing.ts';
import { inParts } from './work.ts';

/** The law of a block with the gains of one run, in slices. */
export function* realLaw(
  { program, block, banks }: BlockStructure,
  gains: Readonly<Record<string, number>>,
): Generator<void, RunLaw, void> {
  const gainOf = gainsOfRun(block, gains);
  const biases = new Map<string, Float64Array>();
  for (const { bank, free, spinCount, allSpins } of banks) {
    if (!free) continue;
    const h = new Float64Array(spinCount);
    for (const bias of block.biases) {
      if (bias.bank !== bank.id) continue;
      const gain = gainOf.get(bias.gain) as number;
      const values = biasValues(bias, bank, program.tensors);
      yield* inParts(allSpins, 1, (part) => {
        for (const spin of part) h[spin] = (h[spin] as number) + gain * (values[spin] as number);
      });
    }
    biases.set(bank.id, h);
  }
  return new RealLaw({
    beta: referenceBeta(block.schedule),
    gainOfCoupling: new Map(block.couplings.map(({ id, gain }) => [id, gainOf.get(gain) as number])),
    biases,
  });
}

interface Constants {
  /** The reference β. */
  readonly beta: number;
  readonly gainOfCoupling: ReadonlyMap<string, number>;
  /** Σ gain·h, by id of the free bank. */
  readonly biases: ReadonlyMap<string, Float64Array>;
}

class RealLaw implements RunLaw {
  readonly packing: RowPacking = unpacked;
  readonly #beta: number;
  readonly #gainOfCoupling: ReadonlyMap<string, number>;
  readonly #biases: ReadonlyMap<string, Float64Array>;

  constructor({ beta, gainOfCoupling, biases }: Constants) {
    this.#beta = beta;
    this.#gainOfCoupling = gainOfCoupling;
    this.#biases = biases;
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
