/** One run of one block on the GPU: buffers, dispatches, submits, and what is read back. */
import {
  type DriverReadout,
  type DriverRun,
  emptySpins,
  fullTemperature,
  InvalidRequestError,
  type PackedSpins,
  type ReadoutRequest,
} from '@isinglass/sdk';
import { type KeptState, type MachineRun, retainedIndex, Slicer } from '@isinglass/sdk/machine-driver';
import { meanPlanes } from '../block/footprint.ts';
import type { LoadedBlock } from '../block/loaded-block.ts';
import type { Dispatch } from '../gpu/dispatch.ts';
import type { GpuContext } from '../gpu/gpu-context.ts';
import { plainSweep, RunHost } from '../gpu/run-host.ts';
import { feedForwardDispatches } from './feed-forward.ts';
import { keptRows } from './kept-rows.ts';
import { type RowSums, readSums } from './read-sums.ts';
import { realFeedForward } from './real-feed-forward.ts';
import { RetainedStates } from './retained-states.ts';
import { type RunBuffers, runBuffers } from './run-buffers.ts';
import { runLaw } from './run-law.ts';
import {
  coinDispatches,
  retainDispatches,
  type SweepContext,
  spreadDispatches,
  staticDispatches,
  sweepDispatches,
} from './sweep-dispatches.ts';

/** What `prepare` makes. */
interface Prepared {
  readonly context: SweepContext;
  /** What updates, then what retains. */
  readonly sweep: readonly Dispatch[];
  readonly updates: number;
  readonly costPerRow: number;
  readonly states: RetainedStates;
}

/** A run to be made. */
export interface RunOptions {
  readonly gpu: GpuContext;
  readonly block: LoadedBlock;
  readonly run: DriverRun;
  /** The state that a resumed run goes on from. */
  readonly from: KeptState | null;
  readonly signals: readonly AbortSignal[];
}

export class WebgpuRun implements MachineRun {
  flips = 0;
  readonly #block: LoadedBlock;
  readonly #run: DriverRun;
  readonly #from: KeptState | null;
  readonly #rows: number;

  readonly #host: RunHost;
  #prepared: Prepared | undefined;

  constructor(o: RunOptions) {
    this.#block = o.block;
    this.#run = o.run;
    this.#from = o.from;
    this.#rows = o.run.images.length * o.run.chains;
    this.#host = new RunHost(o.gpu, o.signals);
  }

