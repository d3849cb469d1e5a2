/** One block on an analog machine. */
import { type BlockPlan, type DriverRun, InvalidRequestError } from '@isinglass/sdk';
import type { BeginOptions, BlockMachine, MachineRun } from '@isinglass/sdk/machine-driver';
import { type AnalogBehavior, AnalogRun } from './analog-run.ts';
import type { HeldBlock } from './held-block.ts';

export class AnalogMachine implements BlockMachine {
  readonly plan: BlockPlan;
  readonly #block: HeldBlock;
  readonly #behavior: AnalogBehavior;

  constructor(o: { readonly plan: BlockPlan; readonly block: HeldBlock; readonly behavior: AnalogBehavior }) {
    this.plan = o.plan;
    this.#block = o.block;
    this.#behavior = o.behavior;
  }

  begin(run: DriverRun, { from, signals }: BeginOptions): MachineRun {
    const rows = run.images.length * run.chains;
    if (rows > this.plan.rowsMax) {
      throw new InvalidRequestError(
        `the run has ${rows} rows (images × chains), the device takes ${this.plan.rowsMax} of block ${this.#block.index}`,
        { where: 'images' },
      );
    }
    return new AnalogRun({ block: this.#block, behavior: this.#behavior, run, from, signals });
  }

  /** Plain arrays: the collector takes them. */
  end(): void {}
}
