/** What a fault of a suite is: the pieces with something wrong, and the item of the selftest that must notice. */
import type { Pieces } from './pieces.ts';

export interface MetaFault {
  readonly name: string;
  /** The catalogue's kind of fault. */
  readonly kind:
    | 'inverted comparison'
    | 'wrong degrees of freedom'
    | 'dropped cells'
    | 'always passes'
    | 'clipped samples'
    | 'skip instead of fail'
    | 'fixed seed'
    | 'shared oracle'
    | 'wrong p-value'
    | 'retries until green'
    | 'no fresh confirmation'
    | 'needs ignored';
  /** Items that notice; others may, too. */
  readonly caughtBy: readonly string[];
  plant(pieces: Pieces): Pieces;
}
