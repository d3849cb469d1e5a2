/** Tosses of many rows as bits in words, so that agreements are counted 32 at a time. */
import type { RandomStream } from '../random/random-stream.ts';
import { type TossRun, tosses } from './coins.ts';
import type { LoadedProbe } from './loaded-probe.ts';

export class CoinHistory {
  readonly spins: number;
  readonly rows: number;
  readonly samples: number;
  readonly #width: number;
  /** By spin, sample, word: bit r of the words of a sample is row r. */
  readonly #words: Uint32Array;
  /** Ones where there is a row. */
  readonly #rowMask: Uint32Array;

  constructor(o: {
    readonly spins: number;
    readonly rows: number;
    readonly samples: number;
    readonly bits: Uint8Array;
  }) {
    const { spins, rows, samples, bits } = o;
    this.spins = spins;
    this.rows = rows;
    this.samples = samples;
    const width = Math.ceil(rows / 32);
    this.#width = width;
    this.#words = new Uint32Array(spins * samples * width);
    this.#rowMask = Uint32Array.from({ length: width }, (_, w) =>
      32 * (w + 1) <= rows ? 0xffffffff : 2 ** (rows - 32 * w) - 1,
    );
    for (let at = 0, sample = 0; sample < samples; sample++) {
      for (let row = 0; row < rows; row++) {
        for (let spin = 0; spin < spins; spin++, at++) {
          const word = (spin * samples + sample) * width + (row >>> 5);
          this.#words[word] = (this.#words[word] as number) | ((bits[at] as number) << (row & 31));
        }
      }
    }
  }

  /** Samples and rows in which a spin is up. */
  ups(spin: number): number {
    const length = this.samples * this.#width;
    let count = 0;
    for (let n = spin * length; n < (spin + 1) * length; n++) count += ones(this.#words[n] as number);
    return count;
  }

  /** How often spin `a` agrees with spin `b` `lag` samples later in the same row; of (samples − lag) · rows. */
  agreements(a: number, b: number, lag: number): number {
    const length = this.samples * this.#width;
    const count = (this.samples - lag) * this.#width;
    const [x, y] = [a * length, b * length + lag * this.#width];
    let agreements = 0;
    for (let n = 0; n < count; n++) {
      const mask = this.#rowMask[n % this.#width] as number;
      agreements += ones(~((this.#words[x + n] as number) ^ (this.#words[y + n] as number)) & mask);
    }
    return agreements;
  }
}

export async function coinHistory(coins: LoadedProbe, o: TossRun, random: RandomStream): Promise<CoinHistory> {
  return new CoinHistory(await tosses(coins, o, random));
}

/** Set bits of a word. */
function ones(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
