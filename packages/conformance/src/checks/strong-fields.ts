/**
 * Answers that are certain: spins in fields so strong that an update against them is next to impossible. What a device's limits and tolerances leave
 * possible is outvoted: a pattern is read as the majority over so many sweeps that one wrong spin in it has a probability below 1e-6.
 */
import type { DeviceProfile } from '@isinglass/sdk';
import type { LoadedProbe } from '../lab/loaded-probe.ts';
import { spinSums } from '../lab/spin-sums.ts';
import { anyStart } from '../lab/uniform-start.ts';
import type { Probe } from '../probes/probe.ts';
import type { Tolerances } from '../provider/provider.ts';
import type { RandomStream } from '../random/random-stream.ts';
import { binomialUpperTail } from '../statistics/binomial.ts';
import { TooFewSamples } from './check.ts';

type Claims = { readonly profile: DeviceProfile; readonly tolerances: Tolerances };

/** Probability that a pattern is read wrongly. */
const wrongPattern = 1e-6;
/** At β·f = 16 an update goes the other way once in 10^14. */
const wantedField = 16;
/** Where a field unit is 2^−12, larger scales have no multiplier (semantics 4.3); an update against it: once in 10^7. */
const wantedCoupling = 8;

/** The strongest field, up to 16 k_B·T, that the profile's biases reach in both directions; fraction bits default to those of probes. */
export function strongField({ bias, field }: DeviceProfile, fractionBitsWanted = 9): number {
  const { min, max } = field.fractionBits ?? { min: 4, max: 12 };
  const fractionBits = Math.min(max, Math.max(min, fractionBitsWanted));
  const units = typeof bias.bits === 'number' ? 2 ** (bias.bits - 1) - 1 : Number.POSITIVE_INFINITY;
  return Math.min(
    wantedField,
    bias.range.max ?? wantedField,
    -(bias.range.min ?? -wantedField),
    units / 2 ** fractionBits,
  );
}

/** The strongest coupling, up to 8 k_B·T. */
export function strongCoupling({ weights }: DeviceProfile): number {
  return Math.min(wantedCoupling, weights.range.max ?? wantedCoupling, -(weights.range.min ?? -wantedCoupling));
}

/** Bound of the probability that one update goes against a field, tolerances included. */
export function againstField(field: number, { tolerances: t }: Pick<Claims, 'tolerances'>): number {
  const least = (1 - t.betaRelative) * Math.max(0, field - t.fieldAbsolute);
  return Math.min(0.5, 1 / (1 + Math.exp(2 * least)) + t.updateProbability);
}

/** Sweeps, an odd number, whose majority is right for all of `spins` spins but with probability 1e-6. */
export function votesFor(spins: number, field: number, claims: Claims): number {
  const against = againstField(field, claims);
  for (let votes = 1; votes <= 4095; votes += 2) {
    if (spins * binomialUpperTail((votes + 1) / 2, votes, against) <= wrongPattern) return votes;
  }
  throw new TooFewSamples(`a field of ${field} is the strongest: patterns cannot be read with certainty`);
}

/** Most updates of `updates` that go against a field, but with probability 1e-7. */
export function mostAgainst(updates: number, field: number, claims: Claims): number {
  const against = againstField(field, claims);
  let [low, high] = [0, updates];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (binomialUpperTail(middle + 1, updates, against) <= 1e-7) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Spins of random colors, each held by a strong field at its sign. */
export function heldProbe(signs: ArrayLike<number>, field: number, random: RandomStream): Probe {
  const spins = Array.from(signs, (_, n) => n);
  return {
    name: `${signs.length} spins in strong fields`,
    colors: spins.map(() => (random.sign() > 0 ? 1 : 0)),
    edges: [],
    pinned: 0,
    pinnedEdges: [],
    scale: 1,
    fields: Array.from(signs, (sign) => sign * field),
  };
}

/** Free spins that each copy a pinned spin of their own. */
export function copyProbe(spins: number, strength: number, random: RandomStream): Probe {
  const list = Array.from({ length: spins }, (_, n) => n);
  return {
    name: `${spins} copies of pinned spins`,
    colors: list.map(() => (random.sign() > 0 ? 1 : 0)),
    edges: [],
    pinned: spins,
    pinnedEdges: list.map((n) => ({ free: n, pinned: n, w: 1 })),
    scale: strength,
    fields: list.map(() => 0),
  };
}

/** ±1 at random. */
export function randomSigns(count: number, random: RandomStream): Int8Array {
  return Int8Array.from({ length: count }, () => random.sign());
}

export interface PatternRun {
  readonly images?: number;
  /** ±1, images × pinned. */
  readonly pinned?: Int8Array;
  readonly seed: bigint;
  readonly votes: number;
  /** Sweeps before the first of them; default 0. */
  readonly burnIn?: number;
  readonly temperatures?: readonly number[];
  readonly signal?: AbortSignal;
}

/** The pattern that spins in strong fields show, images × spins: +1 or −1 by majority over `votes` sweeps, 0 where there is none. */
export async function readPattern(loaded: LoadedProbe, o: PatternRun): Promise<Int8Array> {
  const { readout } = loaded.lab.profile;
  const stride = readout.strideMin;
  const { images = 1, votes, ...rest } = o;
  const run = { ...rest, images, sweeps: (rest.burnIn ?? 0) + votes * stride, stride, start: anyStart(loaded, images) };
  const onlyConditional = !readout.trace && readout.observables.every((each) => each === 'conditional-sum');
  const sums = onlyConditional
    ? loaded.sumsOf(await loaded.run({ ...run, observable: 'conditional-sum' }), images)
    : await spinSums(loaded, run);
  return Int8Array.from(sums, Math.sign);
}
