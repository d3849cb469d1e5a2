/** One run on the kernels: cuts rows into sections and work into messages for the threads, and brings back what they computed. */
import {
  type Block,
  type DriverReadout,
  type DriverRun,
  InvalidRequestError,
  type Observable,
  type PackedSpins,
  wordsPerRow,
} from '@isinglass/sdk';
import {
  type BeginOptions,
  type FixedConstants,
  type KeptState,
  type MachineRun,
  retainedCount,
  Slicer,
  signsOfSums,
} from '@isinglass/sdk/machine-driver';
import type { BankLanes } from './bank-lanes.ts';
import { Crew } from './crew.ts';
import type { KernelHost } from './kernel-host.ts';
import type { Region } from './memory/device-memory.ts';
import { packedBytes } from './rows/rows-executor.ts';
import type { SetupOptions } from './rows/run-setup.ts';
import type { SchedulePolicy } from './schedule-policy.ts';
import type { Section } from './section.ts';
import { sweepSchedule } from './sweep-schedule.ts';
import type { WorkerMessage, WorkerReply } from './worker-messages.ts';

export type SimdHost = KernelHost<WorkerMessage, WorkerReply>;

export interface SimdRunOptions {
  readonly block: Block;
  /** In declared order. */
  readonly banks: readonly BankLanes[];
  readonly host: SimdHost;
  readonly request: DriverRun;
  readonly begin: BeginOptions;
  readonly policy: SchedulePolicy;
  /** Synaptic operations of one row and sweep, updates included (operationsPerUpdate). */
  readonly workPerRow: number;
  readonly constantsOf: () => Generator<void, FixedConstants, void>;
  /** Lays out the sections in memory; if one does not fit, none is left. */
  readonly sectionsOf: (o: Pick<SetupOptions, 'constants' | 'states' | 'workers'>) => Promise<readonly Section[]>;
}

/** Sums on their way out, per thread. */
const collectBytes = 2 ** 22;

export class SimdRun implements MachineRun {
  flips = 0;
  readonly #o: SimdRunOptions;
  readonly #crew: Crew;
  #sections: readonly Section[] = [];
  #stopped = false;

  constructor(o: SimdRunOptions) {
    const { host, request, policy, workPerRow } = o;
    const rows = request.images.length * request.chains;
    this.#o = o;
    this.#crew = new Crew(workPerRow * rows * request.sweeps < policy.awayMin ? host.inline : host.workers);
  }