  prepare(): Promise<void> {
    return this.#host.guarded(async () => {
      const run = this.#run;
      const work = runLaw(this.#block, run.gains);
      const law = await new Slicer(this.#host.signals).drain(work);
      const buffers = runBuffers(this.#host.gpu.memory, this.#block, run, law);
      this.#host.own(buffers.all);
      const unasked = [this.#host.storage('no spin-sum', 1), this.#host.storage('no conditional-sum', 1)] as const;
      const context: SweepContext = { block: this.#block, run, law, buffers, unasked };
      await this.#host.compute(staticDispatches(context), run.images.length);
      await this.#start(context);
      const sources = this.#block.banks
        .filter(({ free }) => free)
        .map((bank) => ({ label: bank.bank.id, rowWords: bank.words, banks: [{ bank, firstWord: 0 }] }));
      const states = new RetainedStates(this.#host, run, sources);
      const updates = sweepDispatches(context);
      const sweep = await this.#host.prepare([...updates, ...retainDispatches(context, states)]);
      const costPerRow = sweep.reduce((sum, dispatch) => sum + dispatch.costPerRow, 0);
      this.#prepared = { context, sweep, updates: updates.length, costPerRow, states };
    });
  }

  advance(first: number, last: number, onProgress: (done: number) => void): Promise<void> {
    return this.#host.guarded(async () => {
      const { sweep, updates, costPerRow, states } = this.#made();
      const run = this.#run;
      for (let t = first; t <= last; t++) {
        const retained = retainedIndex(run, t);
        const list = retained < 0 ? sweep.slice(0, updates) : sweep;
        const params = {
          ...plainSweep,
          counter: run.sweepOffset + t,
          temperature: run.temperatures === null ? fullTemperature : (run.temperatures[t - 1] as number),
          retained: retained < 0 ? 0 : 1 + states.slotOf(retained),
        };
        await this.#host.addRows(list, params, { rows: this.#rows, costPerRow });
        this.#host.submitter.whenDone(() => onProgress(t));
        if (states.fullAt(t) === t) {
          await this.#host.submitter.finish();
          await states.read(t);
        }
      }
      await this.#host.submitter.finish();
    });
  }

  pack(): Promise<Readonly<Record<string, PackedSpins>>> {
    return this.#host.guarded(async () => {
      const packed: Record<string, PackedSpins> = {};
      for (const { bank, states } of this.#made().context.buffers.banks) {
        if (!bank.free) continue;
        const spins = emptySpins(this.#rows, bank.spins);
        if (spins.words.length > 0) await this.#host.ring.read(states, spins.words);
        packed[bank.bank.id] = spins;
      }
      return packed;
    });
  }

  readouts(): Promise<readonly DriverReadout[]> {
    return this.#host.guarded(async () => {
      const { context, states } = this.#made();
      this.flips = await this.#readFlips(context.buffers);
      const readouts: DriverReadout[] = [];
      for (const request of this.#run.readouts) {
        if (request.observable === 'state') readouts.push({ states: states.of(request.bank) });
        else readouts.push(await readSums(request, this.#run, rowSumsOf(context.buffers, request), this.#host));
      }
      return readouts;
    });
  }

  /** The static fields of a continued run are computed anew: they cost a fraction of a sweep. */
  keep(last: Readonly<Record<string, PackedSpins>>): KeptState {
    return { block: this.#run.block, rows: this.#rows, last, end: () => {} };
  }

  end(): void {
    this.#host.end();
  }

  async #start(context: SweepContext): Promise<void> {
    const { start } = this.#run;
    switch (start.kind) {
      case 'random':
        await this.#host.compute(coinDispatches(context), this.#rows, { ...plainSweep, coins: 1 });
        return;
      case 'feed-forward':
        if (context.law.kind === 'fixed') await this.#feedForward(context);
        else this.#place(context, realFeedForward(this.#block, this.#run));
        break;
      case 'given':
        this.#place(context, start.states);
        break;
      case 'resume':
        this.#place(context, keptRows(this.#from?.last ?? {}, start.rows));
        break;
      default:
        start satisfies never;
    }
    await this.#host.compute(spreadDispatches(context), this.#rows);
  }

  #place({ buffers }: SweepContext, states: Readonly<Record<string, PackedSpins>>): void {
    for (const own of buffers.banks) {
      if (!own.bank.free) continue;
      const { id } = own.bank.bank;
      const packed = states[id];
      if (packed === undefined) {
        throw new InvalidRequestError(`the start has no state of bank ${id}`, { where: `start.states.${id}` });
      }
      this.#host.gpu.device.queue.writeBuffer(own.states, 0, packed.words);
    }
  }

  async #feedForward(context: SweepContext): Promise<void> {
    const { before, steps, buffers } = feedForwardDispatches(context, this.#host.gpu.memory);
    try {
      await this.#host.compute(before, this.#rows * meanPlanes);
      for (const { dispatches, spread } of steps) {
        await this.#host.compute(dispatches, this.#rows);
        await this.#host.compute(spread, this.#rows * meanPlanes);
      }
    } finally {
      this.#host.gpu.memory.free(buffers);
    }
  }

  async #readFlips({ flips }: RunBuffers): Promise<number> {
    const words = new Uint32Array(2 * this.#rows);
    if (words.length > 0) await this.#host.ring.read(flips, words);
    return words.reduce((sum, word, n) => sum + (n % 2 === 0 ? word : word * 2 ** 32), 0);
  }

  #made(): Prepared {
    if (this.#prepared === undefined) throw new TypeError('the run is not prepared');
    return this.#prepared;
  }
}

function rowSumsOf({ banks }: RunBuffers, { bank: id, observable }: ReadoutRequest): RowSums {
  const own = banks.find(({ bank }) => bank.bank.id === id);
  const buffer = observable === 'spin-sum' ? own?.spinSums : own?.conditionalSums;
  if (own === undefined || buffer === undefined || buffer === null) throw new TypeError(`no sums of bank ${id}`);
  return { bank: own.bank, buffer, first: 0, stride: own.bank.spins };
}
