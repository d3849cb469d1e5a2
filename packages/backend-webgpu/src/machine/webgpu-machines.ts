/** The machines of one open GPU. */
import type { Block, Misfit, Plan, Program } from '@isinglass/sdk';
import {
  type BlockMachine,
  type LoadMachineOptions,
  type Machines,
  planInMemory,
  Slicer,
} from '@isinglass/sdk/machine-driver';
import { type GpuFootprint, gpuFootprint } from '../block/footprint.ts';
import { type GpuBlock, gpuBlock } from '../block/gpu-block.ts';
import { loadBlock } from '../block/loaded-block.ts';
import type { GpuContext } from '../gpu/gpu-context.ts';
import { loadSmall } from '../small/loaded-small.ts';
import { isSmall } from '../small/small-block.ts';
import { WebgpuMachine } from './webgpu-machine.ts';

export interface WebgpuMachinesOptions {
  /** Bytes of buffers that loaded blocks and one run may take together. */
  readonly memoryBytesMax: number;
  readonly rowsMax: number;
  /** `small`: many sweeps of a small block are one dispatch. `nothing`: every block goes color by color. */
  readonly fuse: 'small' | 'nothing';
  /** What the device is opened by, without options: for remedies. */
  readonly uri: string;
}

interface Measured {
  readonly block: GpuBlock;
  readonly footprint: GpuFootprint;
}

export class WebgpuMachines implements Machines {
  readonly #gpu: GpuContext;
  readonly #options: WebgpuMachinesOptions;
  readonly #measured = new WeakMap<Block, Measured>();

  constructor(gpu: GpuContext, options: WebgpuMachinesOptions) {
    this.#gpu = gpu;
    this.#options = options;
  }

  get lost(): AbortSignal {
    return this.#gpu.lost;
  }

  plan(program: Program): Plan | readonly Misfit[] {
    const { memoryBytesMax, rowsMax, uri } = this.#options;
    const blocks = program.json.stages.filter((stage): stage is Block => stage.kind === 'block');
    const breaches = blocks.flatMap((block) => this.#misfitsOf(program, block));
    const plan = planInMemory(program, {
      footprint: (block) => this.#measure(program, block).footprint,
      bytesMax: memoryBytesMax,
      rowsMax,
      misfit: ({ bytesNeeded, bytesAvailable, where }) => {
        const needed = Math.ceil(bytesNeeded / 2 ** 20);
        return {
          limit: 'memoryMiB',
          needed,
          available: Math.floor(bytesAvailable / 2 ** 20),
          where,
          remedies: [`open the device with more memory, if it has it: ${uri}?memoryMiB=${needed}`, 'a smaller block'],
        };
      },
    });
    if (!('blocks' in plan) || breaches.length > 0) return [...breaches, ...('blocks' in plan ? [] : plan)];
    return {
      bytes: plan.bytes,
      blocks: plan.blocks.map((each, n) => {
        const { bindingPerRow } = this.#measure(program, blocks[n] as Block).footprint;
        const most = Math.min(each.rowsMax, Math.floor(this.#bindingBytesMax / bindingPerRow));
        return { ...each, rowsMax: most, rowsPreferred: Math.min(most, each.rowsPreferred) };
      }),
    };
  }

  async load({ program, block, plan, signals }: LoadMachineOptions): Promise<BlockMachine> {
    const measured = this.#measure(program, block).block;
    const slicer = new Slicer(signals);
    const loaded = await slicer.drain(loadBlock(measured, this.#gpu));
    try {
      const small = this.#fuses(measured) ? await slicer.drain(loadSmall(loaded, this.#gpu)) : null;
      return new WebgpuMachine(this.#gpu, loaded, small, plan);
    } catch (e) {
      this.#gpu.memory.free(loaded.buffers);
      throw e;
    }
  }

  async close(): Promise<void> {
    this.#gpu.close();
  }

  get #bindingBytesMax(): number {
    return this.#gpu.pieces.bindingBytesMax;
  }

  #fuses(block: GpuBlock): boolean {
    return this.#options.fuse === 'small' && isSmall(block);
  }

  #measure(program: Program, block: Block): Measured {
    let measured = this.#measured.get(block);
    if (measured === undefined) {
      const structure = gpuBlock(program, block);
      const { packed, pieces } = this.#gpu;
      measured = {
        block: structure,
        footprint: gpuFootprint(structure, { packed, pieces }),
      };
      this.#measured.set(block, measured);
    }
    return measured;
  }

  #misfitsOf(program: Program, block: Block): readonly Misfit[] {
    const where = `stages[${program.json.stages.indexOf(block)}]`;
    const { breaches, bindingPerRow } = this.#measure(program, block).footprint;
    const found = breaches.map(({ limit, needed, available, what }): Misfit => {
      const remedies = [`split ${what}`, 'a device with larger buffers: cpu'];
      return { limit, needed, available, where: `${where}, ${what}`, remedies };
    });
    if (bindingPerRow > this.#bindingBytesMax) {
      const available = this.#bindingBytesMax;
      const remedies = ['smaller banks', 'a device with larger buffers: cpu'];
      found.push({ limit: 'maxStorageBufferBindingSize', needed: bindingPerRow, available, where, remedies });
    }
    return found;
  }
}
