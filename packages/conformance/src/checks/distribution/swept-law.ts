/**
 * States a few sweeps after known starts. Of a digital device: against their exact law. Of a device with tolerances: against all laws that updates inside
 * the declared band can lead to, even updates that depend on everything that went before (oracle/law-band.ts); the band of the joint law is
 * inherited from that of single updates.
 */

import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import type { SpinRows } from '../../lab/probe-view.ts';
import { lawAfter, pointLaw, spinsOfPattern, uniformLaw } from '../../oracle/exact-law.ts';
import { type Range, rangeOfMean, type SweepBand } from '../../oracle/law-band.ts';
import type { Tolerances } from '../../provider/provider.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import { binomialBandP } from '../../statistics/binomial.ts';
import { proportionEffect } from '../../statistics/effect.ts';
import type { Hypothesis } from '../check.ts';
import { familyHypothesis, type Member } from './family.ts';
import { stateCounts, stateLabel, stateLawHypothesis } from './state-law.ts';
import { admittedBand, isSharp } from './tolerance-band.ts';
import { UpdateTable } from './update-table.ts';

export interface Swept {
  /** Law of the start; `uniform`: by `uniformStart`, coins that the device tosses where it has random starts. */
  readonly start: Float64Array | 'uniform';
  readonly sweeps: number;
  /** b of each sweep, default 65536. */
  readonly temperatures?: readonly number[];
  /** ±1, default all −1. */
  readonly pinned?: Int8Array;
}

/** The law of such states, if every update is exact. */
export function sweptLaw(loaded: LoadedProbe, { start, sweeps, temperatures, pinned }: Swept): Float64Array {
  const from = start === 'uniform' ? uniformLaw(loaded.spins) : start;
  return lawAfter(from, loaded.law(pinned), sweeps, temperatures);
}

/** The states are independent draws from the law, or each of them from some law that is within the tolerances. */
export function sweptLawHypothesis(
  name: string,
  states: SpinRows,
  o: Swept & { readonly loaded: LoadedProbe; readonly tolerances: Tolerances; readonly random: RandomStream },
): Hypothesis {
  if (!isSharp(o.tolerances)) return bandHypothesis(name, stateCounts(states), sweptBand(o.loaded, o, o.tolerances));
  return stateLawHypothesis(name, states, { law: sweptLaw(o.loaded, o), random: o.random });
}

/** The range of the mean of a function of the state after so many sweeps. */
export type Band = (of: Float64Array) => Range;

/**
 * All laws within the tolerances. Coins that the device tosses for a start are updates without field: their probability is known as well as that of
 * updates.
 */
export function sweptBand(loaded: LoadedProbe, { start, sweeps, temperatures, pinned }: Swept, t: Tolerances): Band {
  const { spins } = loaded;
  const byTemperature = new Map<number, SweepBand>();
  const sweepOf = (b: number): SweepBand => {
    const known = byTemperature.get(b) ?? sweepBand(new UpdateTable(loaded, { b, ...(pinned && { pinned }) }), t);
    byTemperature.set(b, known);
    return known;
  };
  const bands = Array.from({ length: sweeps }, (_, sweep) => sweepOf(temperatures?.[sweep] ?? 65536));
  if (start !== 'uniform') return (of) => rangeOfMean(of, start, bands);
  if (!loaded.lab.profile.init.includes('random')) return (of) => rangeOfMean(of, uniformLaw(spins), bands);
  return (of) => rangeOfMean(of, pointLaw(spins, 0), [coinBand(spins, t), ...bands]);
}

/**
 * Counts of all 2^n states: each state, and every product of spins being +1, by an exact binomial test against the nearer end of its range; Bonferroni over
 * these 2^(n+1) − 1 events. Rows may differ from each other within the band: whatever came before, each shows an event with at most the upper end's
 * probability, so that counts above it are no more likely than those of a binomial variable, and likewise below.
 */
export function bandHypothesis(name: string, counts: Float64Array, band: Band): Hypothesis {
  const n = counts.reduce((sum, count) => sum + count, 0);
  const events = eventsOf(Math.log2(counts.length));
  const members = events.map((event): Member => {
    const { low, high } = band(event.states);
    const successes = counts.reduce((sum, count, state) => sum + count * (event.states[state] as number), 0);
    const observed = successes / n;
    const expected = Math.min(high, Math.max(low, observed));
    return { name: event.name, p: binomialBandP(successes, n, low, high), observed, expected };
  });
  const worst = members.reduce((a, b) => (b.p < a.p ? b : a));
  const effect = proportionEffect({
    name: worst.name,
    successes: Math.round(worst.observed * n),
    n,
    expected: worst.expected,
  });
  return familyHypothesis(
    name,
    n,
    members.map((member) => (member === worst ? { ...member, effect } : member)),
  );
}

interface Event {
  readonly name: string;
  /** 1 for the states that belong to it, 0 for others. */
  readonly states: Float64Array;
}

/** Every state, and every product of spins. */
function eventsOf(spins: number): readonly Event[] {
  const count = 2 ** spins;
  const patterns = Array.from({ length: count }, (_, pattern) => pattern);
  const products = patterns.slice(1).map((mask) => patterns.slice(0, spins).filter((spin) => (mask >>> spin) & 1));
  return [
    ...patterns.map((state) => ({ name: stateLabel(state, spins), states: pointLaw(spins, state) })),
    ...products.map((of) => ({ name: `product of spins ${of.join(', ')}`, states: productUp(of, spins) })),
  ];
}

/** 1 where the product of these spins is +1, else 0: for each of the 2^n states of n spins. */
export function productUp(of: readonly number[], spins: number): Float64Array {
  return Float64Array.from({ length: 2 ** spins }, (_, state) =>
    of.filter((spin) => ((state >>> spin) & 1) === 0).length % 2 === 0 ? 1 : 0,
  );
}

function sweepBand(table: UpdateTable, tolerances: Tolerances): SweepBand {
  const { spins, colors } = table;
  const states = 2 ** spins;
  const cells = Array.from(table.p, (p, cell) => admittedBand({ p, f: table.field[cell] as number }, tolerances));
  const low = new Float64Array(spins * states);
  const high = new Float64Array(spins * states);
  for (let state = 0; state < states; state++) {
    const values = spinsOfPattern(state, spins);
    for (let spin = 0; spin < spins; spin++) {
      const band = cells[table.cellOf(spin, values, 0)] as Range;
      low[spin * states + state] = band.low;
      high[spin * states + state] = band.high;
    }
  }
  return { spins, colors, low, high };
}

function coinBand(spins: number, tolerances: Tolerances): SweepBand {
  const { low, high } = admittedBand({ p: 0.5, f: 0 }, tolerances);
  const of = (value: number): Float64Array => new Float64Array(spins * 2 ** spins).fill(value);
  return { spins, colors: [Array.from({ length: spins }, (_, spin) => spin)], low: of(low), high: of(high) };
}
