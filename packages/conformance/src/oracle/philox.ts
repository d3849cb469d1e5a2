/**
 * Random numbers of the law (semantics 5): Philox4x32-10 on (spinIndex ≫ 3, sweep, image, block and chain), eight 16-bit numbers a block.
 */
import { philoxInto } from '../random/philox-into.ts';
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

/** Draws of the free spins of a block, by flat number. */
export class BlockDraws {
  /** c0 of every Philox block that has a free spin. */
  readonly groups: Uint32Array;
  /** Flat number of the free spin in every lane of every group, or −1. */
  readonly lanes: Int32Array;
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
    this.groups = Uint32Array.from(lanes.keys());
    this.lanes = Int32Array.from([...lanes.values()].flat());
  }

  /** r of every free spin into `draws`, 0 … 65535; entries of pinned spins stay as they are. */
  fill(draws: Uint16Array, { seed, block, image, chain, sweep }: DrawKey): void {
    this.fillWords(draws, keyWords(seed), sweep, image, blockAndChain(block, chain));
  }

  /** The same from key words and counter words 1 to 3. */
  fillWords(draws: Uint16Array, key: readonly [number, number], c1: number, c2: number, c3: number): void {
    const [words, groups, lanes] = [this.#words, this.groups, this.lanes];
    for (let group = 0; group < groups.length; group++) {
      philoxInto(words, groups[group] as number, c1, c2, c3, key[0], key[1]);
      for (let lane = 0; lane < 8; lane++) {
        const spin = lanes[8 * group + lane] as number;
        if (spin >= 0) draws[spin] = ((words[lane >>> 1] as number) >>> (16 * (lane & 1))) & 0xffff;
      }
    }
  }
}
