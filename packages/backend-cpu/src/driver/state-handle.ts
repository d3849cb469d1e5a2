import { DeviceClosedError, InvalidRequestError, type StateHandle } from '@isinglass/sdk';
import type { KeptState } from './block-machine.ts';

/** The handles of one loaded program: a state stays here until its handle is released or the program unloaded. */
export class StateHandles {
  #states = new Map<StateHandle, KeptState>();

  /** A handle to a state; releasing it twice is harmless. */
  add(state: KeptState): StateHandle {
    const handle: StateHandle = { release: () => void this.#states.delete(handle) };
    this.#states.set(handle, state);
    return handle;
  }

  /** The state that a run of `block` goes on from. */
  stateOf(handle: StateHandle, block: number): KeptState {
    const state = this.#states.get(handle);
    if (state === undefined) {
      throw new DeviceClosedError('the state was released, or belongs to another program or device', {
        where: 'start.handle',
      });
    }
    if (state.block !== block) {
      throw new InvalidRequestError(`the state is of block ${state.block}, the run of block ${block}`, {
        where: 'start.handle',
      });
    }
    return state;
  }

  releaseAll(): void {
    this.#states.clear();
  }
}
