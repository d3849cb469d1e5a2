/**
 * One sweep of a small block as an exact operator on laws over its states: what chains do on average, without chance.
 *
 *   spin i, color by color:   p'(s_i = +1, rest) = P_i(rest) · (p(+1, rest) + p(−1, rest)),      P_i = n_i / 65536
 *
 * n is the machine's own integer (under the fixed law T[u], semantics 4.6), so powers of this operator are the laws of
 * a real chain after 1, 2, 3 … sweeps, and its fixed point the law that long runs sample.
 */
import { InvalidRequestError } from '../errors/isinglass-error.ts';
import { fullTemperature } from '../law/temperature.ts';
import type { Program } from '../program/program.ts';
import { fixedLaw } from './fixed-law.ts';
import { realLaw } from './real-law.ts';
import { blockWithIndex } from './reference-run.ts';
import { lawMeans, type SmallBlock, type StateRequest, smallBlock } from './small-block.ts';
import type { UpdateLaw } from './update-law.ts';

export interface StationaryLaw {
  /** Over states: bit n of a state is free spin n. */
  readonly probabilities: Float64Array<ArrayBuffer>;
  readonly means: Float64Array<ArrayBuffer>;
  /** Total variation distance between the law and itself one sweep later. */
  readonly residual: number;
  readonly sweeps: number;
}

/** The kernel of the program's own law, at most 12 free spins. */
export function sweepKernel(
  program: Pick<Program, 'json' | 'tensors'>,
  blockIndex: number,
  o: StateRequest = {},
): SweepKernel {
  const block = blockWithIndex(program, blockIndex);
  const lawOf = program.json.law.kind === 'fixed' ? fixedLaw : realLaw;
  const law = lawOf(program, block, o.gains ?? {});
  return new SweepKernel(smallBlock(program, block, { ...o, law, freeSpinsMax: 12 }), law);
}

export class SweepKernel {
  /** The free spins that the bits of a state stand for, least significant first. */
  readonly spins: readonly { readonly bank: string; readonly index: number }[];
  readonly stateCount: number;
  /** Free spins in the order in which a sweep updates them; those of one color commute. */
  readonly #updates: readonly number[];
  readonly #law: UpdateLaw;
  /** `[spin][state]`, for states in which the spin is −1 */
  readonly #fields: readonly Float64Array[];

  constructor(block: SmallBlock, law: UpdateLaw) {
    this.spins = block.freeSpins.map(({ bank, index }) => ({ bank, index }));
    this.stateCount = 2 ** block.freeSpins.length;
    this.#updates = block.colors.flatMap((color) => color.map((spin) => spin.order));
    this.#law = law;
    this.#fields = block.freeSpins.map(({ order }) =>
      Float64Array.from({ length: this.stateCount }, (_, state) =>
        (state >>> order) & 1 ? 0 : block.field(state, order),
      ),
    );
  }

  /** The law one sweep later. `b` is the sweep's temperature b_t (semantics 4.5). The argument is not written. */
  apply(law: Float64Array, b: number = fullTemperature): Float64Array<ArrayBuffer> {
    const next = Float64Array.from(law);
    for (const spin of this.#updates) {
      const bit = 1 << spin;
      for (let down = 0; down < this.stateCount; down++) {
        if ((down & bit) !== 0) continue;
        const up = down | bit;
        const both = (next[down] as number) + (next[up] as number);
        const plus = this.#law.plusDraws(this.#fields[spin]?.[down] as number, b) / 65536;
        next[up] = both * plus;
        next[down] = both * (1 - plus);
      }
    }
    return next;
  }

  /** The law after `sweeps` sweeps from a state or from a law over states. */
  power(
    start: number | Float64Array,
    sweeps: number,
    o: { readonly temperatures?: ArrayLike<number> } = {},
  ): Float64Array<ArrayBuffer> {
    let law = this.#lawOf(start);
    for (let t = 0; t < sweeps; t++) law = this.apply(law, o.temperatures?.[t] ?? fullTemperature);
    return law;
  }

  /** Fair coins: the law of the `random` start. */
  uniform(): Float64Array<ArrayBuffer> {
    return new Float64Array(this.stateCount).fill(1 / this.stateCount);
  }

  /**
   * The law that a sweep leaves unchanged, by repeated sweeps from fair coins until the residual is at most
   * `residualMax` (default 10⁻¹³). Throws InvalidRequestError when `sweepsMax` sweeps (default 100,000) do not get
   * there.
   */
  stationaryLaw(o: { readonly residualMax?: number; readonly sweepsMax?: number } = {}): StationaryLaw {
    const { residualMax = 1e-13, sweepsMax = 100_000 } = o;
    let probabilities = this.uniform();
    let residual = Number.POSITIVE_INFINITY;
    let sweeps = 0;
    while (residual > residualMax) {
      if (sweeps === sweepsMax) {
        throw new InvalidRequestError(
          `After ${sweeps} sweeps a sweep still changes the law by ${residual}; the block mixes too slowly.`,
        );
      }
      const next = this.apply(probabilities);
      residual = totalVariation(next, probabilities);
      probabilities = next;
      sweeps++;
    }
    return { probabilities, means: lawMeans(probabilities, this.spins.length), residual, sweeps };
  }

  #lawOf(start: number | Float64Array): Float64Array<ArrayBuffer> {
    if (typeof start !== 'number') return Float64Array.from(start);
    const law = new Float64Array(this.stateCount);
    law[start] = 1;
    return law;
  }
}

/** ½ Σ |p − q|. */
export function totalVariation(p: Float64Array, q: Float64Array): number {
  return p.reduce((sum, value, n) => sum + Math.abs(value - (q[n] as number)), 0) / 2;
}
