/** A block as small-sweeps reads it: all free spins by place, neighbours as lists, whatever the couplings' form. No GPU is needed for it. */
import { couplingView } from '@isinglass/sdk';
import type { GpuBank, GpuBlock } from '../block/gpu-block.ts';

export interface SmallBlock {
  /** Places of a row: the spins of free banks in declared order, each bank padded to whole words. */
  readonly places: number;
  /** Place of spin 0 of a free bank, by index of the bank. */
  readonly firstPlace: ReadonlyMap<number, number>;
  /** Four words an item: octet of places, bits of it that have the color, its counter word c0, 0. In the order of colors. */
  readonly items: Uint32Array<ArrayBuffer>;
  /** First item of each color, and the number of items. */
  readonly colorStarts: readonly number[];
  /** See the kernel. */
  readonly lists: Uint32Array<ArrayBuffer>;
  /** Ids of couplings in the order of their numbers in the lists. */
  readonly couplings: readonly string[];
  /** Neighbours of all spins. */
  readonly entries: number;
}

/** Octets of one workgroup's rows: 8 KiB, half of what every implementation has. */
export const octetsStagedMax = 2048;
/** Beyond this, the field kernels are faster than a workgroup for each row. */
const entriesMax = 2 ** 16;
/** A list says which coupling it is of in 8 bits. */
const couplingsMax = 255;

/** Places of a row, whether the block is small or not. */
export function placesOf({ banks }: Pick<GpuBlock, 'banks'>): number {
  return banks.reduce((sum, bank) => (bank.free ? sum + 32 * bank.words : sum), 0);
}

/** Whether many sweeps of this block are one dispatch. */
export function isSmall(block: GpuBlock): boolean {
  // A sum of floats depends on its order: all starts and continuations of the real law go one way.
  if (block.law === 'real') return false;
  const entries = block.banks.reduce(
    (sum, bank) => sum + bank.spins * bank.fromFree.reduce((degree, influence) => degree + influence.degree, 0),
    0,
  );
  return (
    placesOf(block) <= 8 * octetsStagedMax && entries <= entriesMax && block.block.couplings.length <= couplingsMax
  );
}

/** Yields after each bank. */
export function* smallBlock(block: GpuBlock): Generator<void, SmallBlock, void> {
  const free = block.banks.filter((bank) => bank.free);
  const firstPlace = new Map<number, number>();
  let places = 0;
  for (const bank of free) {
    firstPlace.set(bank.index, places);
    places += 32 * bank.words;
  }
  const lists: number[] = new Array<number>(places).fill(places);
  // Spins of no color are padding: their list is empty, and it is never read.
  lists.push(0);
  let entries = 0;
  for (const bank of free) {
    const views = bank.fromFree.map(({ coupling }) => couplingView(coupling, block.block, block.program.tensors));
    for (let spin = 0; spin < bank.spins; spin++) {
      const found = bank.fromFree.flatMap(({ coupling, side, giver }, n) => {
        const first = firstPlace.get(giver) as number;
        const neighbours = [...(views[n]?.neighbours(side, spin) ?? [])].filter(([, weight]) => weight !== 0);
        entries += neighbours.length;
        const number = block.block.couplings.indexOf(coupling);
        const head = number * 2 ** 24 + neighbours.length;
        return neighbours.length === 0
          ? []
          : [[head, ...neighbours.map(([other, weight]) => (first + other) * 256 + (weight & 255))]];
      });
      if (found.length === 0) continue;
      lists[(firstPlace.get(bank.index) as number) + spin] = lists.length;
      lists.push(found.length);
      for (const list of found) for (const word of list) lists.push(word);
    }
    yield;
  }
  return {
    places,
    firstPlace,
    ...itemsOf(block, firstPlace),
    lists: Uint32Array.from(lists),
    couplings: block.block.couplings.map(({ id }) => id),
    entries,
  };
}

function itemsOf(
  { colors }: GpuBlock,
  firstPlace: ReadonlyMap<number, number>,
): Pick<SmallBlock, 'items' | 'colorStarts'> {
  const items: number[] = [];
  const colorStarts: number[] = [];
  for (const parts of colors) {
    colorStarts.push(items.length / 4);
    for (const { bank, spins } of parts) {
      for (const [octet, bits] of octetsOf(bank, spins)) {
        items.push((firstPlace.get(bank.index) as number) / 8 + octet, bits, bank.offset / 8 + octet, 0);
      }
    }
  }
  colorStarts.push(items.length / 4);
  return { items: Uint32Array.from(items), colorStarts };
}

/** Octets with the bits of these spins (null: all of the bank). */
function octetsOf({ spins: count }: GpuBank, spins: Uint32Array<ArrayBuffer> | null): ReadonlyMap<number, number> {
  const octets = new Map<number, number>();
  for (let n = 0; n < (spins?.length ?? count); n++) {
    const spin = spins === null ? n : (spins[n] as number);
    octets.set(spin >>> 3, (octets.get(spin >>> 3) ?? 0) | (1 << (spin & 7)));
  }
  return octets;
}
