/** What a block takes on the GPU: closed forms, known before anything is allocated. Bytes of buffers; nothing else counts. */
import type { MemoryFootprint } from '@isinglass/sdk/machine-driver';
import { isSmall, placesOf } from '../small/small-block.ts';
import { bytesPerBlock, weightParts } from './conv-weights.ts';
import type { GpuBank, GpuBlock, Influence } from './gpu-block.ts';
import { productsOf } from './loaded-block.ts';
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

/** Rows from which on a dispatch fills a large GPU, for a block of one spin. */
const invocationsWanted = 2 ** 18;

export function gpuFootprint(
  block: GpuBlock,
  { packed, bindingBytesMax }: { readonly packed: boolean; readonly bindingBytesMax: number },
): GpuFootprint {
  const free = block.banks.filter((bank) => bank.free);
  const spins = free.reduce((sum, bank) => sum + bank.spins, 0);
  const largest = free.reduce((most, bank) => Math.max(most, bank.spins), 0);
  const spreadWords = (bank: GpuBank): number => (bank.spread ? bank.pixels * bank.pixelWords : 0);
  const stateBytes = block.banks.reduce((sum, bank) => sum + 4 * (bank.words + spreadWords(bank)), 0);
  const freeStateBytes = free.reduce((sum, bank) => sum + 4 * (bank.words + spreadWords(bank)), 0);
  const staticSpins = free.reduce((sum, bank) => sum + (bank.fromPinned.length > 0 ? bank.spins : 0), 0);
  const breaches: Breach[] = [];
  let loadedBytes = 4 * (2 ** 16 + 1);
  for (const bank of free) {
    loadedBytes += 4 * bank.words;
    for (const influence of [...bank.fromPinned, ...bank.fromFree]) {
      loadedBytes += influenceBytes(block, influence, packed);
      breaches.push(...breachesOf(block, influence, { packed, bindingBytesMax }));
    }
  }
  const small = smallFootprint(block);
  const widest = Math.max(
    (8 * small.bytesPerRow) / 13,
    4 * largest,
    ...free.map((bank) => 4 * meanPlanes * Math.max(bank.words, spreadWords(bank))),
  );
  return {
    loadedBytes: loadedBytes + small.loadedBytes,
    // Biases; uniforms and sweeps; staging.
    runBytes: 4 * spins + 2 ** 18 + 8 * 2 ** 20,
    // States; fields and the plain sums of the feed-forward start; static fields; both sums by row and by image; signs; planes of means.
    bytesPerRow:
      stateBytes +
      8 * largest +
      4 * staticSpins +
      16 * spins +
      freeStateBytes * (1 + meanPlanes) +
      64 +
      small.bytesPerRow,
    rowsPreferred: Math.max(1, Math.ceil(invocationsWanted / Math.max(1, spins))),
    bindingPerRow: widest,
    breaches,
  };
}

/** Beside the rest: lists of neighbours and items; padded places with their base, both sums, and a byte of state. */
function smallFootprint(block: GpuBlock): { readonly loadedBytes: number; readonly bytesPerRow: number } {
  if (!isSmall(block)) return { loadedBytes: 0, bytesPerRow: 0 };
  const places = placesOf(block);
  const entries = block.banks.reduce(
    (sum, bank) => sum + bank.spins * bank.fromFree.reduce((degree, influence) => degree + influence.degree + 1, 0),
    0,
  );
  return { loadedBytes: 4 * Math.ceil(entries + 3 * places), bytesPerRow: 13 * places };
}

function influenceBytes(block: GpuBlock, influence: Influence, packed: boolean): number {
  const { geometry, coupling, side } = influence;
  if (geometry !== null) {
    const products = productsOf(block, influence, packed);
    return bytesPerBlock(geometry, products) * geometry.groups * Math.ceil(geometry.receivers / 8);
  }
  const receivers = block.banks.find(({ bank }) => bank.id === coupling[side])?.spins ?? 0;
  // A coupling within one bank is stored once and listed at both ends.
  const listed = receivers * influence.degree * (coupling.from === coupling.to ? 2 : 1);
  return 8 * (receivers + 1) + Math.ceil(4 * listed);
}

function breachesOf(
  block: GpuBlock,
  influence: Influence,
  { packed, bindingBytesMax }: { readonly packed: boolean; readonly bindingBytesMax: number },
): readonly Breach[] {
  const { geometry, coupling, giver } = influence;
  const what = `coupling ${coupling.id}`;
  if (geometry !== null) {
    const products = productsOf(block, influence, packed);
    if (weightParts(geometry, products, bindingBytesMax) !== null) return [];
    const needed = bytesPerBlock(geometry, products);
    return [{ limit: 'maxStorageBufferBindingSize', needed, available: bindingBytesMax, what }];
  }
  const found: Breach[] = [];
  const columns = block.banks[giver]?.spins ?? 0;
  if (columns > columnsMax) found.push({ limit: 'columns', needed: columns, available: columnsMax, what });
  const needed = influenceBytes(block, influence, packed);
  if (needed > bindingBytesMax) {
    found.push({ limit: 'maxStorageBufferBindingSize', needed, available: bindingBytesMax, what });
  }
  return found;
}
