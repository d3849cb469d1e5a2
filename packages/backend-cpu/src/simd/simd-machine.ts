/** The fast machine: one block of the fixed law on WebAssembly SIMD kernels, in the device's threads. */
import {
  type Block,
  blockLayout,
  couplingView,
  type DriverRun,
  InvalidRequestError,
  type Program,
} from '@isinglass/sdk';
import type { BeginOptions, BlockMachine, MachineRun } from '../driver/block-machine.ts';
import { Slicer } from '../driver/event-loop.ts';
import type { KernelMachines, LoadMachineOptions, MemoryFootprint } from '../driver/machines.ts';
import { type FixedConstants, fixedConstants } from '../law/fixed-constants.ts';
import { sumBound } from '../scalar/sum-bound.ts';
import { type LoadedRows, loadRows } from './rows/load-block.ts';
import { type BlockPlanning, planBlock } from './rows/plan-block.ts';
import { runFootprint } from './rows/run-setup.ts';
import { type SimdHost, SimdRun } from './simd-run.ts';
import { createHandler, handlerUrl } from './worker-handler.ts';
import type { WorkerMessage, WorkerReply } from './worker-messages.ts';

/** Rows per thread beyond which more are no faster. */
const rowsPreferredPerThread = 64;

export const simdMachines: KernelMachines<WorkerMessage, WorkerReply> = {
  handler: { handlerUrl, createHandler },
  footprint(program, block, { threads }): MemoryFootprint {
    const planning = planningOf(program, block);
    const run = runFootprint(planning, { workers: threads });
    return { loadedBytes: planning.bytes, ...run, rowsPreferred: rowsPreferredPerThread * threads };
  },
  async load(o, host): Promise<BlockMachine> {
    const { program, block, signals } = o;
    const planning = planningOf(program, block);
    const loaded = await new Slicer(signals).drain(loadRows(block, planning, host.memory));
    // Lists of couplings are large; the next plan makes them again.
    plannings.delete(block);
    return new SimdMachine(o, loaded, host);
  },
};

class SimdMachine implements BlockMachine {
  readonly plan: LoadMachineOptions['plan'];
  readonly #program: Program;
  readonly #block: Block;
  readonly #loaded: LoadedRows;
  readonly #host: SimdHost;
  readonly #sumBounds: ReadonlyMap<string, number>;
  readonly #workPerSweep: number;
  #constants: { readonly key: string; readonly constants: FixedConstants } | undefined;

  constructor({ program, block, plan }: LoadMachineOptions, loaded: LoadedRows, host: SimdHost) {
    this.plan = plan;
    this.#program = program;
    this.#block = block;
    this.#loaded = loaded;
    this.#host = host;
    this.#sumBounds = new Map(block.couplings.map((coupling) => [coupling.id, sumBound(program.tensors, coupling)]));
    this.#workPerSweep = workPerSweep(program, block);
  }

  begin(request: DriverRun, begin: BeginOptions): MachineRun {
    const rows = request.images.length * request.chains;
    if (rows > this.plan.rowsMax) {
      throw new InvalidRequestError(
        `the run has ${rows} rows (images × chains), the device holds ${this.plan.rowsMax} of block ${this.#block.id}`,
        { where: 'images' },
      );
    }
    return new SimdRun({
      block: this.#block,
      loaded: this.#loaded,
      host: this.#host,
      request,
      begin,
      constantsOf: () => this.#constantsOf(request.gains),
      workPerSweep: this.#workPerSweep,
    });
  }

  end(): void {
    this.#loaded.region.free();
  }

  /** The constants of the last run that had the same gains, or new ones. */
  *#constantsOf(gains: Readonly<Record<string, number>>): Generator<void, FixedConstants, void> {
    const key = JSON.stringify(Object.entries(gains).sort());
    if (this.#constants?.key === key) return this.#constants.constants;
    const constants = yield* fixedConstants(this.#program, this.#block, this.#sumBounds, gains);
    this.#constants = { key, constants };
    return constants;
  }
}

/** Synaptic operations of one row and sweep, and what its updates cost in the same unit. */
function workPerSweep(program: Program, block: Block): number {
  const free = new Set(block.banks.filter(({ role }) => role === 'free').map(({ id }) => id));
  const couplings = block.couplings.filter(({ from, to }) => free.has(from) && free.has(to));
  const operations = couplings.reduce(
    (sum, coupling) => sum + 2 * couplingView(coupling, block, program.tensors).nnz().actual,
    0,
  );
  const updates = blockLayout(block).reduce(
    (sum, { bank, spinCount }) => sum + (bank.role === 'free' ? spinCount : 0),
    0,
  );
  return operations + 150 * updates;
}

const plannings = new WeakMap<Block, BlockPlanning>();

/** Plans come before loads, and ask the same. */
function planningOf(program: Program, block: Block): BlockPlanning {
  const known = plannings.get(block);
  if (known !== undefined) return known;
  const work = planBlock(program, block);
  for (;;) {
    const step = work.next();
    if (step.done === true) {
      plannings.set(block, step.value);
      return step.value;
    }
  }
}
