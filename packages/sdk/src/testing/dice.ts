/** Reproducible choices for generated tests: the same seed makes the same program on every machine. */
import { philox4x32 } from '../law/philox.ts';

export class Dice {
  readonly #key: readonly [number, number];
  readonly #words = new Uint32Array(4);
  #drawn = 0;

  /** `seed` is any integer; `stream` separates uses of one seed. */
  constructor(seed: number, stream = 0) {
    this.#key = [seed >>> 0, stream >>> 0];
  }

  /** 32 random bits. */
  word(): number {
    const lane = this.#drawn & 3;
    if (lane === 0) philox4x32(this.#drawn >>> 2, 0x64696365, 0, 0, this.#key[0], this.#key[1], this.#words);
    this.#drawn++;
    return this.#words[lane] as number;
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return this.word() / 2 ** 32;
  }

  /** Uniform integer, both ends included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.uniform() * (high - low + 1));
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** One element of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError('nothing to pick from');
    return list[this.integer(0, list.length - 1)] as T;
  }

  /** The list in random order. */
  shuffled<T>(list: readonly T[]): T[] {
    const keyed = list.map((value) => ({ value, key: this.uniform() }));
    return keyed.sort((a, b) => a.key - b.key).map((entry) => entry.value);
  }

  /** Standard normal (Box–Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** 64 random bits. */
  bits64(): bigint {
    return (BigInt(this.word()) << 32n) | BigInt(this.word());
  }
}
