/**
 * The law in typed arrays, with places for faults; with none set it has the bits of FixedMachine.
 *
 *   for every color in order, every spin i of the color:
 *       u = B_i + Σ_terms ⌊(Σ_j w_ij s_j · M + half) / 2^sh⌋        s_i = +1  iff  r_i < n(tempered u)
 *
 * A row is copied to a scratch row twice, as it is and as it was before the sweep: stale links read the second copy. Where nothing is special about
 * order, draws and temperature, rows go through a kernel (row-sweep/), which this is the witness of.
 */
import type { DriverRun } from '@isinglass/sdk';
import type { MachineRows, Sampler } from '../oracle/machine/sampler.ts';
import type { Draws } from './faulty-draws.ts';
import { mixedOf } from './mixing.ts';
import { RowSweep, type SweptBlock } from './row-sweep/row-sweep.ts';
import type { SpinProgram } from './spin-program.ts';

/** How many updates the machine has made since it was opened: what drifts go by. */
export interface MachineAge {
  updates: number;
}

export interface FastParts {
  readonly program: SpinProgram;
  readonly draws: Draws;
  readonly run: DriverRun;
  readonly rows: MachineRows;
  readonly age: MachineAge;
  /** The feed-forward start, which no fault touches. */
  readonly feedForward: () => void;
}

/** Updates in one call: a tenth of a millisecond by the kernel, half of one without it. */
const updatesAtOnce = 10_000;

let shared: RowSweep | undefined;
/** One for all machines of the thread: it keeps nothing between two calls. */
const kernel = (): RowSweep => {
  shared ??= new RowSweep();
  return shared;
};

export class FastSampler implements Sampler {
  readonly rowsAtOnce: number;
  readonly #o: FastParts;
  readonly #r: Uint16Array;
  readonly #scratch: Int8Array;
  /** For the kernel: c2 and c3 of every row. */
  #counters: Uint32Array | undefined;

  constructor(o: FastParts) {
    this.#o = o;
    this.rowsAtOnce = Math.max(1, Math.floor(updatesAtOnce / o.program.spins));
    this.#r = new Uint16Array(o.program.spins);
    this.#scratch = new Int8Array(2 * o.program.spins);
    this.#stick();
  }

  begin(start: 'random' | 'feed-forward'): void {
    const { program, rows, draws, feedForward } = this.#o;
    if (start === 'feed-forward') feedForward();
    for (let row = 0; start === 'random' && row < rows.count; row++) {
      draws.fill(this.#r, row, 0);
      for (const spin of program.free) {
        rows.states[row * program.spins + spin] = (this.#r[spin] as number) < 32768 ? 1 : -1;
      }
    }
    this.#stick();
  }

  sweepRows(first: number, count: number, t: number): number {
    const block = this.#sweptBlock(t);
    if (block !== undefined) return this.#sweepAtOnce(block, first, count, t);
    let flips = 0;
    for (let row = first; row < first + count; row++) flips += this.#sweepRow(row, t);
    return flips;
  }

  /** The sweep as a kernel takes it; undefined where a fault needs more than that. */
  #sweptBlock(t: number): SweptBlock | undefined {
    const { program, draws } = this.#o;
    const { order, spins, readsBefore } = program;
    const table = program.tableAt(this.#temperature(t));
    if (order === undefined || table === undefined || draws.philox === undefined) return undefined;
    return { spins, table, readsBefore, order, draws: draws.philox.block };
  }

  #sweepAtOnce(block: SweptBlock, first: number, count: number, t: number): number {
    const { program, draws, rows, age } = this.#o;
    const { key, c1, c2, c3 } = draws.philox as NonNullable<Draws['philox']>;
    if (this.#counters === undefined) {
      this.#counters = new Uint32Array(2 * rows.count);
      for (let row = 0; row < rows.count; row++) this.#counters.set([c2(row), c3(row)], 2 * row);
    }
    const counters = this.#counters.subarray(2 * first, 2 * (first + count));
    const part = [first * program.spins, (first + count) * program.spins] as const;
    age.updates += count * program.free.length;
    return kernel().sweep(block, {
      states: rows.states.subarray(...part),
      plusDraws: rows.plusDraws.subarray(...part),
      counters,
      c1: c1(t),
      key,
    });
  }

  #temperature(t: number): number {
    const { program, run, age } = this.#o;
    const b = program.temperatureIgnored || run.temperatures === null ? 65536 : (run.temperatures[t - 1] as number);
    return b * (1 + (program.betaDrift * age.updates) / 1e6);
  }

  #sweepRow(row: number, t: number): number {
    const { program, draws, run, rows, age } = this.#o;
    const { spins } = program;
    const [scratch, r] = [this.#scratch, this.#r];
    const offset = row * spins;
    for (let n = 0; n < spins; n++) scratch[n] = rows.states[offset + n] as number;
    if (program.readsBefore) scratch.copyWithin(spins, 0, spins);
    draws.fill(r, row, t);
    const sweep = run.sweepOffset + t;
    const leaks = program.pinLeak > 0 ? this.#leak(row, sweep) : false;
    const flips = program.update(scratch, rows.plusDraws, offset, {
      r,
      b: this.#temperature(t),
      sweep,
      key: program.randomOrder || program.pinReleased ? this.#rowKey(row, sweep) : 0,
      age: age.updates,
    });
    age.updates += program.free.length;
    const { states } = rows;
    for (let n = 0; n < spins; n++) {
      if (!leaks || program.isFree[n] === 1) states[offset + n] = scratch[n] as number;
    }
    return flips;
  }

  /** Stuck spins to their values. */
  #stick(): void {
    const { program, rows } = this.#o;
    for (const { spin, at } of program.stuck) {
      for (let row = 0; at !== undefined && row < rows.count; row++) rows.states[row * program.spins + spin] = at;
    }
  }

  /** Turns some pinned spins of the scratch row. */
  #leak(row: number, sweep: number): true {
    const { program } = this.#o;
    const key = this.#rowKey(row, sweep);
    for (const spin of program.pinned) {
      if (mixedOf(key, spin) >= program.pinLeak * 2 ** 32) continue;
      this.#scratch[spin] = -(this.#scratch[spin] as number);
      this.#scratch[program.spins + spin] = this.#scratch[spin] as number;
    }
    return true;
  }

  #rowKey(row: number, sweep: number): number {
    const { run } = this.#o;
    const image = run.images[Math.floor(row / run.chains)] as number;
    return mixedOf(
      Number(run.seed & 0xffffffffn),
      Number(run.seed >> 32n),
      image,
      run.chainOffset + (row % run.chains),
      sweep,
    );
  }
}
