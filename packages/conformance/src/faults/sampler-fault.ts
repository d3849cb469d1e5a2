/**
 * Faults inside the update, as data: what a wrapper around a device cannot plant. Sizes are parameters, so that every fault has a twin that is
 * too small to see. Numbers of spins, links and colors are taken modulo how many the block has, in declared order, so that a fault has a place
 * in every program; where a block has none of the kind, the fault does nothing there.
 */

export type SamplerFault =
  | BetaFault
  | OrderFault
  | StaleNeighbourFault
  | FrozenFault
  | EdgeFault
  | CouplingFault
  | SelfCouplingFault
  | FieldFault
  | PinFault
  | ActivationFault
  | UniformFault
  | DriftFault;

/** β times `factor`; or every temperature read as 65536. */
export type BetaFault =
  | { readonly kind: 'beta-scale'; readonly factor: number }
  | { readonly kind: 'temperature-ignored' };

export type OrderFault =
  /** All free spins from the state before the sweep. */
  | { readonly kind: 'order'; readonly order: 'simultaneous' }
  | { readonly kind: 'order'; readonly order: 'reversed' }
  /** As many updates as there are free spins, of spins at random. */
  | { readonly kind: 'order'; readonly order: 'random-scan' }
  /** The color is not updated in sweeps that are multiples of `period`. */
  | { readonly kind: 'order'; readonly order: 'skip-color'; readonly color: number; readonly period: number };

/** One spin reads one neighbour of an earlier color as it was before the sweep. */
export interface StaleNeighbourFault {
  readonly kind: 'stale-neighbour';
  readonly link: number;
}

/** A free spin is never updated; `at`: and stuck at this value. */
export interface FrozenFault {
  readonly kind: 'frozen';
  readonly spin: number;
  readonly at?: 1 | -1;
}

export type EdgeFault =
  /** `dropped`: neither of two free neighbours feels the other. `one-way`: the second feels the first, but not the other way. */
  | { readonly kind: 'edge'; readonly change: 'dropped' | 'one-way'; readonly edge: number }
  /** Two free spins of different colors that are no neighbours feel each other; `strength` in k_B·T. */
  | { readonly kind: 'edge'; readonly change: 'added'; readonly edge: number; readonly strength: number };

/** Every coupling times `factor`, or rounded to multiples of `step` in k_B·T. */
export type CouplingFault =
  | { readonly kind: 'coupling'; readonly change: 'scaled'; readonly factor: number }
  | { readonly kind: 'coupling'; readonly change: 'rounded'; readonly step: number; readonly toward: RoundingRule };

export type RoundingRule = 'zero' | 'floor' | 'nearest';

/** A field of strength·s_i in k_B·T on the spin itself; without `spin`, on all free spins. */
export interface SelfCouplingFault {
  readonly kind: 'self-coupling';
  readonly strength: number;
  readonly spin?: number;
}

export type FieldFault =
  /** Of one free spin that has a bias. */
  | { readonly kind: 'field'; readonly change: 'sign'; readonly spin: number }
  | { readonly kind: 'field'; readonly change: 'ignored' }
  | { readonly kind: 'field'; readonly change: 'scaled'; readonly factor: number }
  | { readonly kind: 'field'; readonly change: 'rounded'; readonly step: number; readonly toward: RoundingRule }
  /** `by` in k_B·T; without `spin`, on all free spins. */
  | { readonly kind: 'field'; readonly change: 'offset'; readonly by: number; readonly spin?: number };

export type PinFault =
  /** Pinned spins are updated like free ones, at the end of every sweep. */
  | { readonly kind: 'pin'; readonly change: 'released' }
  /** Every pinned spin is read the other way in a sweep with this probability. */
  | { readonly kind: 'pin'; readonly change: 'leak'; readonly probability: number }
  /** A pinned spin's own bias is added to the field of its neighbours. */
  | { readonly kind: 'pin'; readonly change: 'lends-bias' };

export type ActivationFault =
  /** P looked up by βf in `entries` bins over −limit … limit, at the lower end or the middle of the bin; clipped outside. */
  | {
      readonly kind: 'activation';
      readonly change: 'table';
      readonly entries: number;
      readonly limit: number;
      readonly at: 'floor' | 'middle';
    }
  /** (1 + βf)/2 between 0 and 1. */
  | { readonly kind: 'activation'; readonly change: 'hard' }
  /** Φ(2βf/1.702), at most 0.0095 from the logistic function. */
  | { readonly kind: 'activation'; readonly change: 'probit' }
  /** βf clamped to −limit … limit. */
  | { readonly kind: 'activation'; readonly change: 'clamp'; readonly limit: number }
  /** Added to P, which stays in 0 … 1. */
  | { readonly kind: 'activation'; readonly change: 'bias'; readonly by: number }
  /** P rounded to this many bits. */
  | { readonly kind: 'activation'; readonly change: 'bits'; readonly bits: number }
  /** u ≤ P instead of u < P. */
  | { readonly kind: 'activation'; readonly change: 'or-equal' };

export type UniformFault =
  /** Only the upper bits of the random number are there. */
  | { readonly kind: 'uniform'; readonly change: 'bits'; readonly bits: number }
  /** One random number for all spins of a color. */
  | { readonly kind: 'uniform'; readonly change: 'shared-in-color' }
  /** A spin takes the number of its first free neighbour with this probability. */
  | { readonly kind: 'uniform'; readonly change: 'shared-by-neighbours'; readonly probability: number }
  /** A spin takes its number of the sweep before with this probability. */
  | { readonly kind: 'uniform'; readonly change: 'lag'; readonly probability: number }
  /** Every spin has a shift register of its own, seeded; 16 steps a draw. */
  | { readonly kind: 'uniform'; readonly change: 'lfsr'; readonly bits: 16 | 32 }
  /** All spins of a row read one 32-bit shift register, each `sweeps` sweeps ahead of the one before. */
  | { readonly kind: 'uniform'; readonly change: 'phase-shifted-lfsr'; readonly sweeps: number }
  /** Draws of a row, in the order of updates, repeat after `draws`, a multiple of 8. */
  | { readonly kind: 'uniform'; readonly change: 'period'; readonly draws: number }
  /** Chains with global numbers below `chains` use the numbers of chain 0. */
  | { readonly kind: 'uniform'; readonly change: 'shared-by-chains'; readonly chains: number };

export type DriftFault =
  /** β grows by this share per 10^6 updates that the machine has made since it was opened. */
  | { readonly kind: 'drift'; readonly of: 'beta'; readonly perMillionUpdates: number }
  /** The field of one free spin grows by this, in k_B·T per 10^6 updates. */
  | { readonly kind: 'drift'; readonly of: 'field'; readonly spin: number; readonly perMillionUpdates: number };
