/** One run of one block on the GPU: law, start, progress, what is read out and kept are the same whatever makes the sweeps. */
import { type DriverReadout, type DriverRun, InvalidRequestError, type PackedSpins } from '@isinglass/sdk';
import { type KeptState, type MachineRun, Slicer } from '@isinglass/sdk/machine-driver';
import type { LoadedBlock } from '../block/loaded-block.ts';
import type { GpuContext } from '../gpu/gpu-context.ts';
import { RunHost } from '../gpu/run-host.ts';
import type { LoadedSmall } from '../small/loaded-small.ts';
import { smallSweeps } from '../small/small-sweeps.ts';
import { colorSweeps } from './color-sweeps.ts';
import { keptRows } from './kept-rows.ts';
import { readSums } from './read-sums.ts';
import { runLaw } from './run-law.ts';
import type { RunSweeps } from './run-sweeps.ts';

/** A run to be made. */
export interface RunOptions {
  readonly gpu: GpuContext;
  readonly block: LoadedBlock;
  /** Null: color by color. */
  readonly small: LoadedSmall | null;
  readonly run: DriverRun;
  /** The state that a resumed run goes on from. */
  readonly from: KeptState | null;
  readonly signals: readonly AbortSignal[];
}

export class WebgpuRun implements MachineRun {
  flips = 0;
  readonly #block: LoadedBlock;
  readonly #small: LoadedSmall | null;
  readonly #run: DriverRun;
  readonly #from: KeptState | null;
  readonly #rows: number;
  readonly #host: RunHost;
  #prepared: RunSweeps | undefined;

  constructor(o: RunOptions) {
    this.#block = o.block;
    this.#small = o.small;
    this.#run = o.run;
    this.#from = o.from;
    this.#rows = o.run.images.length * o.run.chains;
    this.#host = new RunHost(o.gpu, o.signals);
  }

  prepare(): Promise<void> {
    return this.#host.guarded(async () => {
      const law = await new Slicer(this.#host.signals).drain(runLaw(this.#block, this.#run.gains));
      const context = { host: this.#host, block: this.#block, run: this.#run, law, rows: this.#rows };
      const small = this.#small;
      const sweeps = await (small === null ? colorSweeps(context) : smallSweeps(context, small));
      await this.#start(sweeps);
      this.#prepared = sweeps;
    });
  }

  advance(first: number, last: number, onProgress: (done: number) => void): Promise<void> {
    return this.#host.guarded(async () => {
      const { submitter } = this.#host;
      const sweeps = this.#sweeps;
      for (let t = first; t <= last; ) {
        const begin = t;
        const full = sweeps.states.fullAt(begin);
        const end = await sweeps.add(begin, Math.min(last, full));
        submitter.whenDone(() => {
          for (let done = begin; done <= end; done++) onProgress(done);
        });
        if (end === full) {
          await submitter.finish();
          await sweeps.states.read(full);
        }
        t = end + 1;
      }
      await submitter.finish();
    });
  }

  pack(): Promise<Readonly<Record<string, PackedSpins>>> {
    return this.#host.guarded(() => this.#sweeps.pack());
  }

  readouts(): Promise<readonly DriverReadout[]> {
    return this.#host.guarded(async () => {
      const sweeps = this.#sweeps;
      this.flips = await sweeps.flips();
      const readouts: DriverReadout[] = [];
      for (const request of this.#run.readouts) {
        const { bank: id, observable } = request;
        if (observable === 'state') {
          readouts.push({ states: sweeps.states.of(id) });
          continue;
        }
        const bank = this.#block.banks.find((each) => each.bank.id === id);
        if (bank === undefined) throw new TypeError(`no bank ${id}`);
        readouts.push(await readSums(request, this.#run, sweeps.sumsOf(bank, observable), this.#host));
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

  #start(sweeps: RunSweeps): Promise<void> {
    const { start } = this.#run;
    switch (start.kind) {
      case 'random':
        return sweeps.tossCoins();
      case 'feed-forward':
        return sweeps.feedForward();
      case 'given':
        return sweeps.place(this.#complete(start.states));
      case 'resume':
        return sweeps.place(this.#complete(keptRows(this.#from?.last ?? {}, start.rows)));
      default:
        return start satisfies never;
    }
  }

  #complete(states: Readonly<Record<string, PackedSpins>>): Readonly<Record<string, PackedSpins>> {
    for (const { bank, free } of this.#block.banks) {
      if (!free || states[bank.id] !== undefined) continue;
      throw new InvalidRequestError(`the start has no state of bank ${bank.id}`, { where: `start.states.${bank.id}` });
    }
    return states;
  }

  get #sweeps(): RunSweeps {
    if (this.#prepared === undefined) throw new TypeError('the run is not prepared');
    return this.#prepared;
  }
}
