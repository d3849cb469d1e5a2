/** What `keep: 'device'` gives on a reference machine, and how a run goes on from it (semantics 2.5). */
import type { StateHandle } from '../contract/driver.ts';
import { InvalidRequestError } from '../errors/isinglass-error.ts';

/** The states of all rows, pinned spins included: plain data, since the reference has no device memory. */
export class KeptStates implements StateHandle {
  #states: readonly Int8Array[] | undefined;

  constructor(states: readonly Int8Array[]) {
    this.#states = states;
  }

  /** Copies of the rows asked for. */
  take(rows: ArrayLike<number>): Int8Array[] {
    return Array.from(rows, (row) => {
      const state = this.#states?.[row];
      if (state === undefined) throw new InvalidRequestError(`The handle has no row ${row}, or was released.`);
      return state.slice();
    });
  }

  release(): void {
    this.#states = undefined;
  }
}

/** The states that a `resume` start names, one per row of the new run. */
export function resumedStates(handle: StateHandle, rows: ArrayLike<number>, rowCount: number): Int8Array[] {
  if (!(handle instanceof KeptStates)) {
    throw new InvalidRequestError('start.handle does not come from a reference machine.', { where: 'start.handle' });
  }
  if (rows.length !== rowCount) {
    throw new InvalidRequestError(`start.rows has ${rows.length} rows; the run has ${rowCount}.`, {
      where: 'start.rows',
    });
  }
  return handle.take(rows);
}
