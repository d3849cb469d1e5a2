/**
 * The fixed law (semantics 4). Fields are integers below 2²⁶ in float64 arrays: every operation here is exact.
 *
 *   u_i = H_i + Σ_c scaled_c(A_i)        u ← ⌊(u·b + 32768) / 65536⌋        threshold = T[clamp(u)]
 */
import { activationLimit, activationTable, feedForwardMean, fullTemperature, type Multiplier } from '@isinglass/sdk';
import { type FixedConstants, fixedConstants } from '@isinglass/sdk/machine-driver';
import type { BlockStructure } from './block-structure.ts';
import type { Contribution, RunLaw, Thresholds } from './law.ts';
import type { RowPacking } from './row-packing.ts';

/** The law of a block with the gains of one run, in slices. Throws InvalidRequestError for gains that break P132. */
export function* fixedLaw(
  { program, block, packing, sumBounds }: BlockStructure,
  gains: Readonly<Record<string, number>>,
): Generator<void, RunLaw, void> {
  return new FixedLaw(yield* fixedConstants(program, block, sumBounds, gains), packing);
}

class FixedLaw implements RunLaw {
  readonly packing: RowPacking;
  readonly #constants: FixedConstants;
  readonly #table: Int32Array;

  constructor(constants: FixedConstants, packing: RowPacking) {
    this.packing = packing;
    this.#constants = constants;
    this.#table = activationTable(constants.fractionBits);
  }

  bias(bank: string): Int32Array {
    const biases = this.#constants.biases.get(bank);
    if (biases === undefined) throw new TypeError(`bank ${bank} is not free`);
    return biases;
  }

  addContribution(coupling: string, o: Contribution): void {
    addScaled(this.#multiplier(coupling), this.packing, o);
  }

  setThresholds(o: Thresholds): void {
    setThresholds(this.#table, activationLimit(this.#constants.fractionBits), o);
  }

  /** ⌊(A′·M + 2^(sh+6)) / 2^(sh+7)⌋: A′ is 128 times too large. |A′| < 2²⁸, so the product is below 2⁴⁴. */
  addMeanContribution(coupling: string, { spins, rows, field, acc }: Contribution): void {
    const { M, sh } = this.#multiplier(coupling);
    const half = 2 ** (sh + 6);
    const unit = 2 ** -(sh + 7);
    for (let n = 0; n < spins.length; n++) {
      const base = (spins[n] as number) * rows;
      for (let i = base; i < base + rows; i++) {
        field[i] = (field[i] as number) + Math.floor(((acc[i] as number) * M + half) * unit);
      }
    }
  }

  setMeans({ spins, rows, field, means }: Parameters<RunLaw['setMeans']>[0]): void {
    const { fractionBits } = this.#constants;
    for (const spin of spins) {
      for (let i = spin * rows; i < (spin + 1) * rows; i++) {
        means[i] = feedForwardMean(this.#table, fractionBits, field[i] as number);
      }
    }
  }

  #multiplier(coupling: string): Multiplier {
    const m = this.#constants.multipliers.get(coupling);
    if (m === undefined) throw new TypeError(`no coupling ${coupling}`);
    return m;
  }
}

/** field += ⌊(A·M + half) / 2^sh⌋ for every row's digit A of the packed sums (`row-packing.ts`). */
function addScaled(
  { M, sh }: Multiplier,
  { rowsPerLane, base }: RowPacking,
  { spins, rows, field, acc }: Contribution,
): void {
  const half = sh >= 1 ? 2 ** (sh - 1) : 0;
  const unit = 2 ** -sh;
  const baseInverse = 1 / base;
  const lanes = Math.ceil(rows / rowsPerLane);
  for (let n = 0; n < spins.length; n++) {
    const spin = spins[n] as number;
    let row = spin * rows;
    const end = row + rows;
    for (let lane = 0; lane < lanes; lane++) {
      let packed = acc[spin * lanes + lane] as number;
      for (const laneEnd = Math.min(end, row + rowsPerLane); row < laneEnd; row++) {
        // The lowest digit is the one nearest to zero: |A| ≤ m < B/2.
        const rest = Math.floor(packed * baseInverse + 0.5);
        const A = packed - rest * base;
        packed = rest;
        field[row] = (field[row] as number) + Math.floor((A * M + half) * unit);
      }
    }
  }
}

function setThresholds(
  table: Int32Array,
  limit: number,
  { spins, rows, field, temperature, thresholds }: Thresholds,
): void {
  for (let n = 0; n < spins.length; n++) {
    const base = (spins[n] as number) * rows;
    for (let i = base; i < base + rows; i++) {
      let u = field[i] as number;
      if (temperature !== fullTemperature) u = Math.floor((u * temperature + 32768) * (1 / 65536));
      thresholds[i] = table[Math.max(-limit, Math.min(u, limit)) + limit] as number;
    }
  }
}
