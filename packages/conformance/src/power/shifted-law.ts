/** The exact law of a probe on a device that is off by a stated effect, under the real law. */
import type { ProbeLaw } from '../lab/probe-law.ts';
import { type Probe, spinsOf } from '../probes/probe.ts';

/** By how much a device is off. */
export interface EffectSize {
  /** β is (1 + this) times what it should be. */
  readonly betaRel: number;
  /** Every update's P(+1) is larger by this, within 0 … 1. */
  readonly updateProb: number;
  /** Every field is larger by this, in k_B·T. */
  readonly fieldAbs: number;
}

export const noEffect: EffectSize = { betaRel: 0, updateProb: 0, fieldAbs: 0 };

/** P(+1) of one update in a field f, in k_B·T (semantics 1.3). */
export function updateProbability(field: number, { betaRel, updateProb, fieldAbs }: EffectSize): number {
  const p = 1 / (1 + Math.exp(-2 * (1 + betaRel) * (field + fieldAbs)));
  return Math.min(1, Math.max(0, p + updateProb));
}

/** The law of a probe without pinned spins. */
export function shiftedLaw(probe: Probe, effect: EffectSize): ProbeLaw {
  const neighbours = probe.colors.map((): { readonly spin: number; readonly coupling: number }[] => []);
  for (const { a, b, w } of probe.edges) {
    neighbours[a]?.push({ spin: b, coupling: w * probe.scale });
    neighbours[b]?.push({ spin: a, coupling: w * probe.scale });
  }
  return {
    spins: spinsOf(probe),
    colors: [0, 1].map((color) => [...probe.colors.keys()].filter((spin) => probe.colors[spin] === color)),
    up(spin, states, offset = 0, b = 65536) {
      const own = probe.fields[spin] as number;
      const sum = (neighbours[spin] ?? []).reduce((s, n) => s + n.coupling * (states[offset + n.spin] as number), own);
      return updateProbability((sum * (probe.beta ?? 1) * b) / 65536, effect);
    },
  };
}
