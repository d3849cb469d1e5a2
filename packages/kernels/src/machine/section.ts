/**
 * A stretch of a run's rows that is worked on in one lane form: full tiles of 16 rows with rows as lanes, the few rows that are left over
 * with spins as lanes. Both give the same bits.
 */

import { JobControl } from './job-control.ts';
import type { Region } from './memory/device-memory.ts';
import type { LaneForm, WorkerMessage } from './worker-messages.ts';

export class Section {
  readonly id = ++sections;
  readonly form: LaneForm;
  readonly #control: JobControl;
  readonly #region: Region;

  constructor(form: LaneForm, region: Region, buffer: SharedArrayBuffer) {
    this.form = form;
    this.#region = region;
    this.#control = new JobControl(buffer, form.run.control);
  }

  get run(): LaneForm['run'] {
    return this.form.run;
  }

  get begin(): WorkerMessage {
    return { kind: 'begin', id: this.id, ...this.form };
  }

  /** Rows of a tile, at most. */
  get tileRows(): number {
    return Math.ceil(this.run.rows / this.run.tiles);
  }

  /** Images of the request whose rows, or some of them, are here. */
  get images(): { readonly first: number; readonly end: number } {
    const { firstRow, rows, chains } = this.run;
    return { first: Math.floor(firstRow / chains), end: Math.ceil((firstRow + rows) / chains) };
  }

  /** Where the stored states of a bank are: `[rows][K]`. */
  states(bank: number): number {
    return this.run.banks[bank]?.states as number;
  }

  stop(): void {
    this.#control.stop();
  }

  free(): void {
    this.#region.free();
  }
}

let sections = 0;
