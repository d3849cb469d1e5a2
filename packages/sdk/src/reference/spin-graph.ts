/**
 * A block spin by spin: every free spin with its partners, as the reference machines walk it. A state is one Int8Array
 * over `spinIndex` (semantics 5.2): ±1 for spins, 0 in the padding between banks.
 */
import { type CouplingView, couplingView, type Side } from '../couplings/coupling-view.ts';
import { tensorOf } from '../couplings/tensor-values.ts';
import { InvalidRequestError } from '../errors/isinglass-error.ts';
import { type BankLayout, blockLayout } from '../program/block-layout.ts';
import type { Program } from '../program/program.ts';
import type { Bank, Block, Coupling } from '../program/program-json.ts';

/** One free spin's couplings to one bank through one coupling: A = Σ_n weights[n] · s[spins[n]]. */
export interface SpinTerm {
  readonly coupling: Coupling;
  /** spinIndex of every partner. */
  readonly spins: Uint32Array;
  /** Stored numbers (integers under the fixed law), never zero. */
  readonly weights: Float32Array;
}

export interface FreeSpin {
  readonly bank: string;
  /** Place in its bank. */
  readonly index: number;
  readonly spinIndex: number;
  /** Place among the free spins of the block, in order of spinIndex. */
  readonly order: number;
  /** Couplings whose other bank is pinned: they act through the static field. */
  readonly pinnedTerms: readonly SpinTerm[];
  readonly freeTerms: readonly SpinTerm[];
}

export interface SpinGraph {
  readonly layout: readonly BankLayout[];
  /** Length of a state: the padded spins of all banks. */
  readonly stateLength: number;
  readonly freeSpins: readonly FreeSpin[];
  /** The free spins of each color, in the order of a sweep (semantics 1.5). */
  readonly colors: readonly (readonly FreeSpin[])[];
}

/** 100 million partners take 800 MB: past this a block is for a device, not for a reference. */
const partnersMax = 100_000_000;

/** Unrolls `block`. Throws InvalidRequestError when it is too large for that. */
export function spinGraph(program: Pick<Program, 'tensors'>, block: Block): SpinGraph {
  const layout = blockLayout(block);
  const views = block.couplings.map((coupling) => couplingView(coupling, block, program.tensors));
  const partners = views.reduce((sum, view) => sum + 2 * view.nnz().actual, 0);
  if (partners > partnersMax) {
    throw new InvalidRequestError(
      `Block "${block.id}" has ${partners} partners of spins, more than the ${partnersMax} that a reference machine unrolls; use a device.`,
      { where: block.id },
    );
  }
  const freeSpins: FreeSpin[] = [];
  const byColor = new Map(block.schedule.colors.map((color): [number, FreeSpin[]] => [color, []]));
  for (const { bank, spinCount, offset } of layout) {
    if (bank.role === 'pinned') continue;
    const colorOf = bankColors(bank, program);
    const ends = couplingEnds(bank, views, layout);
    for (let index = 0; index < spinCount; index++) {
      const terms = ends.map((end) => ({ pinned: end.pinned, term: termOf(end, index) }));
      const spin: FreeSpin = {
        bank: bank.id,
        index,
        spinIndex: offset + index,
        order: freeSpins.length,
        pinnedTerms: terms.filter(({ pinned }) => pinned).map(({ term }) => term),
        freeTerms: terms.filter(({ pinned }) => !pinned).map(({ term }) => term),
      };
      freeSpins.push(spin);
      byColor.get(colorOf(index))?.push(spin);
    }
  }
  const last = layout.at(-1);
  const stateLength = last === undefined ? 0 : last.offset + 32 * Math.ceil(last.spinCount / 32);
  return { layout, stateLength, freeSpins, colors: [...byColor.values()] };
}

/** A = Σ w·s over the partners of one term (semantics 4.1): exact in float64 under the fixed law. */
export function termSum(term: SpinTerm, state: Int8Array): number {
  let sum = 0;
  for (let n = 0; n < term.spins.length; n++) {
    sum += (term.weights[n] as number) * (state[term.spins[n] as number] as number);
  }
  return sum;
}

/** The color of every spin of a free bank (semantics 1.4). */
export function bankColors(bank: Bank, program: Pick<Program, 'tensors'>): (index: number) => number {
  if (bank.role === 'pinned') throw new InvalidRequestError(`Bank "${bank.id}" is pinned: it has no color.`);
  if (bank.colorMap === undefined) return () => bank.color;
  const { data } = tensorOf(program.tensors, bank.colorMap);
  return (index) => Number(data[index]);
}

/** One end of a coupling at a bank, and where the bank at its other end begins. */
interface CouplingEnd {
  readonly view: CouplingView;
  readonly side: Side;
  readonly pinned: boolean;
  readonly otherOffset: number;
}

function couplingEnds(bank: Bank, views: readonly CouplingView[], layout: readonly BankLayout[]): CouplingEnd[] {
  const ends: CouplingEnd[] = [];
  const add = (view: CouplingView, side: Side, otherId: string) => {
    const other = layout.find((candidate) => candidate.bank.id === otherId);
    if (other !== undefined) {
      ends.push({ view, side, pinned: other.bank.role === 'pinned', otherOffset: other.offset });
    }
  };
  for (const view of views) {
    const { from, to } = view.coupling;
    if (to === bank.id) add(view, 'to', from);
    // With from = to one end already has the partners of rows and columns (semantics 3.6).
    else if (from === bank.id) add(view, 'from', to);
  }
  return ends;
}

function termOf(end: CouplingEnd, index: number): SpinTerm {
  const partners = [...end.view.neighbours(end.side, index)].filter(([, weight]) => weight !== 0);
  return {
    coupling: end.view.coupling,
    spins: Uint32Array.from(partners, ([spin]) => end.otherOffset + spin),
    weights: Float32Array.from(partners, ([, weight]) => weight),
  };
}
