/**
 * The suite's own random numbers: Philox4x32-10 (Salmon et al. 2011) in counter mode. Every stream is named, and its numbers depend on the seed of
 * the suite and on its name alone, so that a case can be replayed by itself.
 */

import { philoxInto } from './philox-into.ts';

const [m0, m1] = [0xd2511f53, 0xcd9e8d57];
const [w0, w1] = [0x9e3779b9, 0xbb67ae85];

/** One block of Philox4x32-10. */
export function philoxBlock(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): readonly [number, number, number, number] {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const p0 = BigInt(c0) * BigInt(m0);
    const p1 = BigInt(c2) * BigInt(m1);
    const [hi0, lo0] = [Number(p0 >> 32n), Number(p0 & 0xffffffffn)];
    const [hi1, lo1] = [Number(p1 >> 32n), Number(p1 & 0xffffffffn)];
    [c0, c1, c2, c3] = [(hi1 ^ c1 ^ k0) >>> 0, lo1, (hi0 ^ c3 ^ k1) >>> 0, lo0];
    k0 = (k0 + w0) >>> 0;
    k1 = (k1 + w1) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** FNV-1a-64 of a name: which stream. */
function hashOf(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text))
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return hash;
}

export class RandomStream {
  readonly seed: bigint;
  readonly name: string;
  readonly #key: readonly [number, number];
  readonly #stream: readonly [number, number];
  /** The words of one block, of which those from `#next` on are left. */
  readonly #words = new Uint32Array(4);
  #block = 0;
  #next = 4;

  constructor(seed: bigint, name: string) {
    this.seed = seed;
    this.name = name;
    this.#key = [Number(seed & 0xffffffffn), Number((seed >> 32n) & 0xffffffffn)];
    const hash = hashOf(name);
    this.#stream = [Number(hash & 0xffffffffn), Number(hash >> 32n)];
  }

  /** A stream of its own. */
  fork(name: string): RandomStream {
    return new RandomStream(this.seed, `${this.name}/${name}`);
  }

  /** 32 random bits, unsigned. */
  word(): number {
    if (this.#next === 4) this.#refill();
    return this.#words[this.#next++] as number;
  }

  /** 64 random bits. */
  bits64(): bigint {
    return (BigInt(this.word()) << 32n) | BigInt(this.word());
  }

  /** 0 ≤ x < 1, 53 bits. */
  uniform(): number {
    return ((this.word() >>> 5) * 67108864 + (this.word() >>> 6)) / 9007199254740992;
  }

  /** min … max, both included. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.uniform() * (max - min + 1));
  }

  chance(p: number): boolean {
    return this.uniform() < p;
  }

  sign(): 1 | -1 {
    return this.word() >>> 31 === 0 ? 1 : -1;
  }

  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError('nothing to pick from');
    return list[this.integer(0, list.length - 1)] as T;
  }

  shuffled<T>(list: readonly T[]): T[] {
    const out = [...list];
    for (let n = out.length - 1; n > 0; n--) {
      const other = this.integer(0, n);
      [out[n], out[other]] = [out[other] as T, out[n] as T];
    }
    return out;
  }

  #refill(): void {
    const [low, high] = this.#stream;
    const [k0, k1] = this.#key;
    const block = this.#block++;
    philoxInto(this.#words, block, Math.floor(block / 2 ** 32), low, high, k0, k1);
    this.#next = 0;
  }
}
