/** Random records and states in a kernel memory: what the tests of the sparse kernels share. */
import { Dice } from '@isinglass/sdk/testing';
import { kernelMemory } from '../src/load-kernels.ts';
import { rowsPerTile } from '../src/row-lanes.ts';
import type { KernelMemory } from '../src/web-assembly.ts';

/** One color: some slots of a bank are updated, others give; for `sameBank` both are of one bank. */
export interface RandomSparse {
  readonly memory: KernelMemory;
  readonly dice: Dice;
  readonly records: number;
  readonly spins: number;
  readonly slots: number;
  readonly giver: number;
  readonly masks: number;
  /** Bytes from tile to tile, of giver and masks alike. */
  readonly maskTile: number;
  /** Σ|w| by record. */
  readonly bases: readonly number[];
  /** Room at a fresh 16-byte boundary. */
  allocate(bytes: number): number;
}

export interface RandomSparseOptions {
  readonly seed: number;
  readonly kind: 'equal' | 'weighted';
  readonly tiles: number;
  /** At most; equal records have at most 15. */
  readonly degreeMax: number;
  readonly largestWeight: number;
}

const pages = 64;

export function randomSparse(o: RandomSparseOptions): RandomSparse {
  const dice = new Dice(o.seed);
  const memory = kernelMemory({ initial: pages, maximum: pages });
  const view = new DataView(memory.buffer);
  let top = 1024;
  const allocate = (bytes: number): number => {
    const at = top;
    top += 16 * Math.ceil(bytes / 16);
    if (top > memory.buffer.byteLength) throw new RangeError('the test needs more pages');
    return at;
  };

  const slots = 4 * dice.integer(2, 12);
  const sameBank = dice.chance(0.5);
  const maskTile = 16 * slots + 16 * dice.integer(0, 3);
  const masks = allocate(o.tiles * maskTile);
  const giver = sameBank ? masks : allocate(o.tiles * maskTile);
  for (const bank of [masks, giver]) {
    for (let n = 0; n < o.tiles * maskTile; n++) view.setUint8(bank + n, dice.chance(0.5) ? 0xff : 0);
  }
  const updated = Array.from({ length: slots }, (_, slot) => slot).filter((slot) => slot === 0 || dice.chance(0.6));
  const givers = Array.from({ length: slots }, (_, slot) => slot).filter(
    (slot) => !sameBank || !updated.includes(slot),
  );

  const words: number[] = [];
  const bases: number[] = [];
  for (const slot of updated) {
    const degree = givers.length === 0 ? 0 : dice.integer(0, o.degreeMax);
    const neighbours = Array.from({ length: degree }, () => 16 * dice.pick(givers));
    words.push(16 * slot, 32 * dice.integer(0, slots - 1));
    bases.push((o.kind === 'equal' ? pushEqual : pushWeighted)(words, dice, neighbours, o.largestWeight));
  }
  const records = allocate(4 * words.length);
  words.forEach((word, n) => {
    view.setUint32(records + 4 * n, word, true);
  });
  return { memory, dice, records, spins: updated.length, slots, giver, masks, maskTile, bases, allocate };
}

function pushEqual(words: number[], dice: Dice, neighbours: readonly number[], largest: number): number {
  const weight = dice.integer(1, largest);
  const positive = dice.integer(0, neighbours.length);
  words.push(positive + (neighbours.length - positive) * 65536, weight, ...neighbours);
  return weight * neighbours.length;
}

function pushWeighted(words: number[], dice: Dice, neighbours: readonly number[], largest: number): number {
  const entries = neighbours.map((masks) => ({ masks, w: dice.integer(-largest, largest) }));
  const segments: (typeof entries)[] = [[]];
  let sum = 0;
  for (const entry of entries) {
    sum += Math.abs(entry.w);
    // Segments end where they must, and now and then before.
    if (sum > 255 || dice.chance(0.05)) {
      segments.push([]);
      sum = Math.abs(entry.w);
    }
    segments.at(-1)?.push(entry);
  }
  const base = entries.reduce((total, { w }) => total + Math.abs(w), 0);
  words.push(segments.length, base);
  for (const segment of segments) {
    words.push(segment.length, fourTimes(segment.reduce((total, { w }) => total + Math.max(0, -w), 0)));
    for (const { masks, w } of segment) words.push(masks, fourTimes(w & 0xff));
  }
  return base;
}

const fourTimes = (byte: number): number => byte * 0x01010101;

/** Fills `count` numbers of 16 bits from a few values, so that equal ones meet. */
export function fillFromPool(view: DataView, dice: Dice, at: number, count: number, pool: readonly number[]): void {
  for (let n = 0; n < count; n++) view.setInt16(at + 2 * n, dice.pick(pool), true);
}

/** Lanes of a tile that are rows, as bits. */
export function randomRows(dice: Dice): number {
  return dice.chance(0.5) ? 0xffff : 2 ** dice.integer(1, rowsPerTile) - 1;
}
