/** One run on the kernels: cuts the work into messages for the threads, and brings back what they computed. */
import {
  type Block,
  type DriverReadout,
  type DriverRun,
  InvalidRequestError,
  type Observable,
  type PackedSpins,
  wordsPerRow,
} from '@isinglass/sdk';
import type { BeginOptions, KeptState, MachineRun } from '../driver/block-machine.ts';
import { Slicer } from '../driver/event-loop.ts';
import type { KernelHost } from '../driver/kernel-host.ts';
import type { FixedConstants } from '../law/fixed-constants.ts';
import type { Region } from '../memory/device-memory.ts';
import { signsOf } from '../scalar/run-sums.ts';
import type { BankLanes } from './bank-lanes.ts';
import { Crew, type SlotMessage } from './crew.ts';
import { JobControl } from './job-control.ts';
import type { LoadedRows } from './rows/load-block.ts';
import { packedBytes } from './rows/rows-executor.ts';
import { type RunMemory, setUpRun } from './rows/run-setup.ts';
import { sweepSchedule } from './sweep-schedule.ts';
import type { WorkerMessage, WorkerReply } from './worker-messages.ts';

export type SimdHost = KernelHost<WorkerMessage, WorkerReply>;

export interface SimdRunOptions {
  readonly block: Block;
  readonly loaded: LoadedRows;
  readonly host: SimdHost;
  readonly request: DriverRun;
  readonly begin: BeginOptions;
  readonly constantsOf: () => Generator<void, FixedConstants, void>;
  /** Synaptic operations and updates of one row and sweep. */
  readonly workPerSweep: number;
}

let runs = 0;

export class SimdRun implements MachineRun {
  flips = 0;
  readonly #o: SimdRunOptions;
  readonly #id = ++runs;
  readonly #crew: Crew;
  #memory: RunMemory | undefined;
  #control: JobControl | undefined;

  constructor(o: SimdRunOptions) {
    this.#o = o;
    this.#crew = new Crew(o.host, this.#id, o.request, o.workPerSweep);
  }

  async prepare(): Promise<void> {
    const { block, loaded, host, request, begin, constantsOf } = this.#o;
    const constants = await new Slicer(begin.signals).drain(constantsOf());
    const states = this.#states();
    this.#memory = setUpRun(host.memory, { block, loaded, constants, request, states, workers: this.#crew.size });
    const { run } = this.#memory;
    this.#control = new JobControl(host.memory.memory.buffer, run.control);
    await this.#guarded(async () => {
      await this.#crew.begin(loaded.block, run);
      const parts = Math.min(run.tiles, 4 * this.#crew.size);
      const messages = Array.from({ length: parts }, (_, part): SlotMessage => {
        const tiles = [...Array(run.tiles).keys()].filter((tile) => tile % parts === part);
        return { kind: 'prepare', id: this.#id, tiles };
      });
      await this.#crew.all(messages);
    });
  }

