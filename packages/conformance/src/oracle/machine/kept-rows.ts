/** A state that stays on the machine (`keep: 'device'`), and how runs go on from it (semantics 2.5). */
import { DeviceClosedError, InvalidRequestError, type StateHandle } from '@isinglass/sdk';

export class KeptRows implements StateHandle {
  /** Program and block that it belongs to. */
  readonly owner: object;
  readonly #spins: number;
  #states: Int8Array | undefined;

  /** `states`: rows × spins of all banks; kept, not copied. */
  constructor(owner: object, states: Int8Array, spins: number) {
    this.owner = owner;
    this.#states = states;
    this.#spins = spins;
  }

  /** Copies of these rows, one after another. */
  rows(wanted: ArrayLike<number>): Int8Array {
    const states = this.#states;
    if (states === undefined) throw new DeviceClosedError('the handle was released', { where: 'start.handle' });
    const spins = this.#spins;
    const out = new Int8Array(wanted.length * spins);
    for (let n = 0; n < wanted.length; n++) {
      const row = wanted[n] as number;
      if (row >= states.length / spins)
        throw new InvalidRequestError(`the handle has no row ${row}`, { where: 'start.rows' });
      out.set(states.subarray(row * spins, (row + 1) * spins), n * spins);
    }
    return out;
  }

  release(): void {
    this.#states = undefined;
  }
}

/** The rows that a `resume` start names. Throws DeviceClosedError for a handle that is released or of another owner. */
export function resumedRows(
  owner: object,
  { handle, rows }: { readonly handle: StateHandle; readonly rows: ArrayLike<number> },
  count: number,
): Int8Array {
  if (!(handle instanceof KeptRows) || handle.owner !== owner) {
    throw new DeviceClosedError('the handle is not of this program and block', { where: 'start.handle' });
  }
  if (rows.length !== count) throw new InvalidRequestError(`${rows.length} rows for ${count}`, { where: 'start.rows' });
  return handle.rows(rows);
}
