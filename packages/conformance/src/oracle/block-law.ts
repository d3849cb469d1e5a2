/** The suite's own law of a block (semantics 4 and 7), from nothing but the program's JSON and tensors. */
import type { Program } from '@isinglass/sdk';

/** Exact update probabilities. Spins of all banks, pinned ones included, in declared order without padding. */
export interface BlockLaw {
  readonly banks: readonly {
    readonly id: string;
    readonly free: boolean;
    readonly first: number;
    readonly spins: number;
  }[];
  /** Free spins by color, in the order of a sweep. */
  readonly colors: readonly (readonly number[])[];
  /** P(s_i = +1) as a numerator over 65536 when spin i is updated in this state (±1 of all spins), at temperature b = 0 … 65536. */
  up(spin: number, states: ArrayLike<number>, b?: number): number;
}

export interface BlockLawOptions {
  readonly block: number;
  readonly gains?: Readonly<Record<string, number>>;
}

export function blockLaw(_program: Program, _o: BlockLawOptions): BlockLaw {
  throw new Error('not built yet');
}