  async advance(first: number, last: number, onProgress: (done: number) => void): Promise<void> {
    const { run } = this.#open();
    const schedule = sweepSchedule({
      tiles: run.tiles,
      workers: this.#crew.size,
      first,
      last,
      workPerTile: this.#o.workPerSweep * Math.min(16, run.rows),
    });
    let reported = first - 1;
    const done = new Map<object, number>();
    const report = (strand: object, t: number): void => {
      done.set(strand, t);
      const all = done.size < schedule.length ? first - 1 : Math.min(...done.values());
      while (reported < all) onProgress(++reported);
    };
    await this.#guarded(async () => {
      await Promise.all(
        schedule.map(async (strand) => {
          for (const range of strand.ranges) {
            const replies = await this.#crew.sweep(range, strand.together);
            for (const { flips } of replies) this.flips += flips;
            report(strand, range.last);
          }
        }),
      );
    });
  }

  async pack(): Promise<Readonly<Record<string, PackedSpins>>> {
    const { run } = this.#open();
    const { memory } = this.#o.host;
    const banks = this.#o.loaded.block.banks.map(({ lanes }) => lanes);
    const size = (lanes: BankLanes): number => (lanes.free ? run.rows * packedBytes(lanes.spinCount) : 0);
    const region = memory.allocate(
      banks.reduce((sum, lanes) => sum + size(lanes), 0),
      'packed states',
    );
    try {
      let at = region.address;
      const targets = banks.map((lanes) => {
        if (!lanes.free) return null;
        const target = { address: at, rowBytes: packedBytes(lanes.spinCount) };
        at += size(lanes);
        return target;
      });
      await this.#guarded(() =>
        this.#crew.all(
          Array.from({ length: run.tiles }, (_, tile): SlotMessage => ({ kind: 'pack', id: this.#id, tile, targets })),
        ),
      );
      return Object.fromEntries(
        banks.flatMap((lanes, n) => {
          const target = targets[n];
          if (target === null || target === undefined) return [];
          const words = new Uint32Array(size(lanes) / 4);
          words.set(new Uint32Array(memory.memory.buffer, target.address, words.length));
          return [[lanes.id, { words, rows: run.rows, spinCount: lanes.spinCount }]];
        }),
      );
    } finally {
      region.free();
    }
  }

  async readouts(): Promise<readonly DriverReadout[]> {
    const sums = new Map<string, Promise<Int32Array<ArrayBuffer>>>();
    const sumsOf = (bank: string, observable: Exclude<Observable, 'state'>): Promise<Int32Array<ArrayBuffer>> => {
      const key = `${bank} ${observable}`;
      const known = sums.get(key);
      if (known !== undefined) return known.then((values) => values.slice());
      const made = this.#collect(bank, observable);
      sums.set(key, made);
      return made;
    };
    const { request } = this.#o;
    const results: DriverReadout[] = [];
    for (const readout of request.readouts) {
      if (readout.observable === 'state') {
        results.push({ states: this.#storedStates(readout.bank) });
        continue;
      }
      const values = await sumsOf(readout.bank, readout.observable);
      const signs = readout.as === 'sums' ? {} : { signs: signsOf(values, request.images.length, readout.tie) };
      results.push(readout.as === 'signs' ? signs : { sums: values, ...signs });
    }
    return results;
  }

  keep(last: Readonly<Record<string, PackedSpins>>): KeptState {
    return { block: this.#o.block.index, rows: this.#open().run.rows, last, end: () => {} };
  }

  end(): void {
    if (this.#memory === undefined) return;
    this.#crew.end();
    this.#memory.region.free();
    this.#memory = undefined;
  }

  /** Sums of one bank, `[images][spins]`, batch by batch of images. */
  async #collect(id: string, observable: Exclude<Observable, 'state'>): Promise<Int32Array<ArrayBuffer>> {
    const { loaded, request, host } = this.#o;
    const bank = loaded.block.banks.findIndex(({ lanes }) => lanes.id === id);
    const { spinCount } = (loaded.block.banks[bank] as (typeof loaded.block.banks)[number]).lanes;
    const images = request.images.length;
    const sums = new Int32Array(images * spinCount);
    const bytesPerImage = 4 * spinCount;
    const batch = Math.max(1, Math.min(Math.ceil(images / this.#crew.size), Math.floor(collectBytes / bytesPerImage)));
    const batches = Array.from({ length: Math.ceil(images / batch) }, (_, n) => n * batch);
    const regions: Region[] = [];
    try {
      for (let n = 0; n < Math.min(batches.length, this.#crew.size); n++) {
        regions.push(host.memory.allocate(batch * bytesPerImage, 'collected sums'));
      }
      await this.#guarded(() =>
        this.#crew.each(batches, async (first, slot) => {
          const count = Math.min(batch, images - first);
          const out = (regions[slot] as Region).address;
          const range = {
            bank,
            observable,
            firstRow: first * request.chains,
            endRow: (first + 1) * request.chains,
            out,
          };
          await this.#crew.run({ kind: 'collect', id: this.#id, images: count, bytesPerImage, range });
          sums.set(new Int32Array(host.memory.memory.buffer, out, count * spinCount), first * spinCount);
        }),
      );
      return sums;
    } finally {
      for (const region of regions) region.free();
    }
  }

  #storedStates(id: string): PackedSpins {
    const { run } = this.#open();
    const { loaded, host } = this.#o;
    const bank = loaded.block.banks.findIndex(({ lanes }) => lanes.id === id);
    const { spinCount } = (loaded.block.banks[bank] as (typeof loaded.block.banks)[number]).lanes;
    const rows = run.rows * run.retained;
    const words = new Uint32Array(rows * wordsPerRow(spinCount));
    words.set(new Uint32Array(host.memory.memory.buffer, run.banks[bank]?.states as number, words.length));
    return { words, rows, spinCount };
  }

  /** Where the states of a given or resumed start come from. */
  #states(): Parameters<typeof setUpRun>[1]['states'] {
    const { request, begin, loaded } = this.#o;
    const { start } = request;
    const states = start.kind === 'given' ? start.states : start.kind === 'resume' ? begin.from?.last : undefined;
    if (states === undefined) return null;
    for (const { lanes } of loaded.block.banks) {
      if (lanes.free && states[lanes.id] === undefined) {
        const where = `start.states.${lanes.id}`;
        throw new InvalidRequestError(`the start has no state of bank ${lanes.id}`, { where });
      }
    }
    const rowOf = start.kind === 'resume' ? (row: number): number => start.rows[row] as number : (row: number) => row;
    return { of: states, rowOf };
  }

  /** Rejects with the reason of an aborted signal, when no thread works on the run any more. */
  async #guarded<T>(action: () => Promise<T>): Promise<T> {
    const { signals } = this.#o.begin;
    const stop = (): void => this.#control?.stop();
    for (const signal of signals) signal.throwIfAborted();
    for (const signal of signals) signal.addEventListener('abort', stop);
    try {
      return await action();
    } catch (e) {
      // One part failed: the others stop, too.
      stop();
      await this.#crew.idle();
      throw e;
    } finally {
      for (const signal of signals) signal.removeEventListener('abort', stop);
      for (const signal of signals) signal.throwIfAborted();
    }
  }

  #open(): RunMemory {
    if (this.#memory === undefined) throw new TypeError('the run is not prepared');
    return this.#memory;
  }
}

/** Sums on their way out, per thread. */
const collectBytes = 2 ** 22;
