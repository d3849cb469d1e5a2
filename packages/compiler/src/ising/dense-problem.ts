import { InvalidRequestError } from '@isinglass/sdk';
import { type IsingProblem, type IsingTerm, isingProblem } from './ising-problem.ts';

/** J and h as arrays. */
export interface DenseIsing {
  /** N × N, symmetric, zero diagonal; J_ij joins spins i and j once, although it stands at two places. */
  readonly J: readonly ArrayLike<number>[];
  /** N numbers; absent: all zero. */
  readonly h?: ArrayLike<number>;
}

/** The problem of a dense J and h; throws InvalidRequestError that names the entry. */
export function denseProblem({ J, h }: DenseIsing): IsingProblem {
  const n = J.length;
  const wrongRow = J.findIndex((row) => row.length !== n);
  if (wrongRow !== -1)
    throw wrong(`J[${wrongRow}]`, `J must be square: ${n} rows, but this row has ${J[wrongRow]?.length} entries`);
  if (h !== undefined && h.length !== n) throw wrong('h', `h must have one entry per spin: ${n}, not ${h.length}`);
  return isingProblem(denseTerms(J, h), { spinCount: n, duplicates: 'refuse' });
}

function* denseTerms(J: DenseIsing['J'], h: ArrayLike<number> | undefined): Iterable<IsingTerm> {
  for (const [i, row] of J.entries()) {
    if (row[i] !== 0)
      throw wrong(`J[${i}][${i}]`, `the diagonal must be 0, not ${row[i]}: a spin is not coupled to itself`);
    for (let j = 0; j < i; j++) {
      const value = row[j] as number;
      const mirrored = J[j]?.[i];
      if (value !== mirrored)
        throw wrong(`J[${i}][${j}]`, `J must be symmetric: ${value} here, ${mirrored} at J[${j}][${i}]`);
      if (value !== 0) yield { first: j, second: i, value, where: `J[${i}][${j}]` };
    }
    if (h !== undefined) yield { first: i, second: i, value: h[i] as number, where: `h[${i}]` };
  }
}

function wrong(where: string, message: string): InvalidRequestError {
  return new InvalidRequestError(`${where}: ${message}`, { where });
}
