/**
 * The IR's view of a coupling: what a pass, the verifier or a driver asks of it, without unrolling convolutions. Counts
 * are closed forms in float64 (they exceed 2³² for real models); sums per spin cost O(kernel + spins·taps). Weights are
 * the stored numbers: integers w under the fixed law, J under the real law; gains and scales are not applied.
 */
import { InvalidProgramError } from '../errors/isinglass-error.ts';
import type { Program } from '../program/program.ts';
import type { Block, Coupling } from '../program/program-json.ts';
import { ConvCoupling } from './conv-coupling.ts';
import type { CsrMatrix } from './coupling-csr.ts';
import { DenseCoupling } from './dense-coupling.ts';
import { DiagonalCoupling } from './diagonal-coupling.ts';
import { SparseCoupling } from './sparse-coupling.ts';

/** An end of a coupling. */
export type Side = 'from' | 'to';

/** A coupled spin's index in its bank, and the stored weight. */
export type Neighbour = readonly [spin: number, weight: number];

export interface CouplingView {
  readonly coupling: Coupling;
  readonly fromCount: number;
  readonly toCount: number;
  /** Semantics 3.7: stored zeros count in both; `actual` leaves out taps that fall on padding. */
  nnz(): { readonly nominal: number; readonly actual: number };
  /** Non-zero in-bounds couplings of one spin of that side's bank (from = to: to all its partners). */
  degree(side: Side, spin: number): number;
  /** The largest degree of any spin of that side's bank. */
  maxDegree(side: Side): number;
  /** Σ|w| of every spin of that side's bank (from = to: over all its partners). */
  absoluteSums(side: Side): Float64Array<ArrayBuffer>;
  /**
   * The in-bounds couplings of one spin of that side's bank, stored zeros included, other ends rising. From = to: rows
   * and columns together.
   */
  neighbours(side: Side, spin: number): Iterable<Neighbour>;
  /** out[to] += Σ w·s[from]. From = to: out[i] += Σ over all partners of i. */
  applyForward(states: ArrayLike<number>, out: Float64Array): void;
  /** out[from] += Σ w·s[to]. From = to: the same as applyForward (J is symmetric); call one of the two. */
  applyAdjoint(states: ArrayLike<number>, out: Float64Array): void;
  /**
   * Rows are `to`; from = to gives the full symmetric matrix. Throws InvalidRequestError above `entriesMax` (default 50
   * million).
   */
  toCsr(o?: { readonly entriesMax?: number }): CsrMatrix;
}

/** The view of one coupling of `block`. The tensors are read, never copied or written. */
export function couplingView(
  coupling: Coupling,
  block: Pick<Block, 'banks'>,
  tensors: Program['tensors'],
): CouplingView {
  const from = bankShape(block, coupling.from, coupling);
  const to = bankShape(block, coupling.to, coupling);
  const { form } = coupling;
  switch (form.kind) {
    case 'conv':
      return new ConvCoupling({ coupling, form, from, to, tensors });
    case 'dense':
      return new DenseCoupling({ coupling, form, from, to, tensors });
    case 'sparse':
      return new SparseCoupling({ coupling, form, from, to, tensors });
    case 'diagonal':
      return new DiagonalCoupling({ coupling, form, from, to, tensors });
    default:
      return form satisfies never;
  }
}

function bankShape(block: Pick<Block, 'banks'>, id: string, coupling: Coupling): readonly number[] {
  const bank = block.banks.find((candidate) => candidate.id === id);
  if (bank === undefined) {
    throw new InvalidProgramError(`Coupling "${coupling.id}" names bank "${id}", which the block does not have.`, {
      where: coupling.id,
    });
  }
  return bank.shape;
}
