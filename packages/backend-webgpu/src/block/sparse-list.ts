/** A sparse or diagonal coupling as sparse-field reads it: listed spins, for each its neighbours with their weights. */
import type { CouplingView, Side } from '@isinglass/sdk';
import type { GpuBlock } from './gpu-block.ts';

/** A column has 24 bits beside its weight. */
export const columnsMax = 2 ** 24;

/** Words of one neighbour. */
export function entryWordsOf(law: GpuBlock['law']): number {
  return law === 'fixed' ? 1 : 2;
}

export interface SparseList {
  /** Pairs: first entry, spin; one more pair at the end. */
  readonly list: Uint32Array<ArrayBuffer>;
  /** Fixed law: column·256 + the weight as a byte. Real law: two words, the column and the bits of the weight. */
  readonly entries: Uint32Array<ArrayBuffer>;
  /** The largest Σ|w| of one listed spin. */
  readonly sumMax: number;
}

const spinsPerSlice = 2 ** 9;

/** `spins`: rising; null: all of the bank. Yields now and then. */
export function* sparseList(
  view: CouplingView,
  { law, side }: { readonly law: GpuBlock['law']; readonly side: Side },
  spins: Uint32Array<ArrayBuffer> | null,
): Generator<void, SparseList, void> {
  const all = side === 'to' ? view.toCount : view.fromCount;
  const count = spins?.length ?? all;
  const list = new Uint32Array(2 * (count + 1));
  const entryWords = entryWordsOf(law);
  const entries = new Uint32Array(entryWords * (yield* entryCount(view, side, spins, count)));
  const floats = new Float32Array(entries.buffer);
  let [at, sumMax] = [0, 0];
  for (let n = 0; n < count; n++) {
    const spin = spins === null ? n : (spins[n] as number);
    list[2 * n] = at;
    list[2 * n + 1] = spin;
    let sum = 0;
    for (const [column, weight] of view.neighbours(side, spin)) {
      if (weight === 0) continue;
      sum += Math.abs(weight);
      if (law === 'fixed') entries[at] = column * 256 + (weight & 255);
      else {
        entries[2 * at] = column;
        floats[2 * at + 1] = weight;
      }
      at++;
    }
    sumMax = Math.max(sumMax, sum);
    if (n % spinsPerSlice === 0) yield;
  }
  list[2 * count] = at;
  return { list, entries, sumMax };
}

function* entryCount(
  view: CouplingView,
  side: Side,
  spins: Uint32Array<ArrayBuffer> | null,
  count: number,
): Generator<void, number, void> {
  let entries = 0;
  for (let n = 0; n < count; n++) {
    entries += view.degree(side, spins === null ? n : (spins[n] as number));
    if (n % spinsPerSlice === 0) yield;
  }
  return entries;
}
