/** A probe on a device: runs in the probe's own order and signs, and its exact law in the same terms. */
import type {
  DriverResult,
  DriverRun,
  LoadedProgram,
  Observable,
  Program,
  ReadoutRequest,
  Start,
  TraceListener,
} from '@isinglass/sdk';
import { TooFewSamples } from '../checks/check.ts';
import { type BlockLaw, blockLaw } from '../oracle/block-law.ts';
import type { Disguise } from '../probes/disguise.ts';
import type { Probe } from '../probes/probe.ts';
import { bankIds } from '../probes/probe-program.ts';
import type { RandomStream } from '../random/random-stream.ts';
import type { Lab } from './lab.ts';
import { type ProbeLaw, probeLaw } from './probe-law.ts';
import { ProbeView, type SpinRows } from './probe-view.ts';

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

interface LoadedProbeOptions {
  readonly lab: Lab;
  readonly probe: Probe;
  readonly disguise: Disguise;
  readonly program: Program;
  readonly loaded: LoadedProgram;
}

export class LoadedProbe extends ProbeView {
  readonly lab: Lab;
  readonly program: Program;
  readonly loaded: LoadedProgram;
  #law: BlockLaw | undefined;

  constructor({ lab, probe, disguise, program, loaded }: LoadedProbeOptions) {
    super(probe, disguise);
    this.lab = lab;
    this.program = program;
    this.loaded = loaded;
  }

  /** The exact law, given the pinned spins (±1, default all −1). */
  law(pinned: ArrayLike<number> = new Array<number>(this.probe.pinned).fill(-1)): ProbeLaw {
    this.#law ??= blockLaw(this.program, { block: 0 });
    return probeLaw(this, this.#law, pinned);
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
        inputs: this.probe.pinned === 0 ? {} : { [bankIds.pinned]: this.pinnedToBank(o.pinned, images.length) },
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
        readouts: this.banks.map(({ id }) => ({
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

  #listener(trace: NonNullable<ProbeRun['trace']>): TraceListener {
    return (sweep, banks) => trace(sweep, this.fromBanks(banks));
  }
}

const rowsAtOnce = 4096;
