/** One run of one block on the GPU: buffers, dispatches, submits, and what is read back. */
import {
  type DriverReadout,
  type DriverRun,
  emptySpins,
  fullTemperature,
  InvalidRequestError,
  type PackedSpins,
} from '@isinglass/sdk';
import {
  eventLoopTurn,
  fixedConstants,
  type KeptState,
  type MachineRun,
  retainedIndex,
  Slicer,
} from '@isinglass/sdk/machine-driver';
import { meanPlanes } from '../block/footprint.ts';
import type { LoadedBlock } from '../block/loaded-block.ts';
import { type Dispatch, type DispatchSpec, prepareDispatches } from '../gpu/dispatch.ts';
import type { GpuContext } from '../gpu/gpu-context.ts';
import { StagingRing } from '../gpu/staging-ring.ts';
import { Submitter, type SweepParams } from '../gpu/submitter.ts';
import { feedForwardDispatches } from './feed-forward.ts';
import { readSums } from './read-sums.ts';
import { RetainedStates } from './retained-states.ts';
import { type RunBuffers, runBuffers } from './run-buffers.ts';
import {
  coinDispatches,
  type SweepContext,
  spreadDispatches,
  staticDispatches,
  sweepDispatches,
} from './sweep-dispatches.ts';

/** What `prepare` makes. */
interface Prepared {
  readonly context: SweepContext;
  readonly sweep: readonly Dispatch[];
  readonly costPerRow: number;
  readonly states: RetainedStates;
}

export class WebgpuRun implements MachineRun {
  flips = 0;
  readonly #gpu: GpuContext;
  readonly #block: LoadedBlock;
  readonly #sumBounds: ReadonlyMap<string, number>;
  readonly #run: DriverRun;
  readonly #from: KeptState | null;
  readonly #signals: readonly AbortSignal[];
  readonly #rows: number;
  readonly #ring: StagingRing;
  readonly #submitter: Submitter;
  readonly #buffers: GPUBuffer[] = [];
  #prepared: Prepared | undefined;

  constructor(o: {
    readonly gpu: GpuContext;
    readonly block: LoadedBlock;
    readonly sumBounds: ReadonlyMap<string, number>;
    readonly run: DriverRun;
    readonly from: KeptState | null;
    readonly signals: readonly AbortSignal[];
  }) {
    this.#gpu = o.gpu;
    this.#block = o.block;
    this.#sumBounds = o.sumBounds;
    this.#run = o.run;
    this.#from = o.from;
    this.#signals = o.signals;
    this.#rows = o.run.images.length * o.run.chains;
    this.#ring = new StagingRing(o.gpu);
    this.#submitter = new Submitter(o.gpu, o.signals);
  }

