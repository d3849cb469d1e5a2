/**
 * dimod's COO text:
 *
 *     # vartype=SPIN            or BINARY
 *     i i bias                  linear
 *     i j bias                  quadratic
 *
 * dimod's energy has the opposite sign, E = Σ h_i s_i + Σ J_ij s_i s_j (+ offset): biases are negated here. Binary
 * variables x in {0, 1} become spins s = 2x − 1, exactly:
 *
 *     a x_i        = a/2 + (a/2) s_i
 *     b x_i x_j    = b/4 + (b/4) (s_i + s_j + s_i s_j)
 *
 * Terms given several times are summed, as dimod does. The file has no offset; what the change of variables leaves is
 * reported, so that  E_dimod(x) = E(s) + offset.
 */
import { InvalidRequestError } from '@isinglass/sdk';
import { fieldsOfLines, numberOf } from './edge-list.ts';
import { type IsingProblem, type IsingTerm, isingProblem } from './ising-problem.ts';

/** dimod's kinds of variables: ±1, or 0 and 1. */
export type Vartype = 'SPIN' | 'BINARY';

/** What the text may leave open. */
export interface CooOptions {
  /** Instead of the header, or where there is none; a contradiction is an error. */
  readonly vartype?: Vartype;
  /** For variables beyond the largest number in the file. */
  readonly spinCount?: number;
}

/** The problem in this project's convention, and what ties it to dimod's. */
export interface CooProblem {
  readonly problem: IsingProblem;
  readonly vartype: Vartype;
  /** dimod's energy minus this project's. */
  readonly offset: number;
}

/** The problem of a COO file; throws InvalidRequestError that names the line. */
export function readCoo(text: string, o: CooOptions = {}): CooProblem {
  const vartype = vartypeOf(text, o.vartype);
  let offset = 0;
  const terms: IsingTerm[] = [];
  for (const { first, second, value, where } of cooTerms(text)) {
    const add = (i: number, j: number, dimodBias: number) =>
      terms.push({ first: i, second: j, value: -dimodBias, where });
    if (vartype === 'SPIN') {
      add(first, second, value);
    } else if (first === second) {
      add(first, first, value / 2);
      offset += value / 2;
    } else {
      add(first, second, value / 4);
      add(first, first, value / 4);
      add(second, second, value / 4);
      offset += value / 4;
    }
  }
  return { problem: isingProblem(terms, { spinCount: o.spinCount, duplicates: 'sum' }), vartype, offset };
}

function* cooTerms(text: string): Iterable<IsingTerm> {
  for (const { fields, where } of fieldsOfLines(text)) {
    const [first, second, value] = fields.map((field) => numberOf(field, where));
    if (fields.length !== 3 || first === undefined || second === undefined || value === undefined) {
      throw new InvalidRequestError(`${where}: expected "i j bias", found ${fields.length} fields`, { where });
    }
    yield { first, second, value, where };
  }
}

function vartypeOf(text: string, stated: Vartype | undefined): Vartype {
  const header = /^[ \t\f]*#.*?vartype[:=][ \t]*([-_.a-zA-Z0-9]+)/m.exec(text)?.[1];
  if (header !== undefined && header !== 'SPIN' && header !== 'BINARY') {
    throw new InvalidRequestError(`vartype is SPIN or BINARY, not ${header}`, { where: 'vartype' });
  }
  const vartype = stated ?? header;
  if (vartype === undefined) {
    throw new InvalidRequestError('the text has no header "# vartype=SPIN" or "# vartype=BINARY": state the vartype', {
      where: 'vartype',
    });
  }
  if (header !== undefined && header !== vartype) {
    throw new InvalidRequestError(`the header says ${header}, the options say ${vartype}`, { where: 'vartype' });
  }
  return vartype;
}