  async prepare(): Promise<void> {
    const { begin, constantsOf, sectionsOf } = this.#o;
    const constants = await new Slicer(begin.signals).drain(constantsOf());
    this.#sections = await sectionsOf({ constants, states: this.#states(), workers: this.#crew.size });
    await this.#guarded(async () => {
      for (const section of this.#sections) await this.#crew.begin(section);
      await this.#forTiles(4, (id, tiles) => ({ kind: 'prepare', id, tiles }));
    });
  }

  async advance(first: number, last: number, onProgress: (done: number) => void): Promise<void> {
    const { policy, workPerRow } = this.#o;
    const workers = this.#crew.size;
    const strands = this.#sections.flatMap((section) => {
      const workPerTile = workPerRow * section.tileRows;
      const { tiles } = section.run;
      const tilesPerStrand = section.form.form === 'rows' ? 4 : 8;
      const schedule = sweepSchedule({ tiles, workers, first, last, workPerTile, tilesPerStrand }, policy);
      return schedule.map((strand) => ({ ...strand, section }));
    });
    const done = strands.map(() => first - 1);
    let reported = first - 1;
    await this.#guarded(() =>
      this.#everyOne(strands, async ({ section, ranges, together }, n) => {
        for (const range of ranges) {
          const flips = await this.#crew.sweep(section, range, together);
          this.flips += flips;
          if (this.#stopped) return;
          done[n] = range.last;
          for (const all = Math.min(...done); reported < all; ) onProgress(++reported);
        }
      }),
    );
  }

  async pack(): Promise<Readonly<Record<string, PackedSpins>>> {
    const { memory } = this.#o.host;
    const { banks } = this.#o;
    const rows = this.#rows;
    const size = (lanes: BankLanes): number => (lanes.free ? rows * packedBytes(lanes.spinCount) : 0);
    const total = banks.reduce((sum, lanes) => sum + size(lanes), 0);
    const region = memory.allocate(total, 'packed states');
    try {
      const targets: { readonly lanes: BankLanes; readonly address: number; readonly rowBytes: number }[] = [];
      for (let [n, at] = [0, region.address]; n < banks.length; n++) {
        const lanes = banks[n] as BankLanes;
        targets.push({ lanes, address: at, rowBytes: packedBytes(lanes.spinCount) });
        at += size(lanes);
      }
      await this.#guarded(() =>
        this.#forTiles(4, (id, tiles, { run }) => ({
          kind: 'pack',
          id,
          tiles,
          targets: targets.map(({ lanes, address, rowBytes }) =>
            lanes.free ? { address: address + run.firstRow * rowBytes, rowBytes } : null,
          ),
        })),
      );
      return Object.fromEntries(
        targets
          .filter(({ lanes }) => lanes.free)
          .map(({ lanes, address }) => {
            const words = new Uint32Array(size(lanes) / 4);
            words.set(new Uint32Array(memory.memory.buffer, address, words.length));
            return [lanes.id, { words, rows, spinCount: lanes.spinCount }];
          }),
      );
    } finally {
      region.free();
    }
  }

  /** In request order; every array belongs to the caller. */
  async readouts(): Promise<readonly DriverReadout[]> {
    const { request } = this.#o;
    const known = new Map<string, Int32Array<ArrayBuffer>>();
    const results: DriverReadout[] = [];
    for (const { bank, observable, as, tie } of request.readouts) {
      if (observable === 'state') {
        results.push({ states: this.#storedStates(bank) });
        continue;
      }
      const key = `${bank} ${observable}`;
      const sums = known.get(key)?.slice() ?? (await this.#collect(bank, observable));
      known.set(key, sums);
      const signs = as === 'sums' ? {} : { signs: signsOfSums(sums, request.images.length, tie) };
      results.push(as === 'signs' ? signs : { sums, ...signs });
    }
    return results;
  }

  keep(last: Readonly<Record<string, PackedSpins>>): KeptState {
    return { block: this.#o.block.index, rows: this.#rows, last, end: () => {} };
  }

  end(): void {
    for (const section of this.#sections) {
      this.#crew.end(section);
      section.free();
    }
    this.#sections = [];
  }

  get #rows(): number {
    return this.#o.request.images.length * this.#o.request.chains;
  }

  /** Sums of one bank, `[images][spins]`, batch by batch of images; an image whose chains lie in two sections gets both parts. */
  async #collect(id: string, observable: Exclude<Observable, 'state'>): Promise<Int32Array<ArrayBuffer>> {
    const { host, request, banks } = this.#o;
    const bank = banks.findIndex((lanes) => lanes.id === id);
    const { spinCount } = banks[bank] as BankLanes;
    const bytesPerImage = 4 * spinCount;
    const sums = new Int32Array(request.images.length * spinCount);
    const perThread = Math.ceil(request.images.length / this.#crew.size);
    const batch = Math.max(1, Math.min(perThread, Math.floor(collectBytes / bytesPerImage)));
    const batches = this.#sections.flatMap((section) => {
      const { first, end } = section.images;
      const starts = Array.from({ length: Math.ceil((end - first) / batch) }, (_, n) => first + n * batch);
      return starts.map((start) => ({ section, first: start, images: Math.min(batch, end - start) }));
    });
    const regions: Region[] = [];
    try {
      for (let n = 0; n < Math.min(batches.length, this.#crew.size); n++) {
        regions.push(host.memory.allocate(batch * bytesPerImage, 'collected sums'));
      }
      await this.#guarded(() =>
        this.#crew.each(batches, async ({ section, first, images }, place) => {
          const out = (regions[place] as Region).address;
          const message = { bank, observable, firstImage: first, images, out, bytesPerImage };
          await this.#crew.run({ kind: 'collect', id: section.id, ...message });
          const part = new Int32Array(host.memory.memory.buffer, out, images * spinCount);
          if (section.images.first === 0 && this.#sections.length === 1) sums.set(part, first * spinCount);
          else addTo(sums, part, first * spinCount);
        }),
      );
      return sums;
    } finally {
      for (const region of regions) region.free();
    }
  }

  #storedStates(id: string): PackedSpins {
    const { banks, host, request } = this.#o;
    const bank = banks.findIndex((lanes) => lanes.id === id);
    const { spinCount } = banks[bank] as BankLanes;
    const retained = retainedCount(request);
    const rows = this.#rows * retained;
    const words = new Uint32Array(rows * wordsPerRow(spinCount));
    for (const section of this.#sections) {
      const stride = retained * wordsPerRow(spinCount);
      const { firstRow, rows: own } = section.run;
      words.set(new Uint32Array(host.memory.memory.buffer, section.states(bank), own * stride), firstRow * stride);
    }
    return { words, rows, spinCount };
  }

  /** Where the states of a given or resumed start come from. */
  #states(): SetupOptions['states'] {
    const { request, begin, banks } = this.#o;
    const { start } = request;
    const states = start.kind === 'given' ? start.states : start.kind === 'resume' ? begin.from?.last : undefined;
    if (states === undefined) return null;
    for (const { id, free } of banks) {
      if (free && states[id] === undefined) {
        throw new InvalidRequestError(`the start has no state of bank ${id}`, { where: `start.states.${id}` });
      }
    }
    const rowOf = start.kind === 'resume' ? (row: number): number => start.rows[row] as number : (row: number) => row;
    return { of: states, rowOf };
  }

  /** A message for every tile, several tiles each: `perThread` messages a thread. */
  async #forTiles(
    perThread: number,
    message: (id: number, tiles: readonly number[], section: Section) => Parameters<Crew['run']>[0],
  ): Promise<void> {
    const messages = this.#sections.flatMap((section) => {
      const { tiles } = section.run;
      const count = Math.min(tiles, perThread * this.#crew.size);
      return Array.from({ length: count }, (_, n) => {
        const own = Array.from({ length: Math.ceil((tiles - n) / count) }, (_unused, k) => n + k * count);
        return message(section.id, own, section);
      });
    });
    await this.#everyOne(messages, async (each) => {
      if (!this.#stopped) await this.#crew.run(each);
    });
  }

  /** All at the same time. When one fails, the others stop; rejects with the first failure, after every one has ended. */
  async #everyOne<T>(items: readonly T[], action: (item: T, index: number) => Promise<void>): Promise<void> {
    const failures: unknown[] = [];
    const settled = async (item: T, index: number): Promise<void> => {
      try {
        await action(item, index);
      } catch (e) {
        failures.push(e);
        this.#stop();
      }
    };
    await Promise.all(items.map(settled));
    if (failures.length > 0) throw failures[0];
  }

  /** Rejects with the reason of an aborted signal, or what the action throws, when no thread works on the run any more. */
  async #guarded(action: () => Promise<void>): Promise<void> {
    const { signals } = this.#o.begin;
    this.#checkSignals();
    const stop = (): void => this.#stop();
    for (const signal of signals) signal.addEventListener('abort', stop);
    try {
      await action();
    } catch (e) {
      // One part failed: the others stop, too.
      stop();
      await this.#crew.idle();
      this.#checkSignals();
      throw e;
    } finally {
      for (const signal of signals) signal.removeEventListener('abort', stop);
    }
    this.#checkSignals();
  }

  #stop(): void {
    this.#stopped = true;
    for (const section of this.#sections) section.stop();
  }

  #checkSignals(): void {
    for (const signal of this.#o.begin.signals) signal.throwIfAborted();
  }
}

function addTo(sums: Int32Array, part: Int32Array, at: number): void {
  for (let n = 0; n < part.length; n++) sums[at + n] = (sums[at + n] as number) + (part[n] as number);
}
