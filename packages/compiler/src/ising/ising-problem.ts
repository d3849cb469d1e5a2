/**
 * A plain Ising problem:  E(s) = −Σ_{i<j} J_ij s_i s_j − Σ_i h_i s_i,  the sign convention of this project (semantics
 * 1.2): J > 0 aligns. Every pair once, i < j; couplings that are zero are left out.
 */
import { InvalidRequestError } from '@isinglass/sdk';

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

export interface IsingProblemOptions {
  /** At least one more than the largest spin number; absent: exactly that. */
  readonly spinCount?: number | undefined;
  readonly duplicates: Duplicates;
}

/** Spins of one problem: sparse numbering must not allocate gigabytes. */
export const spinCountMax = 2 ** 26;

/** Collects terms in any order; pairs in either order are the same pair. */
export function isingProblem(terms: Iterable<IsingTerm>, o: IsingProblemOptions): IsingProblem {
  const list = [...terms].map((term) => checkedTerm(term));
  const spinCount = checkedSpinCount(list, o.spinCount);
  list.sort((a, b) => a.first - b.first || a.second - b.second);
  const merged: IsingTerm[] = [];
  for (const term of list) {
    const last = merged.at(-1);
    if (last === undefined || last.first !== term.first || last.second !== term.second) {
      merged.push(term);
      continue;
    }
    if (o.duplicates === 'refuse') throw duplicate(last, term);
    merged[merged.length - 1] = { ...last, value: last.value + term.value };
  }
  const biases = new Float64Array(spinCount);
  for (const term of merged) if (term.first === term.second) biases[term.first] = term.value;
  const pairs = merged.filter((term) => term.first !== term.second && term.value !== 0);
  return {
    spinCount,
    biases,
    couplings: {
      first: Uint32Array.from(pairs, (term) => term.first),
      second: Uint32Array.from(pairs, (term) => term.second),
      value: Float64Array.from(pairs, (term) => term.value),
    },
  };
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

function checkedTerm(term: IsingTerm): IsingTerm {
  for (const spin of [term.first, term.second]) {
    if (Number.isInteger(spin) && spin >= 0 && spin < spinCountMax) continue;
    throw new InvalidRequestError(
      `${term.where}: spin numbers are integers from 0 to ${spinCountMax - 1}, not ${spin}`,
      {
        where: term.where,
      },
    );
  }
  if (!Number.isFinite(term.value)) {
    throw new InvalidRequestError(`${term.where}: ${term.value} is not a finite number`, { where: term.where });
  }
  return term.first <= term.second ? term : { ...term, first: term.second, second: term.first };
}

function checkedSpinCount(terms: readonly IsingTerm[], stated: number | undefined): number {
  const needed = terms.reduce((largest, term) => Math.max(largest, term.second + 1), 0);
  const count = stated ?? needed;
  if (!Number.isInteger(count) || count < 1 || count > spinCountMax || count < needed) {
    throw new InvalidRequestError(
      `a problem has 1 to ${spinCountMax} spins and at least as many as its terms name (${needed}), not ${count}`,
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
