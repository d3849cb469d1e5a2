/** A probe on a device: runs in the probe's own order and signs, and its exact law in the same terms. */
import {
  type DriverResult,
  type DriverRun,
  emptySpins,
  type LoadedProgram,
  type Observable,
  type PackedSpins,
  type Program,
  type ReadoutRequest,
  type Start,
  type TraceListener,
  wordsPerRow,
} from '@isinglass/sdk';
import { TooFewSamples } from '../checks/check.ts';
import { type BlockLaw, blockLaw } from '../oracle/block-law.ts';
import type { Disguise } from '../probes/disguise.ts';
import { type Probe, spinsOf } from '../probes/probe.ts';
import { bankIds, bankOf, freeBanks } from '../probes/probe-program.ts';
import type { RandomStream } from '../random/random-stream.ts';
import type { Lab } from './lab.ts';

/** ±1 of `rows` rows of free spins, row-major, in the order and signs of the probe. */
export interface SpinRows {
  readonly rows: number;
  readonly spins: number;
  readonly values: Int8Array;
}

/** What a run asks for; the rest is the simplest there is: one chain, no burn-in, every sweep retained, random start. */
export interface ProbeRun {
  /** Rows are images × chains. Images get numbers of their own by `seed` unless they are given. */
  readonly images: number | readonly number[];
  readonly chains?: number;
  readonly chainOffset?: number;
  readonly sweeps: number;
  readonly burnIn?: number;
  readonly stride?: number;
  readonly sweepOffset?: number;
  readonly temperatures?: readonly number[];
  readonly seed: bigint;
  /** `given`: rows × spins. */
  readonly start?: 'random' | 'feed-forward' | { readonly given: Int8Array } | Extract<Start, { kind: 'resume' }>;
  /** ±1, images × pinned. */
  readonly pinned?: Int8Array;
  readonly observable?: Observable;
  readonly as?: ReadoutRequest['as'];
  readonly tie?: 1 | -1;
  readonly keep?: DriverRun['keep'];
  readonly signal?: AbortSignal;
  readonly onProgress?: DriverRun['onProgress'];
  /** In the terms of the probe, for sweep 0 … sweeps. */
  readonly trace?: (sweep: number, states: SpinRows) => void;
  /** The same as the device gives it: all banks, pinned ones included. */
  readonly rawTrace?: TraceListener;
}

/** P(s_i = +1) of a free spin in the terms of the probe, as a number 0 … 1. */
export interface ProbeLaw {
  readonly spins: number;
  /** Spins by color, in the order of a sweep. */
  readonly colors: readonly (readonly number[])[];
  /** `states`: ±1 of the free spins from `offset` on; `b`: temperature, default 65536. */
  up(spin: number, states: ArrayLike<number>, offset?: number, b?: number): number;
}

interface LoadedProbeOptions {
  readonly lab: Lab;
  readonly probe: Probe;
  readonly disguise: Disguise;
  readonly program: Program;
  readonly loaded: LoadedProgram;
}

export class LoadedProbe {
  readonly lab: Lab;
  readonly probe: Probe;
  readonly disguise: Disguise;
  readonly program: Program;
  readonly loaded: LoadedProgram;
  readonly #banks: readonly { readonly id: string; readonly spins: number }[];
  #law: BlockLaw | undefined;

  constructor({ lab, probe, disguise, program, loaded }: LoadedProbeOptions) {
    this.lab = lab;
    this.probe = probe;
    this.disguise = disguise;
    this.program = program;
    this.loaded = loaded;
    this.#banks = freeBanks(probe, disguise);
  }

  get spins(): number {
    return spinsOf(this.probe);
  }

