/**
 * Faults of when samples are taken (M37 … M40): the device goes through the right sweeps and reads the wrong ones. The samples are taken from a
 * trace of the device inside; conditional sums cannot be, and stay right.
 */
import {
  type DriverReadout,
  type DriverRun,
  emptySpins,
  type PackedSpins,
  packSpins,
  unpackSpins,
  wordsPerRow,
} from '@isinglass/sdk';
import type { Spoiler } from './spoiled-driver.ts';

/** Sweeps after which samples are taken, by the contract: burnIn + k·stride for k = 1 … K (semantics 1.7). */
export function retainedSweeps({ sweeps, burnIn, stride }: Pick<DriverRun, 'sweeps' | 'burnIn' | 'stride'>): number[] {
  const kept = Math.floor((sweeps - burnIn) / stride);
  return Array.from({ length: kept }, (_, k) => burnIn + (k + 1) * stride);
}

/**
 * Samples are taken after these sweeps instead (0: the initial state; beyond the last: the device sweeps on). Where states are asked for, there
 * must be as many as the contract has: the last is repeated, or those that are too many are left out.
 */
export function samplesAt(sampled: (q: DriverRun) => readonly number[]): Spoiler {
  return {
    async run(q, run) {
      const times = sampled(q).map((sweep) => Math.max(0, sweep));
      const sweeps = times.reduce((most, time) => Math.max(most, time), q.sweeps);
      const samples = new Samples(q, times);
      const { temperatures } = q;
      const last = temperatures?.at(-1) ?? 65536;
      const result = await run({
        ...q,
        sweeps,
        temperatures: temperatures && Uint32Array.from({ length: sweeps }, (_, n) => temperatures[n] ?? last),
        trace(sweep, banks) {
          samples.take(sweep, banks);
          return sweep <= q.sweeps ? q.trace?.(sweep, banks) : undefined;
        },
      });
      return { ...result, readouts: result.readouts.map((readout, n) => samples.readout(n) ?? readout) };
    },
  };
}

/** Burn-in longer by `more` sweeps, or shorter (M37); the window keeps its length. */
export const burnInOff = (more: number): Spoiler => samplesAt((q) => retainedSweeps(q).map((sweep) => sweep + more));

/** No burn-in at all (M37). */
export const burnInSkipped = (): Spoiler => samplesAt((q) => retainedSweeps(q).map((sweep) => sweep - q.burnIn));

/** The first sample is the initial state (M38). */
export const firstSampleEarly = (): Spoiler =>
  samplesAt((q) => retainedSweeps(q).map((sweep, k) => (k === 0 ? 0 : sweep)));

/** Every `stride + more`-th sweep (M39). */
export const strideOff = (more: number): Spoiler =>
  samplesAt((q) => retainedSweeps(q).map((_, k) => q.burnIn + (k + 1) * (q.stride + more)));

/** One sample more at the end of the window, or one fewer where there are two (M40). */
export function windowLength(more: 1 | -1): Spoiler {
  return samplesAt((q) => {
    const kept = retainedSweeps(q);
    if (more < 0) return kept.length > 1 ? kept.slice(0, -1) : kept;
    return [...kept, q.burnIn + (kept.length + 1) * q.stride];
  });
}

/** The window begins and ends one retained sample later (M40). */
export const windowShifted = (): Spoiler => samplesAt((q) => retainedSweeps(q).map((sweep) => sweep + q.stride));

/** What a run reads out, taken from the states of its trace. */
class Samples {
  readonly #q: DriverRun;
  readonly #times: readonly number[];
  readonly #sums: Int32Array<ArrayBuffer>[] = [];
  readonly #states = new Map<number, PackedSpins>();
  readonly #spins: number[] = [];

  constructor(q: DriverRun, times: readonly number[]) {
    this.#q = q;
    this.#times = times;
  }

  take(sweep: number, banks: Readonly<Record<string, PackedSpins>>): void {
    const times = this.#times.filter((time) => time === sweep).length;
    if (times === 0) return;
    for (const [n, { bank, observable }] of this.#q.readouts.entries()) {
      const packed = banks[bank] as PackedSpins;
      this.#spins[n] = packed.spinCount;
      if (observable === 'spin-sum') this.#add(n, packed, times);
      else if (observable === 'state') this.#keep(n, sweep, packed);
    }
  }

  /** Undefined where nothing was taken: conditional sums. */
  readout(n: number): DriverReadout | undefined {
    const { observable, as, tie } = this.#q.readouts[n] as DriverRun['readouts'][number];
    if (observable === 'state') return { states: this.#statesOf(n) };
    const sums = this.#sums[n];
    if (observable === 'conditional-sum' || sums === undefined) return undefined;
    const signs = packSpins(
      sums.map((sum) => sum || tie),
      this.#q.images.length,
      this.#spins[n] as number,
    );
    return { ...(as === 'signs' ? {} : { sums }), ...(as === 'sums' ? {} : { signs }) };
  }

  #add(n: number, packed: PackedSpins, times: number): void {
    const { images, chains } = this.#q;
    const spins = packed.spinCount;
    const sums = this.#sums[n] ?? new Int32Array(images.length * spins);
    this.#sums[n] = sums;
    const values = unpackSpins(packed);
    for (let row = 0; row < packed.rows; row++) {
      const image = Math.floor(row / chains);
      for (let spin = 0; spin < spins; spin++) {
        sums[image * spins + spin] =
          (sums[image * spins + spin] as number) + times * (values[row * spins + spin] as number);
      }
    }
  }

  #keep(n: number, sweep: number, packed: PackedSpins): void {
    this.#states.set(sweep * this.#q.readouts.length + n, { ...packed, words: packed.words.slice() });
  }

  #statesOf(n: number): PackedSpins {
    const { readouts, images, chains } = this.#q;
    const kept = retainedSweeps(this.#q).length;
    const rows = images.length * chains;
    const spins = this.#spins[n] as number;
    const width = wordsPerRow(spins);
    const out = emptySpins(rows * kept, spins);
    for (let k = 0; k < kept; k++) {
      const sweep = this.#times[Math.min(k, this.#times.length - 1)] as number;
      const { words } = this.#states.get(sweep * readouts.length + n) as PackedSpins;
      for (let row = 0; row < rows; row++) {
        out.words.set(words.subarray(row * width, (row + 1) * width), (row * kept + k) * width);
      }
    }
    return out;
  }
}
