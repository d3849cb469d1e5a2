/** When work is worth sending away, cutting up, or sharing. Tests set other numbers, to take every way with small programs. */
export interface SchedulePolicy {
  /** A run with less work is done in the calling thread: sending it away takes longer. */
  readonly awayMin: number;
  /** Work of one piece of a strand. */
  readonly piece: number;
  /** Threads meet after every color only where a sweep is at least this much work. */
  readonly togetherMin: number;
  /** Rows left over by full tiles are done with spins as lanes up to this many, above that as one more tile. */
  readonly spinsRowsMax: number;
}

/** Work is counted in synaptic operations, an update as many as it takes the time of: about 1.5e11 a second. */
export const defaultPolicy: SchedulePolicy = {
  // 0.3 ms
  awayMin: 4e7,
  // 10 ms
  piece: 1.5e9,
  // 1 ms; meeting takes some tens of microseconds
  togetherMin: 1.5e8,
  spinsRowsMax: 0,
};

/** Synaptic operations that take as long as the rest of an update. */
export const operationsPerUpdate = 150;
