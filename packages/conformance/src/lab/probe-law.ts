/** The exact law of a probe in its own order and signs. */
import type { BlockLaw } from '../oracle/block-law.ts';
import { bankIds, bankOf } from '../probes/probe-program.ts';
import type { ProbeView } from './probe-view.ts';

/** P(s_i = +1) of a free spin in the terms of the probe, as a number 0 … 1. */
export interface ProbeLaw {
  readonly spins: number;
  /** Spins by color, in the order of a sweep. */
  readonly colors: readonly (readonly number[])[];
  /** `states`: ±1 of the free spins from `offset` on; `b`: temperature, default 65536. */
  up(spin: number, states: ArrayLike<number>, offset?: number, b?: number): number;
}

/** `law`: of the program that the probe has become; `pinned`: ±1. */
export function probeLaw(
  { probe, disguise }: Pick<ProbeView, 'probe' | 'disguise'>,
  law: BlockLaw,
  pinned: ArrayLike<number>,
): ProbeLaw {
  const first = new Map(law.banks.map((bank) => [bank.id, bank.first]));
  const placeOf = probe.colors.map(
    (_, spin) => (first.get(bankOf(probe, disguise, spin)) as number) + (disguise.place[spin] as number),
  );
  const states = new Int8Array(law.banks.reduce((sum, { spins }) => sum + spins, 0));
  for (let n = 0; n < probe.pinned; n++) {
    const place = (first.get(bankIds.pinned) as number) + (disguise.pinnedPlace[n] as number);
    states[place] = (pinned[n] as number) * (disguise.pinnedSign[n] as number);
  }
  /** Free spins that each one reads, in the terms of the probe. */
  const spinAtPlace = new Map(placeOf.map((place, spin) => [place, spin]));
  const reads = placeOf.map((place) =>
    Int32Array.from([...law.neighbours(place)].flatMap((other) => spinAtPlace.get(other) ?? [])),
  );
  return {
    spins: probe.colors.length,
    colors: [0, 1]
      .map((color) => [...probe.colors.keys()].filter((spin) => probe.colors[spin] === color))
      .filter((spins) => spins.length > 0),
    up(spin, from, offset = 0, b = 65536) {
      for (const n of reads[spin] as Int32Array) {
        states[placeOf[n] as number] = (from[offset + n] as number) * (disguise.sign[n] as number);
      }
      const p = law.up(placeOf[spin] as number, states, b) / 65536;
      return disguise.sign[spin] === 1 ? p : 1 - p;
    },
  };
}
