/** What the main thread asks a worker, and what it answers. */

import type { RowsBlock, RowsRun } from './rows/rows-block.ts';
import type { PackTarget, SweepRange } from './rows/rows-executor.ts';
import type { SpinsBlock, SpinsRun } from './spins/spins-block.ts';

export type WorkerMessage =
  /** Before anything else of a section of a run, to every worker that will see it. */
  | ({ readonly kind: 'begin'; readonly id: number } & LaneForm)
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
      readonly tiles: readonly number[];
      readonly targets: readonly (PackTarget | null)[];
    }
  /** Sums of one bank over the rows of consecutive images, each into its own stretch of `bytesPerImage`, which is cleared first. */
  | {
      readonly kind: 'collect';
      readonly id: number;
      readonly bank: number;
      readonly observable: 'spin-sum' | 'conditional-sum';
      readonly firstImage: number;
      readonly images: number;
      readonly out: number;
      readonly bytesPerImage: number;
    };

/** Which lanes a section of a run is worked on in. */
export type LaneForm =
  /** 16 rows side by side. */
  | { readonly form: 'rows'; readonly block: RowsBlock; readonly run: RowsRun }
  /** One row at a time, 16 of its spins side by side: a tile is one row. */
  | { readonly form: 'spins'; readonly block: SpinsBlock; readonly run: SpinsRun };

export interface WorkerReply {
  /** States that changed, of a `sweep`. */
  readonly flips: number;
  /** The run was stopped: what was asked is not complete. */
  readonly stopped: boolean;
}
