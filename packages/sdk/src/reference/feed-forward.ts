/**
 * One feed-forward pass through a block (paper eq. 1–4, 18–19; semantics 4.8): colors in the order of a sweep, every
 * spin's field from the static field and the means of the spins already visited; spins not yet visited lend nothing.
 *
 *   u_i = H_i + Σ_couplings term(Σ_j w_ij m_j)        m_i = mean(u_i)
 *
 * Whole banks at a time through `applyForward` and `applyAdjoint`, so large convolutions need no unrolling.
 */
import { type CouplingView, couplingView } from '../couplings/coupling-view.ts';
import { blockLayout } from '../program/block-layout.ts';
import type { Program } from '../program/program.ts';
import type { Bank, Block, Coupling } from '../program/program-json.ts';
import { type PackedSpins, unpackSpins, type Words } from '../spins/packed-spins.ts';
import { bankColors } from './spin-graph.ts';

/** What a pass is asked for. */
export interface FeedForwardRequest {
  /** Runtime gains; absent ones keep the program's. */
  readonly gains: Readonly<Record<string, number>>;
  /** Per pinned bank, one row per image. */
  readonly inputs: Readonly<Record<string, PackedSpins>>;
  /** How many images, or their numbers: the pass has no randomness, so only their count matters. */
  readonly images: number | Words;
}

/** What the laws make different. */
export interface FeedForwardLaw {
  /** The bias part of every spin's field, by free bank. */
  readonly biases: ReadonlyMap<string, ArrayLike<number>>;
  /** What Σ w·s over pinned spins adds to a field. */
  pinnedTerm(coupling: Coupling, sum: number): number;
  /** What Σ w·m over visited free spins adds to a field. */
  freeTerm(coupling: Coupling, sum: number): number;
  /** The mean that a spin with this field lends. */
  mean(field: number): number;
}

/** By free bank, one number per spin. */
export interface FeedForwardPass {
  readonly fields: ReadonlyMap<string, Float64Array<ArrayBuffer>>;
  readonly means: ReadonlyMap<string, Float64Array<ArrayBuffer>>;
}

/** The pass of one image: row `image` of every pinned bank. */
export function feedForwardPass(
  program: Pick<Program, 'tensors'>,
  block: Block,
  law: FeedForwardLaw,
  pinned: ReadonlyMap<string, ArrayLike<number>>,
): FeedForwardPass {
  const views = block.couplings.map((coupling) => couplingView(coupling, block, program.tensors));
  const free = blockLayout(block).flatMap(({ bank, spinCount }) =>
    bank.role === 'pinned' ? [] : [freeBankPass(program, law, views, pinned, bank, spinCount)],
  );
  const means = new Map(free.map(({ bank, mean }) => [bank.id, mean]));
  for (const color of block.schedule.colors) {
    const visited = free.filter(({ colors }) => colors.includes(color));
    for (const { bank, colors, staticField, field } of visited) {
      const dynamic = sumOfTerms(bank, field.length, views, means, (coupling, sum) => law.freeTerm(coupling, sum));
      colors.forEach((spinColor, i) => {
        if (spinColor === color) field[i] = at(staticField, i) + at(dynamic, i);
      });
    }
    // Means only now: spins of one color are visited together.
    for (const { colors, field, mean } of visited) {
      colors.forEach((spinColor, i) => {
        if (spinColor === color) mean[i] = law.mean(at(field, i));
      });
    }
  }
  return { fields: new Map(free.map(({ bank, field }) => [bank.id, field])), means };
}

/** One free bank during a pass: its colors and static field, the fields and means so far. */
interface FreeBankPass {
  readonly bank: Bank;
  readonly colors: Uint16Array;
  readonly staticField: Float64Array;
  readonly field: Float64Array<ArrayBuffer>;
  readonly mean: Float64Array<ArrayBuffer>;
}

function freeBankPass(
  program: Pick<Program, 'tensors'>,
  law: FeedForwardLaw,
  views: readonly CouplingView[],
  pinned: ReadonlyMap<string, ArrayLike<number>>,
  bank: Bank,
  spinCount: number,
): FreeBankPass {
  const colorOf = bankColors(bank, program);
  const fromPinned = sumOfTerms(bank, spinCount, views, pinned, (coupling, sum) => law.pinnedTerm(coupling, sum));
  return {
    bank,
    colors: Uint16Array.from({ length: spinCount }, (_, i) => colorOf(i)),
    staticField: fromPinned.map((sum, i) => at(law.biases.get(bank.id), i) + sum),
    field: new Float64Array(spinCount),
    mean: new Float64Array(spinCount),
  };
}

/** Σ over the couplings between `bank` and a bank of `sources` of term(Σ w·source), per spin of `bank`. */
function sumOfTerms(
  bank: Bank,
  spinCount: number,
  views: readonly CouplingView[],
  sources: ReadonlyMap<string, ArrayLike<number>>,
  term: (coupling: Coupling, sum: number) => number,
): Float64Array {
  const total = new Float64Array(spinCount);
  for (const view of views) {
    const { coupling } = view;
    const source = sources.get(coupling.to === bank.id ? coupling.from : coupling.to);
    if (source === undefined) continue;
    const sums = new Float64Array(spinCount);
    if (coupling.to === bank.id) view.applyForward(source, sums);
    else if (coupling.from === bank.id) view.applyAdjoint(source, sums);
    else continue;
    for (let i = 0; i < spinCount; i++) total[i] = at(total, i) + term(coupling, at(sums, i));
  }
  return total;
}

export function imageCount({ images }: FeedForwardRequest): number {
  return typeof images === 'number' ? images : images.length;
}

/** Row `image` of every pinned bank, as ±1. */
export function pinnedRow(
  inputs: Readonly<Record<string, PackedSpins>>,
  image: number,
): ReadonlyMap<string, ArrayLike<number>> {
  return new Map(
    Object.entries(inputs).map(([bank, { words, rows, spinCount }]) => {
      const stride = words.length / rows;
      const row = words.slice(image * stride, (image + 1) * stride);
      return [bank, unpackSpins({ words: row, rows: 1, spinCount })];
    }),
  );
}

function at(values: ArrayLike<number> | undefined, i: number): number {
  return values?.[i] as number;
}
