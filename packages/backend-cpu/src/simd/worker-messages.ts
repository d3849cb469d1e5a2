/** What the main thread asks a worker, and what it answers. */

import type { RowsBlock, RowsRun } from './rows/rows-block.ts';
import type { CollectRange, PackTarget, SweepRange } from './rows/rows-executor.ts';

export type WorkerMessage =
  /** Before anything else of a run, to every worker that will see it. */
  | { readonly kind: 'begin'; readonly id: number; readonly block: RowsBlock; readonly run: RowsRun }
  | { readonly kind: 'end'; readonly id: number }
  | { readonly kind: 'prepare'; readonly id: number; readonly slot: number; readonly tiles: readonly number[] }
  | {
      readonly kind: 'sweep';
      readonly id: number;
      readonly slot: number;
      readonly range: SweepRange;
      /** The worker's part of every color, where several do the same tiles together. */
      readonly share: { readonly index: number; readonly of: number } | null;
    }
  | {
      readonly kind: 'pack';
      readonly id: number;
      readonly tile: number;
      readonly targets: readonly (PackTarget | null)[];
    }
  /** Sums of consecutive images, each into its own stretch of `bytesPerImage`, which is cleared first. */
  | {
      readonly kind: 'collect';
      readonly id: number;
      readonly images: number;
      readonly bytesPerImage: number;
      readonly range: CollectRange;
    };

export interface WorkerReply {
  /** States that changed, of a `sweep`. */
  readonly flips: number;
  /** The run was stopped: what was asked is not complete. */
  readonly stopped: boolean;
}
