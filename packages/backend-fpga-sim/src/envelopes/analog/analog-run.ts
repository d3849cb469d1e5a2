/**
 * One run on an analog machine: chromatic Gibbs sampling of the real law (semantics 7) in float64, of what the machine holds and with the numbers that it draws.
 *
 *   s_i = +1  iff  (r_i + ½) / 65536 < σ(2·β_i·f_i)          f_i = h_i + Σ_j J_ij s_j          β_i = β · gain of the spin
 *
 * The host sees states as they are read: some of them wrongly. The chain goes on from the true ones.
 */
import {
  blockAndChain,
  type DriverReadout,
  type DriverRun,
  emptySpins,
  type PackedSpins,
  philoxKey,
  wordsPerRow,
} from '@isinglass/sdk';
import { type KeptState, type MachineRun, retainedCount, retainedIndex, Slicer } from '@isinglass/sdk/machine-driver';
import { drawNumbers, misreads, type RowKey } from './analog-draws.ts';
import type { HeldBlock } from './held-block.ts';

/** Spins that are drawn, updated or read between two yields. */
const spinsPerSlice = 2048;

/** What of a machine is not in its coefficients. */
export interface AnalogBehavior {
  /** That an update's random number is that of the update before. */
  readonly keepProbability: number;
  /** That a state is read as its opposite. */
  readonly readoutFlip: number;
  /** Time of so many sweeps, one after the other, and so many readings of all states; null: not published. */
  timeNs(o: { readonly sweeps: number; readonly readings: number }): number | null;
}

export interface AnalogRunOptions {
  readonly block: HeldBlock;
  readonly behavior: AnalogBehavior;
  readonly run: DriverRun;
  readonly from: KeptState | null;
  readonly signals: readonly AbortSignal[];
}

interface Row {
  readonly key: RowKey;
  /** ±1 by spinIndex; 0 in padding. */
  readonly state: Int8Array;
  /** The random number of every spin's last update. */
  readonly numbers: Uint16Array;
}

/** What a handle keeps, beside the states as they were read. */
interface AnalogState extends KeptState {
  readonly states: readonly Pick<Row, 'state' | 'numbers'>[];
}

const analogStates = new WeakSet<KeptState>();

export class AnalogRun implements MachineRun {
  readonly #o: AnalogRunOptions;
  readonly #slicer: Slicer;
  readonly #rows: readonly Row[];
  /** By bank, the retained states of every row. */
  readonly #retained = new Map<string, PackedSpins>();
  #sweep = 0;
  /** Frames: all states of a row. */
  #readings = 0;
  #readSweep = -1;
  #spinsSincePause = 0;
  #flips = 0;

