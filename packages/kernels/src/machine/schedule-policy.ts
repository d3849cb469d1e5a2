import type { Block } from '@isinglass/sdk';

/** When work is worth sending away, cutting up, or sharing. Tests set other numbers, to take every way with small programs. */
export interface SchedulePolicy {
  /** A run with less work is done in the calling thread: sending it away takes longer. */
  readonly awayMin: number;
  /** Work of one piece of a strand. */
  readonly piece: number;
  /** Threads meet after every color only where a sweep is at least this much work. */
  readonly togetherMin: number;
  /** Rows left over by full tiles are done with spins as lanes up to this many, above that as one more tile. Null: as measured (spinsRowsMax). */
  readonly spinsRowsMax: number | null;
}

/** Work is counted in synaptic operations, an update as many as it takes the time of: about 1.5e11 a second. */
export const defaultPolicy: SchedulePolicy = {
  // 0.3 ms
  awayMin: 4e7,
  // 40 ms: an abort is noticed inside a piece
  piece: 6e9,
  // 1 ms; meeting takes some tens of microseconds
  togetherMin: 1.5e8,
  spinsRowsMax: null,
};

/** Synaptic operations that take as long as the rest of an update. */
export const operationsPerUpdate = 150;

/**
 * Up to how many rows a block is faster with spins as lanes, one row after the other, than as a tile of 16 rows that is not full: convolutions
 * and matrices keep three quarters of a full tile's speed (bench, one row), lists of couplings a quarter.
 */
export function spinsRowsMax(block: Block): number {
  return block.couplings.every(({ form }) => form.kind === 'conv' || form.kind === 'dense') ? 11 : 4;
}
