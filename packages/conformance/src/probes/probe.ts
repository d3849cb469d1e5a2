/**
 * A probe: a small Ising problem of two colors that a check knows the exact law of. It says nothing about banks, forms or signs: those are
 * chosen when it is loaded, at random, so that no device can recognise it (see disguise.ts).
 */

export interface Probe {
  readonly name: string;
  /** Color of every free spin: 0 is updated first, then 1. */
  readonly colors: readonly (0 | 1)[];
  /** Couplings between free spins of different colors; J = scale · w. */
  readonly edges: readonly Edge[];
  /** Pinned spins, and their couplings to free ones. */
  readonly pinned: number;
  readonly pinnedEdges: readonly PinnedEdge[];
  /** Units of k_B·T per unit of w. */
  readonly scale: number;
  /** h of every free spin, in units of k_B·T. */
  readonly fields: readonly number[];
  /** h of every pinned spin, which must have no effect (semantics 1.8). Default: none. */
  readonly pinnedFields?: readonly number[];
  /** β at b = 65536. Default 1. */
  readonly beta?: number;
}

export interface Edge {
  readonly a: number;
  readonly b: number;
  /** −127 … 127, not 0. */
  readonly w: number;
}

export interface PinnedEdge {
  readonly free: number;
  readonly pinned: number;
  readonly w: number;
}

/** Free spins. */
export const spinsOf = ({ colors }: Probe): number => colors.length;