  constructor(o: AnalogRunOptions) {
    const { run, from, block } = o;
    if (from !== null && !analogStates.has(from)) throw new TypeError('the kept state is of another machine');
    this.#o = o;
    this.#slicer = new Slicer(o.signals);
    const seed = philoxKey(run.seed);
    this.#rows = Array.from({ length: run.images.length * run.chains }, (_, row) => ({
      key: {
        seed,
        image: run.images[Math.floor(row / run.chains)] as number,
        blockAndChain: blockAndChain(run.block, run.chainOffset + (row % run.chains)),
      },
      state: new Int8Array(block.stateLength),
      numbers: new Uint16Array(block.stateLength),
    }));
    for (const { bank, observable } of run.readouts) {
      if (observable !== 'state') throw new TypeError(`the sdk makes ${observable} from states`);
      this.#retained.set(bank, emptySpins(this.#rows.length * retainedCount(run), this.#spinCount(bank)));
    }
  }

  get flips(): number {
    return this.#flips;
  }

  async prepare(): Promise<void> {
    const { run } = this.#o;
    for (const [n, row] of this.#rows.entries()) {
      for (const [bank, spins] of Object.entries(run.inputs)) {
        this.#put(row.state, bank, spins, Math.floor(n / run.chains));
      }
      await this.#slicer.drain(this.#begin(row, n));
    }
  }

  async advance(first: number, last: number, onProgress: (done: number) => void): Promise<void> {
    const { run } = this.#o;
    for (let t = first; t <= last; t++) {
      await this.#slicer.drain(this.#sweepRows(run.sweepOffset + t));
      this.#sweep = t;
      const sample = retainedIndex(run, t);
      if (sample >= 0 && this.#retained.size > 0) await this.#slicer.drain(this.#retain(sample));
      onProgress(t);
    }
  }

  async pack(): Promise<Readonly<Record<string, PackedSpins>>> {
    const free = this.#o.block.layout.filter(({ bank }) => bank.role === 'free');
    const banks = free.map(({ bank, spinCount }) => [bank.id, emptySpins(this.#rows.length, spinCount)] as const);
    this.#read();
    for (const [n, row] of this.#rows.entries()) {
      const misread = misreads(row.key, this.#o.run.sweepOffset + this.#sweep);
      for (const [bank, into] of banks) this.#take(row, bank, { into, row: n, misread });
      await this.#slicer.pause();
    }
    return Object.fromEntries(banks);
  }

  async readouts(): Promise<readonly DriverReadout[]> {
    return this.#o.run.readouts.map(({ bank }) => ({ states: this.#retained.get(bank) as PackedSpins }));
  }

  keep(last: Readonly<Record<string, PackedSpins>>): KeptState {
    const kept: AnalogState = {
      block: this.#o.run.block,
      rows: this.#rows.length,
      last,
      states: this.#rows,
      // Plain arrays: the collector takes them.
      end: () => {},
    };
    analogStates.add(kept);
    return kept;
  }

  counters(): { readonly deviceNs?: number; readonly bytesIn: number; readonly bytesOut: number } {
    const { block, behavior, run } = this.#o;
    const spins = (role: 'free' | 'pinned'): number =>
      block.layout.reduce((sum, { bank, spinCount }) => sum + (bank.role === role ? spinCount : 0), 0);
    const ns = behavior.timeNs({ sweeps: this.#sweep * this.#rows.length, readings: this.#readings });
    const given = run.start.kind === 'given' ? spins('free') : 0;
    return {
      ...(ns === null ? {} : { deviceNs: Math.round(ns) }),
      bytesIn: Math.ceil((this.#rows.length * (spins('pinned') + given)) / 8),
      bytesOut: Math.ceil((this.#readings * spins('free')) / 8),
    };
  }

  /** Plain arrays: the collector takes them. */
  end(): void {}

  *#begin(row: Row, n: number): Generator<void, void, void> {
    const { run, block, from } = this.#o;
    const { start } = run;
    if (start.kind === 'resume') {
      const kept = (from as AnalogState).states[start.rows[n] as number] as AnalogState['states'][number];
      for (const { bank, offset, spinCount } of block.layout) {
        if (bank.role === 'free') row.state.set(kept.state.subarray(offset, offset + spinCount), offset);
      }
      row.numbers.set(kept.numbers);
      return;
    }
    yield* this.#draw(row, { sweep: 0, keepProbability: 0 });
    for (const { bank, offset, spinCount } of block.layout) {
      if (bank.role === 'pinned' || start.kind !== 'random') continue;
      for (let spin = offset; spin < offset + spinCount; spin++) {
        row.state[spin] = (row.numbers[spin] as number) < 32768 ? 1 : -1;
      }
    }
    if (start.kind === 'given') {
      for (const [bank, spins] of Object.entries(start.states)) this.#put(row.state, bank, spins, n);
    }
    if (start.kind === 'feed-forward') throw new TypeError(`block ${block.index}: the sdk lowers this start`);
  }

  *#sweepRows(sweep: number): Generator<void, void, void> {
    const { colors, rowStart, partners, couplings, biases, betas } = this.#o.block;
    for (const row of this.#rows) {
      const { state, numbers } = row;
      yield* this.#draw(row, { sweep, keepProbability: this.#o.behavior.keepProbability });
      for (const color of colors) {
        for (let n = 0; n < color.length; n++) {
          if (this.#pauseIsDue(1)) yield;
          const spin = color[n] as number;
          let field = biases[spin] as number;
          const end = rowStart[spin + 1] as number;
          for (let at = rowStart[spin] as number; at < end; at++) {
            field += (couplings[at] as number) * (state[partners[at] as number] as number);
          }
          const sigma = 1 / (1 + Math.exp(-2 * (betas[spin] as number) * field));
          const next = (numbers[spin] as number) + 0.5 < 65536 * sigma ? 1 : -1;
          if (next !== state[spin]) this.#flips++;
          state[spin] = next;
        }
      }
    }
  }

  *#draw(row: Row, o: { readonly sweep: number; readonly keepProbability: number }): Generator<void, void, void> {
    for (const { bank, offset, spinCount } of this.#o.block.layout) {
      if (bank.role === 'pinned') continue;
      // Pieces begin at multiples of 32: a counter serves eight spins.
      for (let begin = offset; begin < offset + spinCount; begin += spinsPerSlice) {
        const end = Math.min(begin + spinsPerSlice, offset + spinCount);
        drawNumbers(row.numbers, row.key, { ...o, begin, end });
        if (this.#pauseIsDue(end - begin)) yield;
      }
    }
  }

  /** Every few thousand spins, whatever they are spread over. */
  #pauseIsDue(spins: number): boolean {
    this.#spinsSincePause += spins;
    if (this.#spinsSincePause < spinsPerSlice) return false;
    this.#spinsSincePause = 0;
    return true;
  }

  *#retain(sample: number): Generator<void, void, void> {
    this.#read();
    const { run } = this.#o;
    for (const [n, row] of this.#rows.entries()) {
      const misread = misreads(row.key, run.sweepOffset + this.#sweep);
      for (const [bank, into] of this.#retained) {
        this.#take(row, bank, { into, row: n * retainedCount(run) + sample, misread });
        if (this.#pauseIsDue(into.spinCount)) yield;
      }
    }
  }

  /** All rows are read; once after a sweep, whatever is done with what was read. */
  #read(): void {
    if (this.#readSweep !== this.#sweep) this.#readings += this.#rows.length;
    this.#readSweep = this.#sweep;
  }

  /** The states of a bank as they are read. */
  #take(
    { state }: Row,
    bank: string,
    o: { readonly into: PackedSpins; readonly row: number; readonly misread: ReturnType<typeof misreads> },
  ): void {
    const { offset } = this.#place(bank);
    const { words, spinCount } = o.into;
    const first = o.row * wordsPerRow(spinCount);
    const { readoutFlip } = this.#o.behavior;
    for (let spin = 0; spin < spinCount; spin++) {
      const wrong = readoutFlip > 0 && o.misread(offset + spin, readoutFlip);
      if ((state[offset + spin] === 1) === wrong) continue;
      words[first + (spin >>> 5)] = (words[first + (spin >>> 5)] as number) | (1 << (spin & 31));
    }
  }

  #put(state: Int8Array, bank: string, { words, spinCount }: PackedSpins, row: number): void {
    const { offset } = this.#place(bank);
    const first = row * wordsPerRow(spinCount);
    for (let spin = 0; spin < spinCount; spin++) {
      state[offset + spin] = ((words[first + (spin >>> 5)] as number) >>> (spin & 31)) & 1 ? 1 : -1;
    }
  }

  #place(bank: string): HeldBlock['layout'][number] {
    const place = this.#o.block.layout.find((each) => each.bank.id === bank);
    if (place === undefined) throw new TypeError(`the block has no bank ${bank}`);
    return place;
  }

  #spinCount(bank: string): number {
    return this.#place(bank).spinCount;
  }
}
