import type { StateHandle } from '../contract/driver.ts';
import { DeviceClosedError, InvalidRequestError } from '../errors/isinglass-error.ts';
import type { KeptState } from './block-machine.ts';

/** A state that a run goes on from. */
export interface BorrowedState {
  readonly state: KeptState;
  /** To be called once, when the run has settled. */
  giveBack(): void;
}

/** A state with those who hold it: its handle, until released, and every run that goes on from it. */
interface Entry {
  readonly state: KeptState;
  holders: number;
}

/**
 * The handles of one loaded program: a state stays here until its handle is released or the program unloaded. A run that
 * was called before the release still has it; the state ends with the last of its holders.
 */
export class StateHandles {
  readonly #entries = new Map<StateHandle, Entry>();

  /** A handle to a state; releasing it twice is harmless. */
  add(state: KeptState): StateHandle {
    const handle: StateHandle = { release: () => this.#release(handle) };
    this.#entries.set(handle, { state, holders: 1 });
    return handle;
  }

  /** The state that a run of `block` goes on from. */
  borrow(handle: StateHandle, block: number): BorrowedState {
    const entry = this.#entries.get(handle);
    if (entry === undefined) {
      throw new DeviceClosedError('the state was released, or belongs to another program or device', {
        where: 'start.handle',
      });
    }
    const { state } = entry;
    if (state.block !== block) {
      throw new InvalidRequestError(`the state is of block ${state.block}, the run of block ${block}`, {
        where: 'start.handle',
      });
    }
    entry.holders++;
    return { state, giveBack: () => leave(entry) };
  }

  releaseAll(): void {
    for (const handle of [...this.#entries.keys()]) this.#release(handle);
  }

  #release(handle: StateHandle): void {
    const entry = this.#entries.get(handle);
    if (entry === undefined) return;
    this.#entries.delete(handle);
    leave(entry);
  }
}

function leave(entry: Entry): void {
  entry.holders--;
  if (entry.holders === 0) entry.state.end();
}
