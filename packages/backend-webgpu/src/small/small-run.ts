/** One run of a small block: static fields by the field kernels, then many sweeps a dispatch. */
import {
  activationLimit,
  blockAndChain,
  type DriverReadout,
  type DriverRun,
  emptySpins,
  InvalidRequestError,
  type PackedSpins,
} from '@isinglass/sdk';
import { type KeptState, type MachineRun, Slicer } from '@isinglass/sdk/machine-driver';
import type { GpuBank } from '../block/gpu-block.ts';
import type { LoadedBlock } from '../block/loaded-block.ts';
import { type Dispatch, type DispatchSpec, dispatchSpec } from '../gpu/dispatch.ts';
import { plainSweep, RunHost } from '../gpu/run-host.ts';
import { keptRows } from '../machine/kept-rows.ts';
import { readSums } from '../machine/read-sums.ts';
import { RetainedStates } from '../machine/retained-states.ts';
import { runLaw } from '../machine/run-law.ts';
import type { RunOptions } from '../machine/webgpu-run.ts';
import type { LoadedSmall } from './loaded-small.ts';
import { smallBase } from './small-base.ts';
import { octetsStagedMax } from './small-block.ts';
import { type NumbersAt, smallNumbers } from './small-numbers.ts';
import { TemperatureRounds } from './temperature-rounds.ts';

interface Prepared {
  readonly sweep: Dispatch;
  readonly states: RetainedStates;
  readonly temperatures: TemperatureRounds;
  /** [row]: the words of the block, then the two of its flips. */
  readonly rowWords: GPUBuffer;
  /** [row]: spin-sums by place, then conditional sums. */
  readonly sums: GPUBuffer;
}

export class SmallRun implements MachineRun {
  flips = 0;
  readonly #host: RunHost;
  readonly #block: LoadedBlock;
  readonly #small: LoadedSmall;
  readonly #run: DriverRun;
  readonly #from: KeptState | null;
  readonly #rows: number;
  readonly #words: number;
  #prepared: Prepared | undefined;

  constructor(o: RunOptions & { readonly small: LoadedSmall }) {
    this.#host = new RunHost(o.gpu, o.signals);
    this.#block = o.block;
    this.#small = o.small;
    this.#run = o.run;
    this.#from = o.from;
    this.#rows = o.run.images.length * o.run.chains;
    this.#words = o.small.places / 32;
  }

