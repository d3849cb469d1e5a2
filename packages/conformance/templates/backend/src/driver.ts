/** The open machine: plans, loads, closes. The contract and its rules are in `@isinglass/sdk`, contract/driver.ts. */
import {
  type Block,
  blockLayout,
  DeviceClosedError,
  type Driver,
  type LoadedProgram,
  type LoadOptions,
  type Misfit,
  type Plan,
  type Program,
} from '@isinglass/sdk';
import { MachineProgram } from './loaded-program.ts';
import { profile } from './profile.ts';

export class MachineDriver implements Driver {
  readonly profile = profile;
  readonly #lost = new AbortController();
  readonly #programs = new Set<MachineProgram>();
  #closed = false;

  /** A machine that dies aborts this with a DeviceLostError: `this.#lost.abort(new DeviceLostError('…'))`. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** What the program takes, or all misfits that the profile cannot tell (placement, memory). Pure: loads nothing. */
  plan(program: Program): Plan | readonly Misfit[] {
    const blocks = program.json.stages.filter((stage): stage is Block => stage.kind === 'block');
    return {
      bytes: [...program.tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0),
      blocks: blocks.map((block) => ({
        bytesPerRow: blockLayout(block).reduce((sum, { spinCount }) => sum + spinCount, 0),
        rowsMax: 2 ** 20,
        rowsPreferred: 1024,
      })),
    };
  }

  async load(program: Program, { signal }: LoadOptions): Promise<LoadedProgram> {
    if (this.#closed) throw new DeviceClosedError('the device is closed');
    this.lost.throwIfAborted();
    signal?.throwIfAborted();
    const loaded = new MachineProgram(program);
    this.#programs.add(loaded);
    return loaded;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const program of this.#programs) program.end(new DeviceClosedError('the device was closed'));
    this.#programs.clear();
  }
}
