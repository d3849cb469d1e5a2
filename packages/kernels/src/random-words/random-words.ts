/**
 * What `random-words.as.ts` computes, one row at a time: the scalar witness. Memory and addresses as there.
 *
 *     x = Philox4x32-10(counter, seed)        counter = (spinIndex ≫ 3, sweep, image, blockIndex ≪ 24 | chain)
 *     r = (x[(i ≫ 1) & 3] ≫ 16·(i & 1)) & 0xffff        written as r − 32768
 *
 * Products of 32 bits are whole here (bigint), so that none of the kernel's ways to split them is repeated.
 */
import { placeOfLane, rowsPerTile } from '../row-lanes.ts';
import { drawBytesPerBlock } from './random-words.exports.ts';

const M0 = 0xd2511f53n;
const M1 = 0xcd9e8d57n;
const W0 = 0x9e3779b9n;
const W1 = 0xbb67ae85n;
const mask = 0xffffffffn;
const rounds = 10;

/** Adds 2¹⁵ to, or takes it from, both 16-bit numbers of a word. */
const bias = 0x80008000n;

/** An unsigned 64-bit seed, low word first in memory and in calls. */
type Seed = bigint;

export function prepareKeys(memory: DataView, o: { readonly keys: number; readonly seed: Seed }): void {
  for (let round = 0; round < rounds; round++) {
    const [k0, k1] = roundKeys(o.seed, round);
    const turn = round === rounds - 1 ? bias : 0n;
    splat(memory, o.keys + 32 * round, k0 ^ turn);
    splat(memory, o.keys + 32 * round + 16, k1 ^ turn);
  }
  splat(memory, o.keys + 320, M0);
  splat(memory, o.keys + 336, M1);
  splat(memory, o.keys + 352, bias);
}

export interface PrepareCall {
  readonly prepared: number;
  readonly counters: number;
  readonly sweep: number;
  readonly seed: Seed;
}

/** Four numbers per row of which no spin takes part: after round 1, c0 and c1 are the same for all spins of a row. */
export function prepareDraws(memory: DataView, { prepared, counters, sweep, seed }: PrepareCall): void {
  const [first, second] = [roundKeys(seed, 0), roundKeys(seed, 1)];
  for (let place = 0; place < rowsPerTile; place++) {
    const c2 = BigInt(memory.getUint32(counters + 4 * place, true));
    const c3 = BigInt(memory.getUint32(counters + 64 + 4 * place, true));
    const c0 = high(c2 * M1) ^ BigInt(sweep) ^ first[0];
    const set = Math.floor(place / 4);
    const at = prepared + 64 * set + 4 * (place % 4);
    const numbers = [c3 ^ first[1], low(c2 * M1) ^ second[0], high(c0 * M0) ^ second[1], low(c0 * M0)];
    numbers.forEach((value, n) => {
      memory.setUint32(at + 16 * n, Number(value), true);
    });
  }
}

export interface DrawCall {
  readonly out: number;
  readonly counters: number;
  readonly sweep: number;
  readonly seed: Seed;
  readonly block: number;
  readonly blocks: number;
}

/** From the counters themselves, not from what was prepared of them. drawHalfRows: of the first 8 rows. */
export function drawRows(memory: DataView, call: DrawCall, rows = rowsPerTile): void {
  const { out, counters, sweep, seed, block, blocks } = call;
  for (let n = 0; n < blocks; n++) {
    for (let lane = 0; lane < rows; lane++) {
      const place = placeOfLane[lane] as number;
      const image = memory.getUint32(counters + 4 * place, true);
      const blockAndChain = memory.getUint32(counters + 64 + 4 * place, true);
      const words = philox([block + n, sweep, image, blockAndChain], seed);
      for (let spin = 0; spin < 8; spin++) {
        const r = Number(((words[spin >> 1] as bigint) >> BigInt(16 * (spin & 1))) & 0xffffn);
        memory.setInt16(out + drawBytesPerBlock * n + 32 * spin + 2 * place, r - 32768, true);
      }
    }
  }
}

/** The four words x of a counter. */
export function philox(counter: readonly number[], seed: Seed): readonly bigint[] {
  let [c0, c1, c2, c3] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
  for (let round = 0; round < rounds; round++) {
    const [k0, k1] = roundKeys(seed, round);
    const [p0, p1] = [c0 * M0, c2 * M1];
    [c0, c1, c2, c3] = [high(p1) ^ c1 ^ k0, low(p1), high(p0) ^ c3 ^ k1, low(p0)];
  }
  return [c0, c1, c2, c3];
}

function roundKeys(seed: Seed, round: number): readonly [k0: bigint, k1: bigint] {
  const n = BigInt(round);
  return [(seed + n * W0) & mask, ((seed >> 32n) + n * W1) & mask];
}

function splat(memory: DataView, at: number, value: bigint): void {
  for (let n = 0; n < 4; n++) memory.setUint32(at + 4 * n, Number(value), true);
}

const low = (product: bigint): bigint => product & mask;
const high = (product: bigint): bigint => product >> 32n;