  prepare(): Promise<void> {
    return this.#host.guarded(async () => {
      const { banks } = this.#block;
      const run = this.#run;
      const work = runLaw(this.#block, run.gains);
      const law = await new Slicer(this.#host.signals).drain(work);
      const base = await smallBase({ host: this.#host, block: this.#block, small: this.#small, run, law });
      const rowWords = this.#host.storage('states and flips', this.#rows * (this.#words + 2));
      const summed = run.readouts.some(({ observable }) => observable !== 'state');
      const sums = this.#host.storage('sums', summed ? 2 * this.#rows * this.#small.places : 1);
      const free = banks.filter((bank) => bank.free);
      const firstWord = ({ index }: GpuBank): number => (this.#small.firstPlace.get(index) as number) / 32;
      const together = free.map((bank) => ({ bank, firstWord: firstWord(bank) }));
      const source = { label: 'small', rowWords: this.#words, banks: together };
      const states = new RetainedStates(this.#host, run, [source]);
      const { numbers, at } = smallNumbers({ block: this.#block, small: this.#small, run, law }, this.#host);
      const temperatures = new TemperatureRounds({ host: this.#host, run, numbers, at });
      const spec = this.#spec({ base, rowWords, sums, states, numbers, at });
      const [sweep] = await this.#host.prepare([spec]);
      this.#prepared = { sweep: sweep as Dispatch, states, temperatures, rowWords, sums };
      await this.#start(spec, rowWords);
    });
  }

  advance(first: number, last: number, onProgress: (done: number) => void): Promise<void> {
    return this.#host.guarded(async () => {
      const { sweep, states, temperatures } = this.#made();
      const { submitter, gpu } = this.#host;
      for (let t = first; t <= last; ) {
        const fitting = Math.floor(submitter.budget / Math.max(1, this.#rows * sweep.costPerRow));
        const full = states.fullAt(t);
        const most = Math.max(1, Math.min(gpu.pieces.dispatchSweepsMax, fitting));
        const end = Math.min(last, full, await temperatures.place(t), t + most - 1);
        const count = end - t + 1;
        const rows = { rows: this.#rows, costPerRow: count * sweep.costPerRow };
        await this.#host.addRows([{ ...sweep, costPerRow: rows.costPerRow }], { ...plainSweep, first: t, count }, rows);
        const from = t;
        submitter.whenDone(() => {
          for (let done = from; done <= end; done++) onProgress(done);
        });
        if (end === full) {
          await submitter.finish();
          await states.read(full);
        }
        t = end + 1;
      }
      await submitter.finish();
    });
  }

  pack(): Promise<Readonly<Record<string, PackedSpins>>> {
    return this.#host.guarded(async () => {
      const words = await this.#readRows();
      const packed: Record<string, PackedSpins> = {};
      for (const { index, bank, free, spins, words: count } of this.#block.banks) {
        if (!free) continue;
        const own = emptySpins(this.#rows, spins);
        const first = (this.#small.firstPlace.get(index) as number) / 32;
        for (let row = 0; row < this.#rows; row++) {
          const at = row * (this.#words + 2) + first;
          own.words.set(words.subarray(at, at + count), row * count);
        }
        packed[bank.id] = own;
      }
      return packed;
    });
  }

  readouts(): Promise<readonly DriverReadout[]> {
    return this.#host.guarded(async () => {
      const { states, sums } = this.#made();
      const words = await this.#readRows();
      this.flips = 0;
      for (let row = 0; row < this.#rows; row++) {
        const at = row * (this.#words + 2) + this.#words;
        this.flips += (words[at + 1] as number) * 2 ** 32 + (words[at] as number);
      }
      const readouts: DriverReadout[] = [];
      for (const request of this.#run.readouts) {
        if (request.observable === 'state') {
          readouts.push({ states: states.of(request.bank) });
          continue;
        }
        const bank = this.#block.banks.find((each) => each.bank.id === request.bank);
        if (bank === undefined) throw new TypeError(`no bank ${request.bank}`);
        const { places, firstPlace } = this.#small;
        const first = (firstPlace.get(bank.index) as number) + (request.observable === 'spin-sum' ? 0 : places);
        readouts.push(
          await readSums(request, this.#run, { bank, buffer: sums, first, stride: 2 * places }, this.#host),
        );
      }
      return readouts;
    });
  }

  keep(last: Readonly<Record<string, PackedSpins>>): KeptState {
    return { block: this.#run.block, rows: this.#rows, last, end: () => {} };
  }

  end(): void {
    this.#host.end();
  }

  #spec(o: {
    readonly base: { readonly buffer: GPUBuffer; readonly rows: number; readonly stride: number };
    readonly rowWords: GPUBuffer;
    readonly sums: GPUBuffer;
    readonly states: RetainedStates;
    readonly numbers: GPUBuffer;
    readonly at: NumbersAt;
  }): DispatchSpec {
    const run = this.#run;
    const { places, colorStarts, itemBuffer, listBuffer, entries } = this.#small;
    const { workgroupSize } = this.#host.gpu.pipelines;
    const octets = places / 8;
    const most = Math.min(this.#rows, Math.floor(workgroupSize / octets), Math.floor(octetsStagedMax / octets));
    const rows = Math.max(1, most);
    // No larger than the work of a color: an idle invocation waits at every barrier.
    const busy = rows * Math.max(1, ...colorStarts.slice(1).map((end, n) => end - (colorStarts[n] as number)));
    const invocations = Math.max(4, Math.min(workgroupSize, 2 ** Math.ceil(Math.log2(busy))));
    const asked = (observable: string): boolean => run.readouts.some((ask) => ask.observable === observable);
    return dispatchSpec({
      kernel: 'small-sweeps',
      // Powers of two: runs of other numbers of rows mostly have their kernel compiled already.
      constants: { octets_staged: 2 ** Math.ceil(Math.log2(rows * octets)), workgroup_size: invocations },
      params: {
        places,
        octets,
        words: this.#words,
        colors: colorStarts.length - 1,
        rows,
        chains: run.chains,
        block_chain: blockAndChain(run.block, run.chainOffset),
        limit: activationLimit(this.#block.fractionBits),
        seed_low: Number(run.seed & 0xffff_ffffn),
        seed_high: Number(run.seed >> 32n),
        sums: (asked('spin-sum') ? 1 : 0) + (asked('conditional-sum') ? 2 : 0),
        base_rows: o.base.rows,
        base_stride: o.base.stride,
        burn_in: run.burnIn,
        stride: run.stride,
        sweep_offset: run.sweepOffset,
        slots: o.states.slots,
        ...o.at,
      },
      buffers: [
        itemBuffer,
        listBuffer,
        o.base.buffer,
        o.numbers,
        o.rowWords,
        o.sums,
        o.states.buffers.get('small') ?? this.#host.storage('no states', 1),
      ],
      invocationsPerRow: workgroupSize / rows,
      costPerRow: 4 * entries + 64 * places,
    });
  }

  async #start(spec: DispatchSpec, rowWords: GPUBuffer): Promise<void> {
    const { start } = this.#run;
    switch (start.kind) {
      case 'random':
        await this.#host.compute([spec], this.#rows, { ...plainSweep, coins: 1, count: 1 });
        return;
      case 'given':
        this.#place(start.states, rowWords);
        return;
      case 'resume':
        this.#place(keptRows(this.#from?.last ?? {}, start.rows), rowWords);
        return;
      case 'feed-forward':
        throw new TypeError('feed-forward starts are not made here');
      default:
        start satisfies never;
    }
  }

  #place(states: Readonly<Record<string, PackedSpins>>, rowWords: GPUBuffer): void {
    const words = new Uint32Array(this.#rows * (this.#words + 2));
    for (const { index, bank, free, words: count } of this.#block.banks) {
      if (!free) continue;
      const packed = states[bank.id];
      if (packed === undefined) {
        throw new InvalidRequestError(`the start has no state of bank ${bank.id}`, {
          where: `start.states.${bank.id}`,
        });
      }
      const first = (this.#small.firstPlace.get(index) as number) / 32;
      for (let row = 0; row < this.#rows; row++) {
        words.set(packed.words.subarray(row * count, (row + 1) * count), row * (this.#words + 2) + first);
      }
    }
    this.#host.gpu.device.queue.writeBuffer(rowWords, 0, words);
  }

  async #readRows(): Promise<Uint32Array<ArrayBuffer>> {
    const words = new Uint32Array(this.#rows * (this.#words + 2));
    if (words.length > 0) await this.#host.ring.read(this.#made().rowWords, words);
    return words;
  }

  #made(): Prepared {
    if (this.#prepared === undefined) throw new TypeError('the run is not prepared');
    return this.#prepared;
  }
}
