/** One emulated machine as the sdk's `Machines`: blocks are placed when they are loaded, and become resident when they run. */
import type { Block, BlockPlan, Misfit, Plan, Program } from '@isinglass/sdk';
import { type BlockMachine, type LoadMachineOptions, type Machines, Slicer } from '@isinglass/sdk/machine-driver';
import { type LinkTiming, MachineHost } from '../host/machine-host.ts';
import { EngineMachine } from './engine-machine.ts';
import type { Engine } from './placed-block.ts';
import { Residency } from './residency.ts';

export interface EngineMachinesOptions {
  readonly engine: Engine;
  readonly link: LinkTiming;
  readonly clockHz: number;
  /** Rows (images × chains) of one run: what the host keeps for them is in its own memory. */
  readonly rowsMax: number;
}

export class EngineMachines implements Machines {
  /** An emulated machine is not lost. */
  readonly lost: AbortSignal = new AbortController().signal;
  /** Emulated machines tell what they do. */
  readonly fillsTimelines: boolean;
  readonly #o: EngineMachinesOptions;
  readonly #host: MachineHost;
  readonly #residency: Residency;
  /** A plan looks at every weight, and loading plans once more. Programs do not change. */
  readonly #misfits = new WeakMap<Program, readonly Misfit[]>();

  constructor(o: EngineMachinesOptions) {
    this.#o = o;
    this.#host = new MachineHost(o.engine.build(), o.link);
    this.#residency = new Residency(this.#host);
    this.fillsTimelines = this.#host.records;
  }

  plan(program: Program): Plan | readonly Misfit[] {
    const blocks = program.json.stages.filter((stage): stage is Block => stage.kind === 'block');
    const misfits = this.#misfits.get(program) ?? blocks.flatMap((block) => this.#o.engine.misfits(program, block));
    this.#misfits.set(program, misfits);
    if (misfits.length > 0) return misfits;
    return { bytes: 0, blocks: blocks.map((block) => this.#planOf(block)) };
  }

  async load({ program, block, plan, signals }: LoadMachineOptions): Promise<BlockMachine> {
    const placed = await new Slicer(signals).drain(this.#o.engine.place(program, block));
    const { engine, clockHz } = this.#o;
    return new EngineMachine({
      program,
      block,
      plan,
      placed,
      engine,
      clockHz,
      host: this.#host,
      residency: this.#residency,
    });
  }

  async close(): Promise<void> {
    this.#host.end();
  }

  /** What the host keeps of a row: its states, fields and two kinds of sums. */
  #planOf(block: Block): BlockPlan {
    const spins = block.banks.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
    return { bytesPerRow: 13 * spins, rowsMax: this.#o.rowsMax, rowsPreferred: 1 };
  }
}
