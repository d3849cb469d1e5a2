/**
 * Exact laws of small probes: distributions over all 2^n states of n ≤ 12 free spins, moved by whole sweeps. A state is a bit pattern: bit i is
 * set where spin i is up.
 *
 * Colors are applied in order. Spins of one color are never coupled, so that updating them one after another is updating them all at once
 * (semantics 1.4, 1.5): a sweep costs n·2^n operations, and no matrix of 4^n entries is ever made.
 */
import type { ProbeLaw } from '../lab/probe-law.ts';

/** Above this, enumeration is refused. */
export const spinsMax = 12;

/** All 2^n states alike: the law of a random start (semantics 1.6). */
export function uniformLaw(n: number): Float64Array {
  assertSmall(n);
  return new Float64Array(2 ** n).fill(2 ** -n);
}

/** One state for certain: the law of a given start. */
export function pointLaw(n: number, state: number): Float64Array {
  assertSmall(n);
  if (!Number.isInteger(state) || state < 0 || state >= 2 ** n) throw new RangeError(`no state ${state} of ${n} spins`);
  const law = new Float64Array(2 ** n);
  law[state] = 1;
  return law;
}

/** The bit pattern of n spins (±1) from `offset` on. */
export function patternOf(states: ArrayLike<number>, n: number, offset = 0): number {
  let pattern = 0;
  for (let spin = 0; spin < n; spin++) if ((states[offset + spin] as number) > 0) pattern |= 1 << spin;
  return pattern;
}

/** The n spins (±1) of a bit pattern. */
export function spinsOfPattern(pattern: number, n: number): Int8Array {
  return Int8Array.from({ length: n }, (_, spin) => ((pattern >>> spin) & 1 ? 1 : -1));
}

/** The law one sweep later. Temperature b as in semantics 4.5, default 65536. Throws RangeError for n > 12. */
export function sweepKernelApply(p: Float64Array, law: ProbeLaw, b = 65536): Float64Array {
  if (p.length !== 2 ** law.spins) throw new RangeError(`${p.length} probabilities for ${law.spins} spins`);
  const out = p.slice();
  sweepInPlace(out, law, upTable(law, b));
  return out;
}

/** The law after `sweeps` sweeps; `temperatures` gives b of each of them, default 65536 throughout. */
export function lawAfter(
  start: Float64Array,
  law: ProbeLaw,
  sweeps: number,
  temperatures?: readonly number[],
): Float64Array {
  let p = start;
  for (let sweep = 0; sweep < sweeps; sweep++) p = sweepKernelApply(p, law, temperatures?.[sweep] ?? 65536);
  return p;
}

/** Total variation distance: half the sum of absolute differences, 0 … 1. */
export function totalVariation(p: Float64Array, q: Float64Array): number {
  return p.reduce((sum, value, n) => sum + Math.abs(value - (q[n] as number)), 0) / 2;
}

/** How far the stationary law may be off in total variation. */
const stationaryError = 1e-10;

/** Gaps below this are refused: no check can wait so long, and rounding would show in the stationary law. */
const gapMin = 1e-4;

/**
 * The law that a sweep leaves as it is, within 1e-10 in total variation: the uniform law is swept until one more sweep moves it by less than that
 * times the gap 1 − λ, λ the second eigenvalue. Throws RangeError where the gap is below 1e-4: such a probe hardly moves.
 */
export function stationaryLaw(law: ProbeLaw, b = 65536): Float64Array {
  const table = upTable(law, b);
  const gap = 1 - eigenvalueOf(law, table);
  if (!(gap >= gapMin)) throw new RangeError(`the gap of the probe is ${gap}, below ${gapMin}: it hardly moves`);
  const p: Float64Array = uniformLaw(law.spins);
  for (;;) {
    const last = p.slice();
    sweepInPlace(p, law, table);
    if (totalVariation(p, last) <= stationaryError * gap) return normalised(p);
  }
}

/**
 * The law of the sum of one spin over the retained samples of one chain (semantics 1.7): sweeps `burnIn + k·stride`, k = 1 … `kept`. Entry
 * (sum + kept)/2 is P(sum). By dynamic programming over (state, how often up).
 */