  /** The exact law, given the pinned spins (±1, default all −1). */
  law(pinned: ArrayLike<number> = new Array<number>(this.probe.pinned).fill(-1)): ProbeLaw {
    this.#law ??= blockLaw(this.program, { block: 0 });
    const law = this.#law;
    const { probe, disguise } = this;
    const first = new Map(law.banks.map((bank) => [bank.id, bank.first]));
    const placeOf = probe.colors.map(
      (_, spin) => (first.get(bankOf(probe, disguise, spin)) as number) + (disguise.place[spin] as number),
    );
    const states = new Int8Array(law.banks.reduce((sum, { spins }) => sum + spins, 0));
    for (let n = 0; n < probe.pinned; n++) {
      const place = (first.get(bankIds.pinned) as number) + (disguise.pinnedPlace[n] as number);
      states[place] = (pinned[n] as number) * (disguise.pinnedSign[n] as number);
    }
    /** Free spins that each one reads, in the terms of the probe. */
    const spinAtPlace = new Map(placeOf.map((place, spin) => [place, spin]));
    const reads = placeOf.map((place) =>
      Int32Array.from([...law.neighbours(place)].flatMap((other) => spinAtPlace.get(other) ?? [])),
    );
    return {
      spins: probe.colors.length,
      colors: [0, 1]
        .map((color) => [...probe.colors.keys()].filter((spin) => probe.colors[spin] === color))
        .filter((spins) => spins.length > 0),
      up(spin, from, offset = 0, b = 65536) {
        for (const n of reads[spin] as Int32Array) {
          states[placeOf[n] as number] = (from[offset + n] as number) * (disguise.sign[n] as number);
        }
        const p = law.up(placeOf[spin] as number, states, b) / 65536;
        return disguise.sign[spin] === 1 ? p : 1 - p;
      },
    };
  }

  /** One call of the driver. */
  run(o: ProbeRun): Promise<DriverResult> {
    const images = Uint32Array.from(typeof o.images === 'number' ? { length: o.images } : o.images, (number, n) =>
      typeof o.images === 'number' ? n : (number as number),
    );
    const chains = o.chains ?? 1;
    const { observables } = this.lab.profile.readout;
    const observable = o.observable ?? (observables.includes('spin-sum') ? 'spin-sum' : (observables[0] as Observable));
    return this.lab.within(
      'run',
      this.loaded.run({
        block: 0,
        gains: {},
        images,
        inputs: this.probe.pinned === 0 ? {} : { [bankIds.pinned]: this.#packPinned(o, images.length) },
        chains,
        chainOffset: o.chainOffset ?? 0,
        sweeps: o.sweeps,
        burnIn: o.burnIn ?? 0,
        stride: o.stride ?? 1,
        sweepOffset: o.sweepOffset ?? 0,
        temperatures: o.temperatures === undefined ? null : Uint32Array.from(o.temperatures),
        seed: o.seed,
        start: this.#startOf(o, images.length * chains),
        keep: o.keep ?? 'nothing',
        readouts: this.#banks.map(({ id }) => ({
          bank: id,
          observable,
          as: observable === 'state' ? 'sums' : (o.as ?? 'sums'),
          tie: o.tie ?? 1,
        })),
        signal: o.signal ?? new AbortController().signal,
        ...(o.onProgress === undefined ? {} : { onProgress: o.onProgress }),
        ...(o.trace === undefined ? {} : { trace: this.#listener(o.trace) }),
        ...(o.rawTrace === undefined ? {} : { trace: o.rawTrace }),
      }),
    );
  }

