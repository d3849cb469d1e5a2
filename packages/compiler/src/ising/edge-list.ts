/**
 * Edge list text, in this project's sign convention (J > 0 aligns):
 *
 *     # a comment
 *     i j J        coupling of spins i and j
 *     i h          bias of spin i
 *
 * Spins are numbered from 0; fields are separated by blanks, tabs or commas. A pair or bias given twice is an error: a
 * file that lists both directions would otherwise mean twice the coupling.
 */
import { InvalidRequestError } from '@isinglass/sdk';
import { type IsingProblem, type IsingTerm, isingProblem } from './ising-problem.ts';

/** What the text may leave open. */
export interface EdgeListOptions {
  /** For spins beyond the largest number in the list. */
  readonly spinCount?: number;
}

/** The problem of an edge list; throws InvalidRequestError that names the line. */
export function readEdgeList(text: string, o: EdgeListOptions = {}): IsingProblem {
  return isingProblem(edgeTerms(text), { spinCount: o.spinCount, duplicates: 'refuse' });
}

function* edgeTerms(text: string): Iterable<IsingTerm> {
  for (const { fields, where } of fieldsOfLines(text)) {
    const [first, second, third] = fields.map((field) => numberOf(field, where));
    if (fields.length === 2 && first !== undefined && second !== undefined) {
      yield { first, second: first, value: second, where };
    } else if (fields.length === 3 && first !== undefined && second !== undefined && third !== undefined) {
      if (first === second) {
        throw new InvalidRequestError(`${where}: spin ${first} is coupled to itself; write a bias as "${first} h"`, {
          where,
        });
      }
      yield { first, second, value: third, where };
    } else {
      throw new InvalidRequestError(`${where}: expected "i j J" or "i h", found ${fields.length} fields`, { where });
    }
  }
}

/** The fields of every line that has some, comments cut off. */
export function* fieldsOfLines(text: string): Iterable<{ readonly fields: readonly string[]; readonly where: string }> {
  let line = 0;
  for (const raw of text.split(/\r\n|\n|\r/)) {
    line++;
    const fields = raw
      .replace(/#.*/, '')
      .split(/[\s,]+/)
      .filter((field) => field !== '');
    if (fields.length > 0) yield { fields, where: `line ${line}` };
  }
}

/** A decimal number; anything else is an error that names the line. */
export function numberOf(field: string, where: string): number {
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(field)) return Number(field);
  throw new InvalidRequestError(`${where}: "${field.slice(0, 40)}" is not a number`, { where });
}