export function windowSumLaw(
  law: ProbeLaw,
  o: {
    /** Law of the initial state. */
    readonly start: Float64Array;
    readonly burnIn: number;
    readonly stride: number;
    readonly kept: number;
    readonly spin: number;
  },
): Float64Array {
  const table = upTable(law, 65536);
  const first = lawAfter(o.start, law, o.burnIn);
  /** Entry u: law of the states of the chains that were up u times. */
  let byUps: Float64Array[] = [first];
  for (let k = 0; k < o.kept; k++) {
    const next = Array.from({ length: k + 2 }, () => new Float64Array(first.length));
    for (const [ups, p] of byUps.entries()) {
      const moved = p.slice();
      for (let sweep = 0; sweep < o.stride; sweep++) sweepInPlace(moved, law, table);
      for (const [state, probability] of moved.entries()) {
        const target = next[ups + ((state >>> o.spin) & 1)] as Float64Array;
        target[state] = (target[state] as number) + probability;
      }
    }
    byUps = next;
  }
  return Float64Array.from(byUps, (p) => p.reduce((sum, value) => sum + value, 0));
}

/**
 * Modulus of the second largest eigenvalue of a sweep: correlations between retained samples decay by it. Growth of a vector that sums to 0,
 * measured over windows that double until two agree to 1e-9 or hold 2^14 sweeps.
 */
export function secondEigenvalue(law: ProbeLaw): number {
  return eigenvalueOf(law, upTable(law, 65536));
}

function eigenvalueOf(law: ProbeLaw, table: Float64Array): number {
  // Any vector with a part along the second eigenvector does; multiples of the golden ratio have no symmetry of any probe.
  let x: Float64Array = Float64Array.from({ length: 2 ** law.spins }, (_, n) => ((n + 1) * 0.6180339887498949) % 1);
  x = directionOf(x).direction;
  let last = Number.POSITIVE_INFINITY;
  for (let window = 16; ; window *= 2) {
    let logarithm = 0;
    for (let n = 0; n < window; n++) {
      sweepInPlace(x, law, table);
      const { direction, length } = directionOf(x);
      if (length === 0) return 0;
      logarithm += Math.log(length);
      x = direction;
    }
    const value = Math.exp(logarithm / window);
    if (Math.abs(value - last) <= 1e-9 || window >= 2 ** 14) return value;
    last = value;
  }
}

/** Made orthogonal to the constant, of length 1, and how long it was. */
function directionOf(x: Float64Array): { readonly direction: Float64Array; readonly length: number } {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const centred = x.map((value) => value - mean);
  const length = Math.hypot(...centred);
  return { direction: length === 0 ? centred : centred.map((value) => value / length), length };
}

const tables = new WeakMap<ProbeLaw, Map<number, Float64Array>>();

/** Entry spin·2^n + state: the probability that an update of the spin in the state ends up; made once per law and temperature. */
function upTable(law: ProbeLaw, b: number): Float64Array {
  assertSmall(law.spins);
  const ofLaw = tables.get(law) ?? new Map<number, Float64Array>();
  tables.set(law, ofLaw);
  const known = ofLaw.get(b);
  if (known !== undefined) return known;
  const states = 2 ** law.spins;
  const table = new Float64Array(law.spins * states);
  for (let state = 0; state < states; state++) {
    const spins = spinsOfPattern(state, law.spins);
    for (let spin = 0; spin < law.spins; spin++) table[spin * states + state] = law.up(spin, spins, 0, b);
  }
  ofLaw.set(b, table);
  return table;
}

function sweepInPlace(p: Float64Array, { colors }: ProbeLaw, table: Float64Array): void {
  for (const color of colors) {
    for (const spin of color) {
      const bit = 1 << spin;
      const first = spin * p.length;
      for (let state = 0; state < p.length; state++) {
        if ((state & bit) !== 0) continue;
        const mass = (p[state] as number) + (p[state | bit] as number);
        const up = mass * (table[first + state] as number);
        p[state | bit] = up;
        p[state] = mass - up;
      }
    }
  }
}

function normalised(p: Float64Array): Float64Array {
  const sum = p.reduce((all, value) => all + value, 0);
  return p.map((value) => value / sum);
}

function assertSmall(n: number): void {
  if (!Number.isInteger(n) || n < 1 || n > spinsMax)
    throw new RangeError(`${n} spins: 1 to ${spinsMax} can be enumerated`);
}
