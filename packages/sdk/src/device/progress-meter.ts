/** Progress of a run over all its driver calls: the sum of (row, sweep) pairs done, which never goes back. */
import type { RunProgress } from './run-request.ts';

export class ProgressMeter {
  readonly #rows: number;
  readonly #sweeps: number;
  readonly #listener: (progress: RunProgress) => void;
  /** (row, sweep) pairs done. */
  #done = 0;
  #rowsDone = 0;

  constructor(o: { rows: number; sweeps: number; listener: (progress: RunProgress) => void }) {
    this.#rows = o.rows;
    this.#sweeps = o.sweeps;
    this.#listener = o.listener;
  }

  /** A reporter for one part; told the sweeps of the run that the part has done. */
  part(rows: number): (sweepsDone: number) => void {
    let before = 0;
    return (sweepsDone) => {
      const now = Math.min(sweepsDone, this.#sweeps);
      if (now <= before) return;
      this.#done += (now - before) * rows;
      if (now === this.#sweeps) this.#rowsDone += rows;
      before = now;
      this.#listener({
        sweepsDone: Math.floor(this.#done / this.#rows),
        sweeps: this.#sweeps,
        rowsDone: this.#rowsDone,
        rows: this.#rows,
      });
    };
  }
}
