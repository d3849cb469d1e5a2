/** Bytes of the buffers of a loaded block: from counts, before anything is made. Stored zeros count here; lists leave them out. */
import { isSmall, placesOf } from '../small/small-block.ts';
import { bytesPerBlock } from './conv-weights.ts';
import type { ColorPart, GpuBank, GpuBlock, Influence } from './gpu-block.ts';
import { productsOf } from './loaded-block.ts';
import { entryWordsOf } from './sparse-list.ts';

export function loadedBytes(block: GpuBlock, packed: boolean): number {
  const parts = block.colors.flat();
  let bytes = tableBytes(block);
  for (const { bank } of parts) bytes += 4 * bank.words;
  for (const bank of block.banks) {
    const own = parts.filter((part) => part.bank === bank).map(spinsOf);
    for (const influence of bank.fromPinned) bytes += influenceBytes(block, influence, { lists: [bank.spins], packed });
    for (const influence of bank.fromFree) bytes += influenceBytes(block, influence, { lists: own, packed });
  }
  return bytes + (isSmall(block) ? smallBytes(block) : 0);
}

/** T has an entry for every field from −8·2^k to 8·2^k; a word under the real law. */
export function tableBytes({ block: { fixed } }: GpuBlock): number {
  return fixed === undefined ? 4 : 4 * (16 * 2 ** fixed.fractionBits + 1);
}

/** Weights of a convolution or matrix. */
export function weightBytes(block: GpuBlock, influence: Influence, packed: boolean): number {
  const { geometry } = influence;
  if (geometry === null) throw new TypeError(`coupling ${influence.coupling.id} is kept as lists`);
  const blocks = geometry.groups * Math.ceil(geometry.receivers / 8);
  return blocks * bytesPerBlock(geometry, productsOf(block, influence, packed));
}

/** All neighbours of a bank's spins in lists. */
export function entryBytes({ law }: GpuBlock, { degree }: Influence, { spins }: Pick<GpuBank, 'spins'>): number {
  return 4 * entryWordsOf(law) * Math.round(degree * spins);
}

/** Where the neighbours of each of so many spins begin. */
export function listBytes(spins: number): number {
  return 8 * (spins + 1);
}

function influenceBytes(
  block: GpuBlock,
  influence: Influence,
  { lists, packed }: { readonly lists: readonly number[]; readonly packed: boolean },
): number {
  if (influence.geometry !== null) return weightBytes(block, influence, packed);
  const spins = lists.reduce((sum, count) => sum + count, 0);
  // No buffer is empty.
  return entryBytes(block, influence, { spins }) + lists.reduce((sum, count) => sum + listBytes(count) + 4, 0);
}

/** Lists of all couplings by place, and items of four words. */
function smallBytes(block: GpuBlock): number {
  const items = block.colors.flat().reduce((sum, part) => sum + octetsOf(part), 0);
  const words = block.banks.reduce((sum, { spins, fromFree }) => {
    const perSpin = fromFree.reduce((degree, influence) => degree + 1 + influence.degree, 1);
    return sum + spins * perSpin;
  }, placesOf(block) + 1);
  return 16 * items + 4 * Math.ceil(words);
}

function spinsOf({ bank, spins }: ColorPart): number {
  return spins?.length ?? bank.spins;
}

function octetsOf({ bank, spins }: ColorPart): number {
  if (spins === null) return Math.ceil(bank.spins / 8);
  return spins.reduce(
    (count, spin, n) => (n > 0 && spin >>> 3 === (spins[n - 1] as number) >>> 3 ? count : count + 1),
    0,
  );
}
