/** What a verifier finds: a violated invariant of semantics section 9, with its place and the numbers. */
import { type Diagnostic, InvalidProgramError } from '../errors/isinglass-error.ts';

export interface Violation {
  /** The invariant: `P101` … `P161`. */
  readonly code: `P${number}`;
  /** A path in the program JSON (`stages[0].banks[1].shape`), a tensor's name, or a place in the file. */
  readonly where: string;
  /** The fact and the numbers. */
  readonly message: string;
}

/** Listed at most: a hostile file may violate something in every byte. */
const listedMax = 1000;

/** Collects violations in the order in which they are found. Beyond 1,000 they are counted, not listed. */
export class ViolationList {
  readonly #listed: Violation[] = [];
  #count = 0;

  add(code: Violation['code'], where: string, message: string): void {
    this.#count++;
    if (this.#listed.length < listedMax) this.#listed.push({ code, where, message });
  }

  /** How many were found, listed or not. */
  get count(): number {
    return this.#count;
  }

  /** What is listed; when more were found, the last message says how many. */
  list(): readonly Violation[] {
    const last = this.#listed.at(-1);
    const unlisted = this.#count - this.#listed.length;
    if (last === undefined || unlisted === 0) return this.#listed;
    return [...this.#listed.slice(0, -1), { ...last, message: `${last.message} (and ${unlisted} more, not listed)` }];
  }
}

/** The error for one or more violations: its message has the first, its diagnostics have all. */
export function invalidProgram(violations: readonly Violation[]): InvalidProgramError {
  const [first] = violations;
  const others = violations.length - 1;
  const more = others > 0 ? ` (and ${others} more violation${others === 1 ? '' : 's'})` : '';
  const message = `invalid program: ${first?.code} at ${first?.where || 'the program'}: ${first?.message}${more}`;
  const diagnostics: Diagnostic[] = violations.map((violation) => ({ ...violation, severity: 'error' }));
  return new InvalidProgramError(message, { diagnostics, ...(first === undefined ? {} : { where: first.where }) });
}
