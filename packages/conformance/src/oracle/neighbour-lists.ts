/** Neighbours of every spin as typed arrays, so that a field is a few loops: what the fast forms of the law are made of. */
import type { BlockStructure } from './block-structure.ts';

/**
 * A term is one coupling's sum over one spin's neighbours, both directions together. Terms of spin i: termStart[i] … termStart[i + 1] − 1;
 * links of term t: linkStart[t] … linkStart[t + 1] − 1.
 */
export interface NeighbourLists {
  readonly termStart: Int32Array;
  /** Number of the coupling in the block. */
  readonly coupling: Int32Array;
  readonly linkStart: Int32Array;
  readonly neighbour: Int32Array;
  readonly weight: Float64Array;
}

/** Lists of every spin, pinned ones too; a spin's terms are in the order of the couplings, its links in stored order. */
export function neighbourLists({ spins, couplings }: BlockStructure): NeighbourLists {
  const terms: Map<number, { neighbour: number; w: number }[]>[] = Array.from({ length: spins }, () => new Map());
  for (const [n, { pairs }] of couplings.entries()) {
    for (const { a, b, w } of pairs) {
      for (const [spin, neighbour] of [
        [a, b],
        [b, a],
      ] as const) {
        const term = terms[spin]?.get(n) ?? [];
        term.push({ neighbour, w });
        terms[spin]?.set(n, term);
      }
    }
  }
  const all = terms.flatMap((ofSpin) => [...ofSpin]);
  const links = all.flatMap(([, list]) => list);
  return {
    termStart: starts(terms.map((ofSpin) => ofSpin.size)),
    coupling: Int32Array.from(all, ([n]) => n),
    linkStart: starts(all.map(([, list]) => list.length)),
    neighbour: Int32Array.from(links, (link) => link.neighbour),
    weight: Float64Array.from(links, (link) => link.w),
  };
}

/** Where every list begins, and the end of the last. */
function starts(lengths: readonly number[]): Int32Array {
  const out = new Int32Array(lengths.length + 1);
  for (const [n, length] of lengths.entries()) out[n + 1] = (out[n] as number) + length;
  return out;
}
