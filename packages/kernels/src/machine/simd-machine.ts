/** The fast machine: one block of the fixed law on WebAssembly SIMD kernels, in the device's threads. */
import {
  type Block,
  blockLayout,
  couplingView,
  type DriverRun,
  InvalidRequestError,
  type Program,
} from '@isinglass/sdk';
import {
  type BeginOptions,
  type BlockMachine,
  ConstantsOfGains,
  fixedConstants,
  type LoadMachineOptions,
  type MachineRun,
  type MemoryFootprint,
  Slicer,
  sumBound,
} from '@isinglass/sdk/machine-driver';
import type { KernelMachines } from './kernel-machines.ts';
import { type LoadedForms, loadForms } from './load-forms.ts';
import { planForms } from './plan-forms.ts';
import { defaultPolicy, operationsPerUpdate, type SchedulePolicy, spinsRowsMax } from './schedule-policy.ts';
import { type SimdHost, SimdRun } from './simd-run.ts';
import { createHandler, handlerUrl } from './worker-handler.ts';
import type { WorkerMessage, WorkerReply } from './worker-messages.ts';

/** Rows per thread beyond which more are no faster. */
const rowsPreferredPerThread = 64;

/** `policy`: see schedule-policy.ts. */
export function simdMachines(policy: SchedulePolicy = defaultPolicy): KernelMachines<WorkerMessage, WorkerReply> {
  return {
    handler: { handlerUrl, createHandler },
    footprint(program, block, { threads }): MemoryFootprint {
      return { ...drained(planForms(program, block, threads)), rowsPreferred: rowsPreferredPerThread * threads };
    },
    measure: (program, block, { threads }) => planForms(program, block, threads),
    async load(o, host): Promise<BlockMachine> {
      const loaded = await new Slicer(o.signals).drain(loadForms(o.program, o.block, host.memory));
      return new SimdMachine(o, loaded, host, policy);
    },
  };
}

function drained<T>(work: Generator<void, T, void>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

class SimdMachine implements BlockMachine {
  readonly plan: LoadMachineOptions['plan'];
  readonly #block: Block;
  readonly #loaded: LoadedForms;
  readonly #host: SimdHost;
  readonly #policy: SchedulePolicy;
  readonly #constants: ConstantsOfGains;
  readonly #workPerRow: number;

  constructor(
    { program, block, plan }: LoadMachineOptions,
    loaded: LoadedForms,
    host: SimdHost,
    policy: SchedulePolicy,
  ) {
    this.plan = plan;
    this.#block = block;
    this.#loaded = loaded;
    this.#host = host;
    this.#policy = policy;
    const bounds = new Map(block.couplings.map((coupling) => [coupling.id, sumBound(program.tensors, coupling)]));
    this.#constants = new ConstantsOfGains((gains) => fixedConstants(program, block, bounds, gains));
    this.#workPerRow = workPerRow(program, block);
  }

  begin(request: DriverRun, begin: BeginOptions): MachineRun {
    const rows = request.images.length * request.chains;
    if (rows > this.plan.rowsMax) {
      throw new InvalidRequestError(
        `the run has ${rows} rows (images × chains), the device holds ${this.plan.rowsMax} of block ${this.#block.id}`,
        { where: 'images' },
      );
    }
    const rowsMax = this.#policy.spinsRowsMax ?? spinsRowsMax(this.#block);
    return new SimdRun({
      block: this.#block,
      banks: this.#loaded.banks,
      host: this.#host,
      request,
      begin,
      policy: this.#policy,
      workPerRow: this.#workPerRow,
      constantsOf: () => this.#constants.of(request.gains),
      sectionsOf: (setup) =>
        this.#loaded.sections(request, { ...setup, signals: begin.signals, spinsRowsMax: rowsMax }),
    });
  }

  end(): void {
    this.#loaded.free();
  }
}

/** Synaptic operations of one row and sweep, and what its updates cost in the same unit. */
function workPerRow(program: Program, block: Block): number {
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
  return operations + operationsPerUpdate * updates;
}
