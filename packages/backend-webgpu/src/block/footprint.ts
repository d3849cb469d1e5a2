/** What a block takes on the GPU: closed forms, known before anything is allocated. Bytes of buffers; nothing else counts. */
import type { MemoryFootprint } from '@isinglass/sdk/machine-driver';
import type { PieceSizes } from '../gpu/piece-sizes.ts';
import { isSmall, placesOf } from '../small/small-block.ts';
import { bytesPerBlock, weightParts } from './conv-weights.ts';
import type { GpuBank, GpuBlock, Influence } from './gpu-block.ts';
import { productsOf } from './loaded-block.ts';
import { entryBytes, listBytes, loadedBytes, tableBytes } from './loaded-bytes.ts';
import { columnsMax } from './sparse-list.ts';

/** Planes of the means of the feed-forward start: nine bits and the 1. */
export const meanPlanes = 10;

export interface GpuFootprint extends MemoryFootprint {
  /** The largest buffer that grows with rows, per row. */
  readonly bindingPerRow: number;
  /** Limits that the block breaks whatever the rows are. */
  readonly breaches: readonly Breach[];
}

export interface Breach {
  readonly limit: 'maxStorageBufferBindingSize' | 'columns';
  readonly needed: number;
  readonly available: number;
  readonly what: string;
}

export interface FootprintOptions {
  /** Whether four int8 are multiplied at once. */
  readonly packed: boolean;
  readonly pieces: PieceSizes;
}

/** Rows from which on a dispatch fills a large GPU, for a block of one spin. */
const invocationsWanted = 2 ** 18;

/** From one uniform to the next. */
const uniformBytes = 256;

export function gpuFootprint(block: GpuBlock, o: FootprintOptions): GpuFootprint {
  const free = block.banks.filter((bank) => bank.free);
  const spins = free.reduce((sum, bank) => sum + bank.spins, 0);
  const fields = fieldWayBytes(block.banks);
  const small = isSmall(block) ? smallWayBytes(block, o.pieces) : { run: 0, row: 0, widest: 0 };
  const { stagingBytesMax, collectedBytesMax, submitSweepsMax } = o.pieces;
  return {
    loadedBytes: loadedBytes(block, o.packed),
    // Uniforms; what is read back, at once and of states collected before.
    runBytes:
      Math.max(fields.run, small.run) +
      uniformBytes * (dispatchCount(block, o) + submitSweepsMax) +
      2 * stagingBytesMax +
      collectedBytesMax,
    bytesPerRow: Math.max(fields.row, small.row),
    rowsPreferred: Math.max(1, Math.ceil(invocationsWanted / Math.max(1, spins))),
    bindingPerRow: Math.max(fields.widest, small.widest),
    breaches: free.flatMap((bank) =>
      [...bank.fromPinned, ...bank.fromFree].flatMap((influence) => breachesOf(block, bank, influence, o)),
    ),
  };
}

/** What one of the ways to make sweeps takes beside uniforms and what is read back. */
interface WayBytes {
  /** Whatever the rows. */
  readonly run: number;
  /** For each row. */
  readonly row: number;
  /** For each row, in one buffer. */
  readonly widest: number;
}

/** No buffer is empty: so much for those that nothing reads, or that have nothing in them. */
const emptyBytes = 64;

/** Number of the image, count of flips. */
const countBytes = 12;

/** Of runs color by color. */
function fieldWayBytes(banks: readonly GpuBank[]): WayBytes {
  let run = emptyBytes;
  let row = countBytes;
  let [largest, widest] = [0, 0];
  for (const { free, words, spins, spread, pixels, pixelWords, fromPinned } of banks) {
    const spreadWords = spread ? pixels * pixelWords : 0;
    // States; those by pixel.
    row += 4 * (words + spreadWords);
    if (!free) continue;
    // Biases.
    run += 4 * spins;
    largest = Math.max(largest, spins);
    widest = Math.max(widest, 4 * spins, 4 * meanPlanes * Math.max(words, spreadWords));
    // The static field; both sums of rows, and those of images beside their signs; planes of means, in both orders; one state that is kept.
    row += (fromPinned.length > 0 ? 4 * spins : 0) + 12 * spins + 4 * words;
    row += 4 * meanPlanes * (words + spreadWords) + 4 * words;
  }
  // The field, and the plain sums of means.
  return { run, row: row + 8 * largest, widest };
}

/** Of runs of many sweeps in a dispatch. */
function smallWayBytes(block: GpuBlock, { dispatchSweepsMax }: PieceSizes): WayBytes {
  const places = placesOf(block);
  const pinned = block.banks.reduce(
    (sum, { free, words, pixels, pixelWords }) => (free ? sum : sum + 4 * (words + pixels * pixelWords)),
    0,
  );
  return {
    // Biases; T, first items of colors, multipliers, temperatures.
    run:
      emptyBytes +
      4 * places +
      tableBytes(block) +
      4 * (block.colors.length + 1) +
      8 * block.block.couplings.length +
      4 * dispatchSweepsMax,
    // 16 bytes a place: what the field begins with, both sums, those of images. 3 bits: signs, states, one state that is kept.
    row: countBytes + 17 * places + pinned,
    widest: 8 * places,
  };
}

/** Of a sweep with its kept states, and of the most that is made once beside it: static fields, a random start, a step of a feed-forward one. */
function dispatchCount(block: GpuBlock, o: FootprintOptions): number {
  const partsOf = (influence: Influence): number => {
    if (influence.geometry === null) return 1;
    return (
      weightParts(influence.geometry, productsOf(block, influence, o.packed), o.pieces.bindingBytesMax)?.length ?? 0
    );
  };
  const sum = (influences: readonly Influence[]): number =>
    influences.reduce((count, each) => count + partsOf(each), 0);
  const steps = block.colors
    .flat()
    .map(({ bank }) => ({ influences: bank.fromFree.length, fields: sum(bank.fromFree) }));
  const sweep = steps.reduce((count, { fields }) => count + fields + 2, 0);
  const means = steps.reduce((most, { influences, fields }) => Math.max(most, meanPlanes * fields + influences + 1), 0);
  const coins = 2 * steps.length;
  const statics = block.banks.reduce((count, { fromPinned }) => count + 1 + sum(fromPinned), 0);
  return sweep + block.banks.length + Math.max(means, statics, coins);
}

function breachesOf(block: GpuBlock, bank: GpuBank, influence: Influence, o: FootprintOptions): readonly Breach[] {
  const { geometry, coupling, giver } = influence;
  const { bindingBytesMax } = o.pieces;
  const what = `coupling ${coupling.id}`;
  const binding = (needed: number): readonly Breach[] =>
    needed <= bindingBytesMax
      ? []
      : [{ limit: 'maxStorageBufferBindingSize', needed, available: bindingBytesMax, what }];
  if (geometry !== null) return binding(bytesPerBlock(geometry, productsOf(block, influence, o.packed)));
  const columns = block.banks[giver]?.spins ?? 0;
  return [
    ...(columns > columnsMax ? [{ limit: 'columns', needed: columns, available: columnsMax, what } as const] : []),
    ...binding(Math.max(entryBytes(block, influence, bank), listBytes(bank.spins))),
  ];
}
