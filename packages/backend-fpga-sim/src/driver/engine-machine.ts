/** One block on an emulated machine. */
import { type Block, type BlockPlan, type DriverRun, InvalidRequestError, type Program } from '@isinglass/sdk';
import {
  type BeginOptions,
  type BlockMachine,
  ConstantsOfGains,
  fixedConstants,
  type MachineRun,
} from '@isinglass/sdk/machine-driver';
import type { MachineHost } from '../host/machine-host.ts';
import { EngineRun } from './engine-run.ts';
import type { Engine, PlacedBlock } from './placed-block.ts';
import type { Residency } from './residency.ts';

/** What runs of a block share. */
export interface LoadedOnEngine {
  readonly program: Program;
  readonly block: Block;
  readonly plan: BlockPlan;
  readonly placed: PlacedBlock;
  readonly engine: Engine;
  readonly host: MachineHost;
  readonly residency: Residency;
  readonly clockHz: number;
}

export class EngineMachine implements BlockMachine {
  readonly plan: BlockPlan;
  readonly #loaded: LoadedOnEngine;
  readonly #constants: ConstantsOfGains;

  constructor(loaded: LoadedOnEngine) {
    this.plan = loaded.plan;
    this.#loaded = loaded;
    const { program, block, placed } = loaded;
    this.#constants = new ConstantsOfGains((gains) => fixedConstants(program, block, placed.sumBounds, gains));
  }

  begin(run: DriverRun, { from, signals }: BeginOptions): MachineRun {
    const rows = run.images.length * run.chains;
    if (rows > this.plan.rowsMax) {
      throw new InvalidRequestError(
        `the run has ${rows} rows (images × chains), the device takes ${this.plan.rowsMax} of block ${this.#loaded.block.id}`,
        { where: 'images' },
      );
    }
    return new EngineRun({
      loaded: this.#loaded,
      run,
      from,
      signals,
      constants: () => this.#constants.of(run.gains),
    });
  }

  end(): void {
    this.#constants.forget();
    this.#loaded.residency.forget(this.#loaded.placed);
  }
}