  prepare(): Promise<void> {
    return this.#guarded(async () => {
      const run = this.#run;
      const { program, block } = this.#block;
      const work = fixedConstants(program, block, this.#sumBounds, run.gains);
      const constants = await new Slicer(this.#signals).drain(work);
      const buffers = runBuffers(this.#gpu.memory, this.#block, run, constants);
      this.#buffers.push(...buffers.all);
      const unasked = [this.#storage('no spin-sum', 1), this.#storage('no conditional-sum', 1)] as const;
      const context: SweepContext = { block: this.#block, run, constants, buffers, unasked };
      await this.#compute(staticDispatches(context), run.images.length);
      await this.#start(context);
      const states = new RetainedStates({ gpu: this.#gpu, ring: this.#ring, run, buffers });
      this.#buffers.push(...states.buffers);
      const sweep = await this.#dispatches([...sweepDispatches(context), ...states.dispatches]);
      const costPerRow = sweep.reduce((sum, dispatch) => sum + dispatch.costPerRow, 0);
      this.#prepared = { context, sweep, costPerRow, states };
    });
  }

  advance(first: number, last: number, onProgress: (done: number) => void): Promise<void> {
    return this.#guarded(async () => {
      const { sweep, costPerRow, states } = this.#made();
      const run = this.#run;
      const updates = sweep.length - states.dispatches.length;
      for (let t = first; t <= last; t++) {
        const retained = retainedIndex(run, t);
        const list = retained < 0 ? sweep.slice(0, updates) : sweep;
        const params = {
          ...wholeSweep,
          counter: run.sweepOffset + t,
          temperature: run.temperatures === null ? fullTemperature : (run.temperatures[t - 1] as number),
          retained: retained < 0 ? 0 : 1 + states.slotOf(retained),
        };
        await this.#addRows(list, params, { rows: this.#rows, costPerRow });
        this.#submitter.whenDone(() => onProgress(t));
        if (retained >= 0 && states.isFullAfter(retained)) {
          await this.#submitter.finish();
          await states.read(retained);
        }
      }
      await this.#submitter.finish();
    });
  }

  pack(): Promise<Readonly<Record<string, PackedSpins>>> {
    return this.#guarded(async () => {
      const packed: Record<string, PackedSpins> = {};
      for (const { bank, states } of this.#made().context.buffers.banks) {
        if (!bank.free) continue;
        const spins = emptySpins(this.#rows, bank.spins);
        if (spins.words.length > 0) await this.#ring.read(states, spins.words);
        packed[bank.bank.id] = spins;
      }
      return packed;
    });
  }

  readouts(): Promise<readonly DriverReadout[]> {
    return this.#guarded(async () => {
      const { context, states } = this.#made();
      this.flips = await this.#readFlips(context.buffers);
      const readouts: DriverReadout[] = [];
      for (const request of this.#run.readouts) {
        if (request.observable === 'state') readouts.push({ states: states.of(request.bank) });
        else {
          const compute = (specs: readonly DispatchSpec[]): Promise<void> => this.#compute(specs, 1);
          readouts.push(await readSums(request, context, { gpu: this.#gpu, ring: this.#ring, compute }));
        }
      }
      return readouts;
    });
  }

  /** The static fields of a continued run are computed anew: they cost a fraction of a sweep. */
  keep(last: Readonly<Record<string, PackedSpins>>): KeptState {
    return { block: this.#run.block, rows: this.#rows, last, end: () => {} };
  }

  end(): void {
    this.#gpu.memory.free(this.#buffers.splice(0));
    this.#submitter.end();
    this.#ring.end();
  }

  async #start(context: SweepContext): Promise<void> {
    const { start } = this.#run;
    switch (start.kind) {
      case 'random':
        await this.#compute(coinDispatches(context), this.#rows, { ...wholeSweep, coins: 1 });
        return;
      case 'feed-forward':
        await this.#feedForward(context);
        break;
      case 'given':
        this.#place(context, start.states);
        break;
      case 'resume':
        this.#place(context, rowsOf(this.#from?.last ?? {}, start.rows));
        break;
      default:
        start satisfies never;
    }
    await this.#compute(spreadDispatches(context), this.#rows);
  }

  #place({ buffers }: SweepContext, states: Readonly<Record<string, PackedSpins>>): void {
    for (const own of buffers.banks) {
      if (!own.bank.free) continue;
      const { id } = own.bank.bank;
      const packed = states[id];
      if (packed === undefined) {
        throw new InvalidRequestError(`the start has no state of bank ${id}`, { where: `start.states.${id}` });
      }
      this.#gpu.device.queue.writeBuffer(own.states, 0, packed.words);
    }
  }

  async #feedForward(context: SweepContext): Promise<void> {
    const { before, steps, buffers } = feedForwardDispatches(context, this.#gpu.memory);
    try {
      await this.#compute(before, this.#rows * meanPlanes);
      for (const { dispatches, spread } of steps) {
        await this.#compute(dispatches, this.#rows);
        await this.#compute(spread, this.#rows * meanPlanes);
      }
    } finally {
      this.#gpu.memory.free(buffers);
    }
  }

  /** To its end, with uniforms of its own. */
  async #compute(specs: readonly DispatchSpec[], rows: number, params: SweepParams = wholeSweep): Promise<void> {
    if (specs.length === 0) return;
    const { dispatches, uniforms } = await prepareDispatches(this.#gpu, specs);
    try {
      for (const dispatch of dispatches) {
        await this.#addRows([dispatch], params, { rows, costPerRow: dispatch.costPerRow });
      }
      await this.#submitter.finish();
    } finally {
      await this.#submitter.drain();
      this.#gpu.memory.free([uniforms]);
    }
  }

  /** In slices of rows that fit into a submit. */
  async #addRows(
    dispatches: readonly Dispatch[],
    params: SweepParams,
    { rows, costPerRow }: { readonly rows: number; readonly costPerRow: number },
  ): Promise<void> {
    for (let first = 0; first < rows; ) {
      const most = Math.max(1, Math.floor(this.#submitter.budget / Math.max(1, costPerRow)));
      const count = Math.min(most, rows - first);
      await this.#submitter.add(dispatches, { ...params, row_first: first, row_count: count });
      first += count;
    }
  }

  async #dispatches(specs: readonly DispatchSpec[]): Promise<readonly Dispatch[]> {
    const { dispatches, uniforms } = await prepareDispatches(this.#gpu, specs);
    this.#buffers.push(uniforms);
    return dispatches;
  }

  async #readFlips({ flips }: RunBuffers): Promise<number> {
    const words = new Uint32Array(2 * this.#rows);
    if (words.length > 0) await this.#ring.read(flips, words);
    return words.reduce((sum, word, n) => sum + (n % 2 === 0 ? word : word * 2 ** 32), 0);
  }

  #storage(label: string, words: number): GPUBuffer {
    const buffer = this.#gpu.memory.storage(label, 4 * words);
    this.#buffers.push(buffer);
    return buffer;
  }

  #made(): Prepared {
    if (this.#prepared === undefined) throw new TypeError('the run is not prepared');
    return this.#prepared;
  }

  /** Whatever went wrong, nothing is on its way afterwards; a lost GPU is the reason of whatever else it makes fail. */
  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await this.#submitter.drain();
      // The event may come after the failure that it explains.
      await eventLoopTurn();
      this.#gpu.lost.throwIfAborted();
      throw error;
    }
  }
}

const wholeSweep: SweepParams = {
  counter: 0,
  temperature: fullTemperature,
  retained: 0,
  coins: 0,
  row_first: 0,
  row_count: 0,
};

function rowsOf(
  banks: Readonly<Record<string, PackedSpins>>,
  rows: Uint32Array,
): Readonly<Record<string, PackedSpins>> {
  return Object.fromEntries(
    Object.entries(banks).map(([id, { words, rows: all, spinCount }]) => {
      const stride = all === 0 ? 0 : words.length / all;
      const chosen = emptySpins(rows.length, spinCount);
      rows.forEach((row, n) => void chosen.words.set(words.subarray(row * stride, (row + 1) * stride), n * stride));
      return [id, chosen];
    }),
  );
}
