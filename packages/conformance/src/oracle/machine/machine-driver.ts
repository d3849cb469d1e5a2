/** The contract of a machine of the suite: plan, load, close, be lost. The law comes from outside. */
import {
  type Block,
  checkFit,
  DeviceClosedError,
  DeviceLostError,
  type DeviceProfile,
  type Driver,
  isUnstated,
  type LoadedProgram,
  type LoadOptions,
  type Misfit,
  misfitError,
  type Plan,
  type Program,
} from '@isinglass/sdk';
import { type BlockStructure, blockStructure } from '../block-structure.ts';
import { MachineProgram } from './machine-program.ts';
import type { PrepareBlock } from './sampler.ts';

export interface MachineOptions {
  /** What the machine says that it is; limits are kept as far as `plan` checks them. */
  readonly profile: DeviceProfile;
  readonly prepare: PrepareBlock;
}

export class MachineDriver implements Driver {
  readonly profile: DeviceProfile;
  readonly #prepare: PrepareBlock;
  readonly #lost = new AbortController();
  readonly #programs = new Set<MachineProgram>();
  readonly #running = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor({ profile, prepare }: MachineOptions) {
    this.profile = profile;
    this.#prepare = prepare;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  plan(program: Program): Plan | readonly Misfit[] {
    const misfits = checkFit(program, this.profile).filter((misfit) => !isUnstated(misfit));
    if (misfits.length > 0) return misfits;
    const { rowsMax } = this.profile.batch;
    const most = typeof rowsMax === 'number' ? rowsMax : 2 ** 24;
    const blocks = blocksOf(program).map((block) => {
      const spins = blockStructure(program, block.index).spins;
      // A state of one byte and an n of four bytes for every spin.
      return { bytesPerRow: 5 * spins, rowsMax: most, rowsPreferred: Math.min(most, 64) };
    });
    return { bytes: [...program.tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0), blocks };
  }

  async load(program: Program, { signal }: LoadOptions): Promise<LoadedProgram> {
    if (this.#closing !== undefined) throw new DeviceClosedError('the device is closed');
    this.lost.throwIfAborted();
    signal?.throwIfAborted();
    const plan = this.plan(program);
    if (!('blocks' in plan)) throw misfitError(program, this.profile.name, plan);
    const blocks = blocksOf(program).map(({ index }) => {
      const structure: BlockStructure = blockStructure(program, index);
      return [index, { structure, samplerOf: this.#prepare(program, structure) }] as const;
    });
    const loaded = new MachineProgram(program, new Map(blocks), {
      lost: this.lost,
      inFlightMax: this.profile.batch.inFlight,
      running: this.#running,
    });
    this.#programs.add(loaded);
    return loaded;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Dies: `lost` is aborted, runs in flight and later calls reject with DeviceLostError. */
  lose(message = 'the machine died'): void {
    this.#lost.abort(new DeviceLostError(message));
  }

  async #close(): Promise<void> {
    const reason = new DeviceClosedError('the device was closed');
    await Promise.all([...this.#programs].map((program) => program.end(reason)));
    this.#programs.clear();
  }
}

function blocksOf(program: Program): readonly Block[] {
  return program.json.stages.filter((stage): stage is Block => stage.kind === 'block');
}