  /** States after the last sweep, in as many runs as the device's limits ask for, each with a seed of its own from `random`. */
  async snapshots(
    o: Omit<ProbeRun, 'images' | 'seed' | 'chains'> & { rows: number; random: RandomStream },
  ): Promise<SpinRows> {
    const most = this.rowsPerRun();
    const values = new Int8Array(o.rows * this.spins);
    for (let first = 0; first < o.rows; first += most) {
      const rows = Math.min(most, o.rows - first);
      const seed = o.random.bits64();
      const slice = { ...o, images: rows, seed, ...this.#rowsOf(o, first, rows) };
      values.set((await this.lastStates(slice)).values, first * this.spins);
    }
    return { rows: o.rows, spins: this.spins, values };
  }

  /** States after the last sweep of one run. */
  async lastStates(o: ProbeRun): Promise<SpinRows> {
    const { readout } = this.lab.profile;
    const rows = (typeof o.images === 'number' ? o.images : o.images.length) * (o.chains ?? 1);
    const { observables } = readout;
    const last = this.#lastSample(o.sweeps);
    if (observables.includes('state')) {
      const result = await this.run({ ...o, ...last, observable: 'state' });
      return this.statesOf(result, rows, 0, 1);
    }
    if (observables.includes('spin-sum') && (o.chains ?? 1) === 1) {
      const result = await this.run({ ...o, ...last, observable: 'spin-sum', as: 'sums' });
      const values = this.sumsOf(result, rows);
      return { rows, spins: this.spins, values: Int8Array.from(values, Math.sign) };
    }
    if (readout.trace) {
      let shown: SpinRows | undefined;
      const trace = (sweep: number, states: SpinRows): void => {
        if (sweep === o.sweeps) shown = states;
      };
      await this.run({ ...o, ...last, trace });
      if (shown !== undefined) return shown;
    }
    throw new TooFewSamples('the device shows no state of a single row');
  }

  /** States of one run after sweeps 1 … sweeps, as far as the device shows them: by `state`, or by trace. */
  async history(o: ProbeRun): Promise<readonly SpinRows[]> {
    const { readout } = this.lab.profile;
    const rows = (typeof o.images === 'number' ? o.images : o.images.length) * (o.chains ?? 1);
    if (readout.trace) {
      const found: SpinRows[] = [];
      const trace = (sweep: number, states: SpinRows): void => {
        if (sweep > 0) found.push(states);
      };
      await this.run({ ...o, ...this.#lastSample(o.sweeps), trace });
      return found;
    }
    if (readout.observables.includes('state') && readout.strideMin === 1) {
      const result = await this.run({ ...o, observable: 'state', burnIn: 0, stride: 1 });
      return Array.from({ length: o.sweeps }, (_, n) => this.statesOf(result, rows, n, o.sweeps));
    }
    throw new TooFewSamples('the device shows no consecutive states');
  }

  /** Sums of a result in the order and signs of the probe, images × spins. */
  sumsOf({ readouts }: DriverResult, images: number): Int32Array {
    const out = new Int32Array(images * this.spins);
    this.#eachSpin((spin, bank, place, spins) => {
      const sums = readouts[bank]?.sums;
      if (sums === undefined || sums.length !== images * spins) {
        throw new Error(`readout ${bank} has ${sums?.length ?? 'no'} sums instead of ${images * spins}`);
      }
      for (let n = 0; n < images; n++) {
        out[n * this.spins + spin] = (sums[n * spins + place] as number) * (this.disguise.sign[spin] as number);
      }
    });
    return out;
  }

  /** Signs of a result in the order and signs of the probe, images × spins: where a sum is 0, the tie in the device's own signs. */
  signsOf({ readouts }: DriverResult, images: number): Int8Array {
    const out = new Int8Array(images * this.spins);
    this.#eachSpin((spin, bank, place, spins) => {
      const signs = readouts[bank]?.signs;
      if (signs === undefined || signs.rows !== images || signs.spinCount !== spins) {
        throw new Error(`readout ${bank} has ${signs?.rows ?? 'no'} rows of signs instead of ${images}`);
      }
      for (let n = 0; n < images; n++) {
        out[n * this.spins + spin] = spinAt(signs, n, place) * (this.disguise.sign[spin] as number);
      }
    });
    return out;
  }

  /** Retained state `k` of `kept` of every row of a result. */
  statesOf({ readouts }: DriverResult, rows: number, k: number, kept: number): SpinRows {
    const values = new Int8Array(rows * this.spins);
    this.#eachSpin((spin, bank, place) => {
      const states = readouts[bank]?.states;
      if (states === undefined || states.rows !== rows * kept) {
        throw new Error(`readout ${bank} has ${states?.rows ?? 'no'} states instead of ${rows * kept}`);
      }
      for (let row = 0; row < rows; row++) {
        values[row * this.spins + spin] = spinAt(states, row * kept + k, place) * (this.disguise.sign[spin] as number);
      }
    });
    return { rows, spins: this.spins, values };
  }

  /** States by bank, as the device gives them, in the order and signs of the probe. */
  fromBanks(banks: Readonly<Record<string, PackedSpins>>): SpinRows {
    const rows = banks[this.#banks[0]?.id ?? '']?.rows ?? 0;
    const values = new Int8Array(rows * this.spins);
    this.#eachSpin((spin, bank, place) => {
      const packed = banks[this.#banks[bank]?.id as string] as PackedSpins;
      for (let row = 0; row < rows; row++) {
        values[row * this.spins + spin] = spinAt(packed, row, place) * (this.disguise.sign[spin] as number);
      }
    });
    return { rows, spins: this.spins, values };
  }

  /** The same the other way. */
  toBanks({ rows, values }: SpinRows): Record<string, PackedSpins> {
    const banks = Object.fromEntries(this.#banks.map(({ id, spins }) => [id, emptySpins(rows, spins)]));
    this.#eachSpin((spin, bank, place) => {
      const packed = banks[this.#banks[bank]?.id as string] as PackedSpins;
      for (let row = 0; row < rows; row++) {
        if ((values[row * this.spins + spin] as number) * (this.disguise.sign[spin] as number) > 0)
          raise(packed, row, place);
      }
    });
    return banks;
  }

  /** Rows of one run that the device's limits and the suite's patience allow. */
  rowsPerRun(): number {
    const { imagesMax, rowsMax } = this.lab.profile.batch;
    const limits = [imagesMax, rowsMax].map((limit) => (typeof limit === 'number' ? limit : rowsAtOnce));
    return Math.max(1, Math.min(rowsAtOnce, ...limits));
  }

  /** A window with the last sweep as its only sample. TooFewSamples where the device's shortest stride is longer than the run. */
  #lastSample(sweeps: number): Pick<ProbeRun, 'burnIn' | 'stride'> {
    const { strideMin } = this.lab.profile.readout;
    if (sweeps < strideMin) throw new TooFewSamples(`the device retains no sample of a run of ${sweeps} sweeps`);
    return { burnIn: sweeps - strideMin, stride: strideMin };
  }

  #rowsOf(o: { start?: ProbeRun['start']; pinned?: Int8Array }, first: number, rows: number): Partial<ProbeRun> {
    const slice = (values: Int8Array, width: number): Int8Array => values.slice(first * width, (first + rows) * width);
    return {
      ...(typeof o.start === 'object' && 'given' in o.start
        ? { start: { given: slice(o.start.given, this.spins) } }
        : {}),
      ...(o.pinned === undefined ? {} : { pinned: slice(o.pinned, this.probe.pinned) }),
    };
  }

  #startOf({ start = 'random' }: ProbeRun, rows: number): DriverRun['start'] {
    if (typeof start === 'string') return { kind: start };
    if ('handle' in start) return start;
    return { kind: 'given', states: this.toBanks({ rows, spins: this.spins, values: start.given }) };
  }

  #packPinned({ pinned }: ProbeRun, images: number): PackedSpins {
    const packed = emptySpins(images, this.probe.pinned);
    for (let n = 0; n < images * this.probe.pinned; n++) {
      const spin = n % this.probe.pinned;
      const value = (pinned?.[n] ?? -1) * (this.disguise.pinnedSign[spin] as number);
      if (value > 0) raise(packed, Math.floor(n / this.probe.pinned), this.disguise.pinnedPlace[spin] as number);
    }
    return packed;
  }

  #listener(trace: NonNullable<ProbeRun['trace']>): TraceListener {
    return (sweep, banks) => trace(sweep, this.fromBanks(banks));
  }

  #eachSpin(use: (spin: number, bank: number, place: number, spins: number) => void): void {
    for (const spin of this.probe.colors.keys()) {
      const id = bankOf(this.probe, this.disguise, spin);
      const bank = this.#banks.findIndex((each) => each.id === id);
      use(spin, bank, this.disguise.place[spin] as number, this.#banks[bank]?.spins as number);
    }
  }
}

const rowsAtOnce = 4096;

function spinAt({ words, spinCount }: PackedSpins, row: number, spin: number): 1 | -1 {
  const word = words[row * wordsPerRow(spinCount) + (spin >>> 5)] as number;
  return (word >>> (spin & 31)) & 1 ? 1 : -1;
}

function raise({ words, spinCount }: PackedSpins, row: number, spin: number): void {
  const at = row * wordsPerRow(spinCount) + (spin >>> 5);
  words[at] = (words[at] as number) | (1 << (spin & 31));
}
