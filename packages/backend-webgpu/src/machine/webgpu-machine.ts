/** One loaded block on the GPU. */
import { type BlockPlan, type DriverRun, InvalidRequestError } from '@isinglass/sdk';
import { type BeginOptions, type BlockMachine, type MachineRun, sumBound } from '@isinglass/sdk/machine-driver';
import type { LoadedBlock } from '../block/loaded-block.ts';
import type { GpuContext } from '../gpu/gpu-context.ts';
import { WebgpuRun } from './webgpu-run.ts';

export class WebgpuMachine implements BlockMachine {
  readonly plan: BlockPlan;
  readonly #gpu: GpuContext;
  readonly #block: LoadedBlock;
  readonly #sumBounds: ReadonlyMap<string, number>;

  constructor(gpu: GpuContext, block: LoadedBlock, plan: BlockPlan) {
    this.plan = plan;
    this.#gpu = gpu;
    this.#block = block;
    const { tensors } = block.program;
    this.#sumBounds = new Map(block.block.couplings.map((coupling) => [coupling.id, sumBound(tensors, coupling)]));
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
    return new WebgpuRun({ gpu: this.#gpu, block: this.#block, sumBounds: this.#sumBounds, run, ...o });
  }

  end(): void {
    this.#gpu.memory.free(this.#block.buffers);
  }
}
