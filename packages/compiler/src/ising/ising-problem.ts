/**
 * A plain Ising problem:  E(s) = −Σ_{i<j} J_ij s_i s_j − Σ_i h_i s_i,  the sign convention of this project (semantics
 * 1.2): J > 0 aligns. Every pair once, i < j; couplings that are zero are left out.
 */
import { InvalidRequestError } from '@isinglass/sdk';

/** Biases and couplings of a set of spins. */
export interface IsingProblem {
  readonly spinCount: number;
  /** h, one per spin. */
  readonly biases: Float64Array<ArrayBuffer>;
  /** J of the pairs (first, second), first < second, sorted by (first, second). */
  readonly couplings: {
    readonly first: Uint32Array<ArrayBuffer>;
    readonly second: Uint32Array<ArrayBuffer>;
    readonly value: Float64Array<ArrayBuffer>;
  };
}

/** What a pair that is given twice means. */
export type Duplicates = 'refuse' | 'sum';

/** One J or (first = second) h, with the place where it was given. */
export interface IsingTerm {
  readonly first: number;
  readonly second: number;
  readonly value: number;
  readonly where: string;
}

/** How terms become a problem. */
export interface IsingProblemOptions {
  /** At least one more than the largest spin number; absent: exactly that. */
  readonly spinCount?: number | undefined;
  readonly duplicates: Duplicates;
}

/** Spins of one problem: sparse numbering must not allocate gigabytes. */
export const spinCountMax = 2 ** 24;

/** Collects terms in any order; pairs in either order are the same pair. */
export function isingProblem(terms: Iterable<IsingTerm>, o: IsingProblemOptions): IsingProblem {
  const columns = new TermColumns(terms);
  const spinCount = checkedSpinCount(columns, o.spinCount);
  const biases = new Float64Array(spinCount);
  const first: number[] = [];
  const second: number[] = [];
  const value: number[] = [];
  const order = columns.sorted(spinCount);
  for (let at = 0; at < order.length; ) {
    const term = columns.at(order[at] as number);
    let sum = term.value;
    for (at++; at < order.length && columns.samePair(order[at - 1] as number, order[at] as number); at++) {
      const again = columns.at(order[at] as number);
      if (o.duplicates === 'refuse') throw duplicate(term, again);
      sum += again.value;
    }
    if (term.first === term.second) {
      biases[term.first] = sum;
    } else if (sum !== 0) {
      first.push(term.first);
      second.push(term.second);
      value.push(sum);
    }
  }
  const couplings = {
    first: Uint32Array.from(first),
    second: Uint32Array.from(second),
    value: Float64Array.from(value),
  };
  return { spinCount, biases, couplings };
}

/** E(s) in the units of J and h; `spins` are ±1. */
export function isingEnergy(problem: IsingProblem, spins: ArrayLike<number>): number {
  const { first, second, value } = problem.couplings;
  let energy = 0;
  for (let e = 0; e < value.length; e++) {
    energy -= (value[e] as number) * (spins[first[e] as number] as number) * (spins[second[e] as number] as number);
  }
  problem.biases.forEach((h, i) => {
    energy -= h * (spins[i] as number);
  });
  return energy;
}

/** Checked terms in columns, smaller spin first: problems have millions of terms. */
class TermColumns {
  readonly #first: number[] = [];
  readonly #second: number[] = [];
  readonly #value: number[] = [];
  readonly #where: string[] = [];
  /** One more than the largest spin number. */
  readonly spinsNamed: number;

  constructor(terms: Iterable<IsingTerm>) {
    let largest = -1;
    for (const term of terms) {
      checkTerm(term);
      const second = Math.max(term.first, term.second);
      this.#first.push(Math.min(term.first, term.second));
      this.#second.push(second);
      this.#value.push(term.value);
      this.#where.push(term.where);
      largest = Math.max(largest, second);
    }
    this.spinsNamed = largest + 1;
  }

  at(i: number): IsingTerm {
    return {
      first: this.#first[i] as number,
      second: this.#second[i] as number,
      value: this.#value[i] as number,
      where: this.#where[i] as string,
    };
  }

  samePair(a: number, b: number): boolean {
    return this.#first[a] === this.#first[b] && this.#second[a] === this.#second[b];
  }

  /** The terms by (first, second), equal pairs in the order given: two counting sorts. */
  sorted(spinCount: number): Uint32Array {
    const given = Uint32Array.from(this.#first, (_, i) => i);
    return countingSort(countingSort(given, this.#second, spinCount), this.#first, spinCount);
  }
}

/** Stable. */
function countingSort(order: Uint32Array, keys: readonly number[], keyCount: number): Uint32Array<ArrayBuffer> {
  const next = new Uint32Array(keyCount + 1);
  for (const key of keys) next[key + 1] = (next[key + 1] as number) + 1;
  for (let key = 0; key < keyCount; key++) next[key + 1] = (next[key + 1] as number) + (next[key] as number);
  const sorted = new Uint32Array(order.length);
  for (const item of order) {
    const key = keys[item] as number;
    const at = next[key] as number;
    sorted[at] = item;
    next[key] = at + 1;
  }
  return sorted;
}

function checkTerm({ first, second, value, where }: IsingTerm): void {
  for (const spin of [first, second]) {
    if (Number.isInteger(spin) && spin >= 0 && spin < spinCountMax) continue;
    throw new InvalidRequestError(`${where}: spin numbers are integers from 0 to ${spinCountMax - 1}, not ${spin}`, {
      where,
    });
  }
  if (!Number.isFinite(value)) throw new InvalidRequestError(`${where}: ${value} is not a finite number`, { where });
}

function checkedSpinCount({ spinsNamed }: TermColumns, stated: number | undefined): number {
  const count = stated ?? spinsNamed;
  if (!Number.isInteger(count) || count < 1 || count > spinCountMax || count < spinsNamed) {
    throw new InvalidRequestError(
      `a problem has 1 to ${spinCountMax} spins and at least as many as its terms name (${spinsNamed}), not ${count}`,
      { where: 'spinCount' },
    );
  }
  return count;
}

function duplicate(earlier: IsingTerm, later: IsingTerm): InvalidRequestError {
  const what =
    later.first === later.second ? `h of spin ${later.first}` : `J of spins ${later.first} and ${later.second}`;
  return new InvalidRequestError(
    `${later.where}: ${what} was already given at ${earlier.where}; give every pair once, in one direction`,
    {
      where: later.where,
    },
  );
}
