/** One loaded block on the GPU. */
import { type BlockPlan, type DriverRun, InvalidRequestError } from '@isinglass/sdk';
import type { BeginOptions, BlockMachine, MachineRun } from '@isinglass/sdk/machine-driver';
import type { LoadedBlock } from '../block/loaded-block.ts';
import type { GpuContext } from '../gpu/gpu-context.ts';
import type { LoadedSmall } from '../small/loaded-small.ts';
import { WebgpuRun } from './webgpu-run.ts';

export class WebgpuMachine implements BlockMachine {
  readonly plan: BlockPlan;
  readonly #gpu: GpuContext;
  readonly #block: LoadedBlock;
  readonly #small: LoadedSmall | null;

  /** `small`: many sweeps are one dispatch; null: the block is too large for it. */
  constructor(gpu: GpuContext, block: LoadedBlock, small: LoadedSmall | null, plan: BlockPlan) {
    this.plan = plan;
    this.#gpu = gpu;
    this.#block = block;
    this.#small = small;
  }

  begin(run: DriverRun, o: BeginOptions): MachineRun {
    const rows = run.images.length * run.chains;
    if (rows > this.plan.rowsMax) {
      throw new InvalidRequestError(
        `${rows} rows (images × chains): this device takes ${this.plan.rowsMax} in one run`,
        {
          where: 'images',
        },
      );
    }
    // The means of a feed-forward start go through the field kernels; so do the sweeps after it.
    const small = run.start.kind === 'feed-forward' ? null : this.#small;
    return new WebgpuRun({ gpu: this.#gpu, block: this.#block, small, run, ...o });
  }

  end(): void {
    this.#gpu.memory.free(this.#block.buffers);
    if (this.#small !== null) this.#gpu.memory.free([this.#small.itemBuffer, this.#small.listBuffer]);
  }
}
