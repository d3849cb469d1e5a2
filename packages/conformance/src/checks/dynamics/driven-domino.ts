/**
 * A row of dominoes that needs no pin: a path with J = h = strength whose first spin has twice the field, so that it goes up by itself. From all −1,
 * β f = strength · (left + right + 1) is −strength while both neighbours are down and +strength as soon as the left one is up, so that ups advance from the
 * first spin by one spin in every color step. Nothing is left to chance but e^(−2·strength) for each update.
 */
import type { DeviceProfile } from '@isinglass/sdk';
import type { Probe } from '../../probes/probe.ts';
import { TooFewSamples } from '../check.ts';

/** e^(−2·12) = 4e-11 for each update, so that 10^5 updates are certain enough; under the fixed law fields above 5.9 are deterministic. */
const strengthWanted = 12;

/** Fields from here on leave nothing to chance under the fixed law, at every number of fraction bits (semantics 4.6). */
const certainUnderFixed = 6;
/** What near-certain checks may miss by. */
const missMax = 1e-5;

export interface DominoStrength {
  /** J = h, in units of k_B·T. */
  readonly strength: number;
  /** Probability that any of the updates goes against its field; 0 where the fixed law leaves nothing to chance. */
  readonly missP: number;
}

/**
 * As strong as the profile's ranges of couplings and biases allow, at most 12. Throws TooFewSamples where any of so many updates goes against its field with a
 * probability above 1e-5.
 */
export function dominoStrength({ weights, bias, law }: DeviceProfile, updates: number): DominoStrength {
  const coupling = Math.min(weights.range.max ?? strengthWanted, -(weights.range.min ?? -strengthWanted));
  const field = Math.min(bias.range.max ?? 2 * strengthWanted, -(bias.range.min ?? -2 * strengthWanted));
  const strength = Math.min(strengthWanted, coupling, field / 2);
  const certain = law.includes('fixed') && strength >= certainUnderFixed;
  const missP = certain ? 0 : updates * Math.exp(-2 * strength);
  if (!(missP <= missMax)) {
    throw new TooFewSamples(`fields of ${strength} k_B·T are too weak for ${updates} updates that all follow them`);
  }
  return { strength, missP };
}

/**
 * `firstColor` 0: spin 0 is of the color that is updated first, and each sweep carries the front over two spins. 1: spin 0 is updated second, so that the
 * first sweep brings up one spin and each later one two more.
 */
export function drivenDomino(length: number, strength: number, firstColor: 0 | 1): Probe {
  return {
    name: `driven domino of ${length}, color ${firstColor} first`,
    colors: Array.from({ length }, (_, n) => ((n + firstColor) % 2) as 0 | 1),
    edges: Array.from({ length: length - 1 }, (_, n) => ({ a: n, b: n + 1, w: 1 })),
    pinned: 0,
    pinnedEdges: [],
    scale: strength,
    fields: Array.from({ length }, (_, n) => (n === 0 ? 2 : n === length - 1 ? 0 : 1) * strength),
  };
}

/** Pinned spins of a pinned domino, and the free spins beside each that hold it down if it is let go. */
const pins = 2;
const weights = 2;

/**
 * The same driven by two pinned spins instead of a field: spin 0 has none and follows them, −1 as soon as they are. Each pin has two spins of its own that
 * stay down; pins that are updated like other spins turn down with them. Those spins come after the path: nothing behind the front is up.
 */
export function pinnedDomino(length: number, strength: number): Probe {
  const driven = drivenDomino(length, strength, 0);
  const held = Array.from({ length: pins * weights }, (_, n) => length + n);
  return {
    ...driven,
    name: `pinned domino of ${length}`,
    colors: [...driven.colors, ...held.map((): 0 => 0)],
    fields: [...driven.fields.map((h, n) => (n === 0 ? 0 : h)), ...held.map(() => -2 * strength)],
    pinned: pins,
    pinnedEdges: [
      ...Array.from({ length: pins }, (_, pinned) => ({ free: 0, pinned, w: 1 })),
      ...held.map((free, n) => ({ free, pinned: n % pins, w: 1 })),
    ],
  };
}

/** How many spins from the first on are up after t sweeps from all −1. */
export function frontAfter(sweeps: number, length: number, firstColor: 0 | 1): number {
  if (sweeps === 0) return 0;
  return Math.min(length, 2 * sweeps - firstColor);
}

/** How far ups reach from the first spin on, and whether anything behind them is up. */
export function describeFront(values: ArrayLike<number>, offset: number, length: number): string {
  const states = Array.from({ length }, (_, n) => ((values[offset + n] as number) > 0 ? '+' : '−')).join('');
  const front = states.indexOf('−');
  return `${states} (front at ${front < 0 ? length : front})`;
}
