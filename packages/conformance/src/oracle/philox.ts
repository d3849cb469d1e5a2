/**
 * Random numbers of the law (semantics 5): Philox4x32-10 on (spinIndex ≫ 3, sweep, image, block and chain), eight 16-bit numbers a block. In
 * 32-bit arithmetic; the BigInt form that it is tested against is `philoxBlock` of random/random-stream.ts.
 */
import type { BlockStructure } from './block-structure.ts';

/** The numbers of one row and sweep. */
export interface DrawKey {
  /** 64 bits. */
  readonly seed: bigint;
  /** Block.index */
  readonly block: number;
  readonly image: number;
  /** Global number. */
  readonly chain: number;
  /** 0 for the initial state, then sweepOffset + t. */
  readonly sweep: number;
}

/** Low and high word of a seed. */
export function keyWords(seed: bigint): readonly [number, number] {
  return [Number(seed & 0xffffffffn), Number((seed >> 32n) & 0xffffffffn)];
}

/** (blockIndex ≪ 24) | chain, unsigned: counter word 3. */
export function blockAndChain(block: number, chain: number): number {
  return ((block << 24) | chain) >>> 0;
}

/** One Philox block into `out`: counter words c0 … c3, key words k0 and k1, all as 32-bit patterns, signed or not. */
export function philoxInto(
  out: Uint32Array,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
): void {
  let [x0, x1, x2, x3, key0, key1] = [c0, c1, c2, c3, k0, k1];
  for (let round = 0; round < 10; round++) {
    const high0 = mulHigh(x0, 0xd251, 0x1f53);
    const high1 = mulHigh(x2, 0xcd9e, 0x8d57);
    const low0 = Math.imul(x0, 0xd2511f53);
    const low1 = Math.imul(x2, 0xcd9e8d57);
    x0 = high1 ^ x1 ^ key0;
    x1 = low1;
    x2 = high0 ^ x3 ^ key1;
    x3 = low0;
    key0 = (key0 + 0x9e3779b9) | 0;
    key1 = (key1 + 0xbb67ae85) | 0;
  }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
}

/** High word of a·(bHigh·2^16 + bLow), by halves: every sum below stays under 2^32. */
function mulHigh(a: number, bHigh: number, bLow: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) >>> 0;
  const carry = (Math.imul(aLow, bHigh) + (middle & 0xffff)) >>> 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (carry >>> 16)) | 0;
}

/** Draws of the free spins of a block, by flat number. */
export class BlockDraws {
  /** c0 of every Philox block that has a free spin. */
  readonly #groups: Uint32Array;
  /** Flat number of the free spin in every lane of every group, or −1. */
  readonly #lanes: Int32Array;
  readonly #words = new Uint32Array(4);

  constructor({ banks, spinIndex }: Pick<BlockStructure, 'banks' | 'spinIndex'>) {
    const lanes = new Map<number, number[]>();
    for (const { free, first, spins } of banks) {
      for (let spin = first; free && spin < first + spins; spin++) {
        const index = spinIndex[spin] as number;
        const group = lanes.get(index >>> 3) ?? new Array<number>(8).fill(-1);
        group[index & 7] = spin;
        lanes.set(index >>> 3, group);
      }
    }
    this.#groups = Uint32Array.from(lanes.keys());
    this.#lanes = Int32Array.from([...lanes.values()].flat());
  }

  /** r of every free spin into `draws`, 0 … 65535; entries of pinned spins stay as they are. */
  fill(draws: Uint16Array, { seed, block, image, chain, sweep }: DrawKey): void {
    this.fillWords(draws, keyWords(seed), sweep, image, blockAndChain(block, chain));
  }

  /** The same from key words and counter words 1 to 3. */
  fillWords(draws: Uint16Array, key: readonly [number, number], c1: number, c2: number, c3: number): void {
    const [words, groups, lanes] = [this.#words, this.#groups, this.#lanes];
    for (let group = 0; group < groups.length; group++) {
      philoxInto(words, groups[group] as number, c1, c2, c3, key[0], key[1]);
      for (let lane = 0; lane < 8; lane++) {
        const spin = lanes[8 * group + lane] as number;
        if (spin >= 0) draws[spin] = ((words[lane >>> 1] as number) >>> (16 * (lane & 1))) & 0xffff;
      }
    }
  }
}
