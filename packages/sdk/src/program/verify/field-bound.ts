/**
 * P132: the field of every free spin stays below 2²⁶ (semantics 4.5),
 *
 *   Σ_biases |B_i|  +  Σ_couplings scaled( Σ_j |w_ij| )  <  2²⁶.
 *
 * First the largest value of each term over the bank is added: cheap, and nearly always enough. Where that is not
 * enough, the sum is formed spin by spin; for banks too large for that (beyond any network known) the cheap sum decides.
 */
import { biasValues } from '../../couplings/bias-values.ts';
import { type CouplingView, couplingView, type Side } from '../../couplings/coupling-view.ts';
import { biasUnits } from '../../law/bias-units.ts';
import { fieldLimit } from '../../law/fixed-block.ts';
import { scaled } from '../../law/multiplier.ts';
import type { ProgramTensor } from '../program.ts';
import type { Block, FixedPoint } from '../program-json.ts';
import type { ViolationList } from '../violation.ts';
import type { BankFacts, BiasFacts, BlockFacts, ScaledCoupling } from './context.ts';
import { magnitudeSumMax } from './coupling-maxima.ts';

/** Work, in spins × taps, and spins up to which a bank is added up spin by spin: about a second and 200 MB. */
const exactWorkMax = 2 ** 26;
const exactSpinsMax = 2 ** 22;
/** Positions × taps of one axis: the tables of in-bounds taps that a coupling view makes. */
const exactAxisMax = 2 ** 20;

/** One summand of the field of the spins of a bank. */
interface Term {
  /** Path of what to change. */
  readonly where: string;
  readonly largest: number;
  /** Work of `perSpin` in the same unit as exactWorkMax. */
  readonly work: number;
  readonly perSpin: () => Float64Array;
}

export function checkFieldBounds(
  facts: BlockFacts & { readonly fixed: FixedPoint },
  parts: { readonly couplings: readonly ScaledCoupling[]; readonly biases: readonly BiasFacts[] },
  tensors: ReadonlyMap<string, ProgramTensor>,
  found: ViolationList,
): void {
  for (const bank of facts.banks.values()) {
    if (bank.bank.role === 'pinned' || bank.spinCount === undefined) continue;
    const terms = [
      ...parts.couplings.flatMap((coupling) => couplingTerms(coupling, bank, facts, tensors)),
      ...parts.biases.flatMap((bias) => biasTerms(bias, bank, facts.fixed, tensors)),
    ];
    if (total(terms) < fieldLimit) continue;
    const worst = worstOf(terms, bank.spinCount);
    if (worst.bound < fieldLimit) continue;
    const message = `the field of ${worst.name} of ${bank.bank.id} may reach ${worst.bound} units; it must stay below 2^26`;
    found.add('P132', worst.where ?? bank.where, message);
  }
}

function total(terms: readonly Term[]): number {
  return terms.reduce((sum, term) => sum + term.largest, 0);
}

/** The spin that the bound is largest for, and the place of the term that adds most to it. */
interface Worst {
  readonly name: string;
  readonly bound: number;
  readonly where: string | undefined;
}

function worstOf(terms: readonly Term[], spinCount: number): Worst {
  const work = terms.reduce((sum, term) => sum + term.work, 0);
  if (work <= exactWorkMax && spinCount <= exactSpinsMax) return worstSpin(terms, spinCount);
  const largest = terms.map(({ where, largest }) => ({ where, value: largest }));
  return { name: 'a spin', bound: total(terms), where: placeOfMost(largest) };
}

function worstSpin(terms: readonly Term[], spinCount: number): Worst {
  const sums = new Float64Array(spinCount);
  for (const term of terms) {
    const values = term.perSpin();
    for (let spin = 0; spin < spinCount; spin++) sums[spin] = (sums[spin] as number) + (values[spin] as number);
  }
  const bound = sums.reduce((most, sum) => Math.max(most, sum), 0);
  const spin = sums.indexOf(bound);
  if (bound < fieldLimit) return { name: `spin ${spin}`, bound, where: undefined };
  const parts = terms.map(({ where, perSpin }) => ({ where, value: perSpin()[spin] as number }));
  return { name: `spin ${spin}`, bound, where: placeOfMost(parts) };
}

function placeOfMost(parts: readonly { readonly where: string; readonly value: number }[]): string | undefined {
  return parts.toSorted((a, b) => b.value - a.value)[0]?.where;
}

function couplingTerms(
  { facts, multiplier }: ScaledCoupling,
  bank: BankFacts,
  block: BlockFacts,
  tensors: ReadonlyMap<string, ProgramTensor>,
): readonly Term[] {
  const sides: Side[] = facts.from === facts.to ? ['to'] : ['from', 'to'];
  let view: CouplingView | undefined;
  return sides
    .filter((side) => facts[side].bank === bank.bank)
    .map((side) => ({
      where: `${facts.where}.scale`,
      largest: scaled(magnitudeSumMax(facts, side), multiplier),
      work: workOf(facts, side),
      perSpin: () => {
        view ??= couplingView(facts.coupling, viewedBlock(block), tensors);
        return view.absoluteSums(side).map((sum) => scaled(sum, multiplier));
      },
    }));
}

/** A view reads ids and shapes of banks, which are the same in a draft. */
function viewedBlock({ block }: BlockFacts): Pick<Block, 'banks'> {
  return block as unknown as Pick<Block, 'banks'>;
}

function workOf({ geometry, weights, from, to }: ScaledCoupling['facts'], side: Side): number {
  const spins = side === 'to' ? to.spinCount : from.spinCount;
  if (geometry.kind !== 'conv') return spins + weights.length;
  const { y, x } = geometry.conv;
  const longest = Math.max(y.taps * Math.max(y.inputSize, y.outputSize), x.taps * Math.max(x.inputSize, x.outputSize));
  return longest > exactAxisMax ? Number.POSITIVE_INFINITY : weights.length + spins * y.taps * x.taps;
}

function biasTerms(
  { bias, where, bank: of, values, gain }: BiasFacts,
  bank: BankFacts,
  fixed: FixedPoint,
  tensors: ReadonlyMap<string, ProgramTensor>,
): readonly Term[] {
  if (of.bank !== bank.bank || gain === undefined) return [];
  const units = (h: number) => Math.abs(biasUnits({ ...fixed, gain }, h));
  return [
    {
      where: `${where}.values`,
      largest: values.reduce((most, h) => Math.max(most, units(h)), 0),
      work: of.spinCount,
      perSpin: () => Float64Array.from(biasValues(bias, of.bank, tensors), units),
    },
  ];
}
