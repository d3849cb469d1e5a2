/** The spins of a probe as a device shows and takes them: banks, bits and numbers of its own, and of every disguise another sign. */
import { type DriverResult, emptySpins, type PackedSpins, wordsPerRow } from '@isinglass/sdk';
import type { Disguise } from '../probes/disguise.ts';
import { type Probe, spinsOf } from '../probes/probe.ts';
import { bankOf, freeBanks } from '../probes/probe-program.ts';

/** ±1 of `rows` rows of free spins, row-major, in the order and signs of the probe. */
export interface SpinRows {
  readonly rows: number;
  readonly spins: number;
  readonly values: Int8Array;
}

export class ProbeView {
  readonly probe: Probe;
  readonly disguise: Disguise;
  protected readonly banks: readonly { readonly id: string; readonly spins: number }[];

  constructor(probe: Probe, disguise: Disguise) {
    this.probe = probe;
    this.disguise = disguise;
    this.banks = freeBanks(probe, disguise);
  }

  get spins(): number {
    return spinsOf(this.probe);
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
    const rows = banks[this.banks[0]?.id ?? '']?.rows ?? 0;
    const values = new Int8Array(rows * this.spins);
    this.#eachSpin((spin, bank, place) => {
      const packed = banks[this.banks[bank]?.id as string] as PackedSpins;
      for (let row = 0; row < rows; row++) {
        values[row * this.spins + spin] = spinAt(packed, row, place) * (this.disguise.sign[spin] as number);
      }
    });
    return { rows, spins: this.spins, values };
  }

  /** The same the other way. */
  toBanks({ rows, values }: SpinRows): Record<string, PackedSpins> {
    const banks = Object.fromEntries(this.banks.map(({ id, spins }) => [id, emptySpins(rows, spins)]));
    this.#eachSpin((spin, bank, place) => {
      const packed = banks[this.banks[bank]?.id as string] as PackedSpins;
      for (let row = 0; row < rows; row++) {
        if ((values[row * this.spins + spin] as number) * (this.disguise.sign[spin] as number) > 0)
          raise(packed, row, place);
      }
    });
    return banks;
  }

  /** Pinned spins of every image, ±1, images × pinned; where none are given they are −1. */
  pinnedToBank(pinned: Int8Array | undefined, images: number): PackedSpins {
    const packed = emptySpins(images, this.probe.pinned);
    for (let n = 0; n < images * this.probe.pinned; n++) {
      const spin = n % this.probe.pinned;
      const value = (pinned?.[n] ?? -1) * (this.disguise.pinnedSign[spin] as number);
      if (value > 0) raise(packed, Math.floor(n / this.probe.pinned), this.disguise.pinnedPlace[spin] as number);
    }
    return packed;
  }

  #eachSpin(use: (spin: number, bank: number, place: number, spins: number) => void): void {
    for (const spin of this.probe.colors.keys()) {
      const id = bankOf(this.probe, this.disguise, spin);
      const bank = this.banks.findIndex((each) => each.id === id);
      use(spin, bank, this.disguise.place[spin] as number, this.banks[bank]?.spins as number);
    }
  }
}

function spinAt({ words, spinCount }: PackedSpins, row: number, spin: number): 1 | -1 {
  const word = words[row * wordsPerRow(spinCount) + (spin >>> 5)] as number;
  return (word >>> (spin & 31)) & 1 ? 1 : -1;
}

function raise({ words, spinCount }: PackedSpins, row: number, spin: number): void {
  const at = row * wordsPerRow(spinCount) + (spin >>> 5);
  words[at] = (words[at] as number) | (1 << (spin & 31));
}
