/**
 * What a run is to bring: states of retained sweeps, and sums of them. Machines with counters keep sums beside their samplers, and rows add what they read of them;
 * a `raw` machine has none, and its host counts the states that it reads after every retained sweep.
 */
import { type DriverReadout, type DriverRun, emptySpins, type PackedSpins } from '@isinglass/sdk';
import { retainedCount, retainedIndex, signsOfSums } from '@isinglass/sdk/machine-driver';
import type { MachineHost } from '../host/machine-host.ts';
import type { LoadedOnEngine } from './engine-machine.ts';

/** Where the sums of an observable are on a machine with counters. */
const sumWindows = { 'spin-sum': 'sums', 'conditional-sum': 'conditionalSums' } as const;

export class RunReadouts {
  /** Whether states are read after every retained sweep. */
  readonly eachSample: boolean;
  /** Whether the machine keeps sums for this run. */
  readonly sums: boolean;
  readonly conditionalSums: boolean;
  readonly #run: DriverRun;
  readonly #loaded: LoadedOnEngine;
  readonly #rows: number;
  /** By bank, `[images][chains][K]` rows. */
  readonly #states = new Map<string, PackedSpins>();
  /** `[images][spins]`. */
  readonly #sums = new Map<string, Int32Array<ArrayBuffer>>();
  /** By bank: one row of states that the host counts. */
  readonly #counted = new Map<string, PackedSpins>();

  constructor(run: DriverRun, loaded: LoadedOnEngine) {
    this.#run = run;
    this.#loaded = loaded;
    this.#rows = run.images.length * run.chains;
    const asked = new Set(run.readouts.map(({ observable }) => observable));
    const raw = loaded.engine.readout === 'raw';
    if (raw && asked.has('conditional-sum')) throw new TypeError('the sdk asks no raw machine for conditional sums');
    this.eachSample = asked.has('state') || (raw && asked.has('spin-sum'));
    this.sums = !raw && asked.has('spin-sum');
    this.conditionalSums = asked.has('conditional-sum');
    for (const { bank, observable } of run.readouts) {
      const spinCount = this.#spinCount(bank);
      if (observable === 'state') this.#states.set(bank, emptySpins(this.#rows * retainedCount(run), spinCount));
      else this.#sums.set(keyOf(bank, observable), new Int32Array(run.images.length * spinCount));
      if (raw && observable === 'spin-sum') this.#counted.set(bank, emptySpins(1, spinCount));
    }
  }

  /** Reads the states after sweep t of the row that is in the machine, where they are retained and asked for. */
  async takeSample(host: MachineHost, row: number, t: number): Promise<void> {
    const sample = this.eachSample ? retainedIndex(this.#run, t) : -1;
    if (sample < 0) return;
    const { placed } = this.#loaded;
    const words = await host.read('spins', 0, placed.spinWords);
    for (const [bank, into] of this.#states) {
      placed.takeStates(words, bank, into, row * retainedCount(this.#run) + sample);
    }
    for (const [bank, states] of this.#counted) {
      placed.takeStates(words, bank, states, 0);
      const sums = this.#sums.get(keyOf(bank, 'spin-sum')) as Int32Array;
      const first = this.#imageOf(row) * states.spinCount;
      for (let spin = 0; spin < states.spinCount; spin++) {
        const bit = ((states.words[spin >>> 5] as number) >>> (spin & 31)) & 1;
        sums[first + spin] = (sums[first + spin] as number) + 2 * bit - 1;
      }
    }
  }

  /** Reads the sums of the row that is in the machine, all sweeps of which are done. */
  async takeSums(host: MachineHost, row: number): Promise<void> {
    const { placed } = this.#loaded;
    for (const { bank, observable } of this.#unique()) {
      if (observable === 'state' || this.#counted.has(bank)) continue;
      const { first, count } = placed.slotsOf(bank);
      const words = await host.read(sumWindows[observable], first, count);
      const values = new Int32Array(words.buffer, words.byteOffset, count);
      const into = this.#sums.get(keyOf(bank, observable)) as Int32Array;
      placed.addSums(values, bank, into, this.#imageOf(row) * this.#spinCount(bank));
    }
  }

  /** In request order. */
  results(): readonly DriverReadout[] {
    const { images, readouts } = this.#run;
    return readouts.map(({ bank, observable, as, tie }): DriverReadout => {
      if (observable === 'state') return { states: this.#states.get(bank) as PackedSpins };
      const sums = this.#sums.get(keyOf(bank, observable)) as Int32Array<ArrayBuffer>;
      return {
        ...(as === 'signs' ? {} : { sums: sums.slice() }),
        ...(as === 'sums' ? {} : { signs: signsOfSums(sums, images.length, tie) }),
      };
    });
  }

  #unique(): DriverRun['readouts'] {
    return [...new Map(this.#run.readouts.map((each) => [keyOf(each.bank, each.observable), each])).values()];
  }

  #imageOf(row: number): number {
    return Math.floor(row / this.#run.chains);
  }

  #spinCount(id: string): number {
    const shape = this.#loaded.block.banks.find((bank) => bank.id === id)?.shape ?? [];
    return shape.reduce((product, size) => product * size, 1);
  }
}

const keyOf = (bank: string, observable: string): string => `${observable} ${bank}`;
