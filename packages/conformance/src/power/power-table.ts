/**
 * How many samples an effect takes, by statistic: from exact laws with and without the effect, for the two-stage rule's screen at level 1e-3 and
 * power 0.999. Laws are those of the probes that the checks use; a check's own N is in its plan.
 */
import { lawAfter, patternOf, pointLaw, spinsOfPattern, stationaryLaw } from '../oracle/exact-law.ts';
import { gridProbe } from '../probes/graphs.ts';
import type { Probe } from '../probes/probe.ts';
import { RandomStream } from '../random/random-stream.ts';
import { chiSquareSamples, samplesFor } from '../statistics/power.ts';
import { noncentralityOf, proportionShift } from '../statistics/resolution.ts';
import { type EffectSize, noEffect, shiftedLaw, updateProbability } from './shifted-law.ts';

export interface PowerRow {
  readonly check: string;
  readonly statistic: string;
  /** Samples of the screen; Infinity where the statistic does not see the effect. A confirmation takes four times as many. */
  readonly n: number;
  /** What one sample is. */
  readonly sample: string;
  /** Updates of spins that the screen takes; independent tiles of a large device count together. */
  readonly updates: number;
}

/** 33 fields of single spins, from −2 to 2: where P(+1) is far enough from 0 and 1 for a normal statistic. */
const fields = Array.from({ length: 33 }, (_, n) => (n - 16) / 8);
/** Sweeps that bring a grid of this kind from any start to its stationary law. */
const settled = 20;

export function powerTable(effect: EffectSize): readonly PowerRow[] {
  const grid = gridProbe(2, 3, new RandomStream(1n, 'power/grid'));
  const [law, off] = [shiftedLaw(grid, noEffect), shiftedLaw(grid, effect)];
  const stationary = stationaryLaw(law);
  const start = pointLaw(
    grid.colors.length,
    patternOf(
      grid.colors.map(() => -1),
      grid.colors.length,
    ),
  );
  const spins = grid.colors.length;
  const joint = chiSquareN(stationary, stationaryLaw(off));
  const oneSweep = chiSquareN(lawAfter(start, law, 1), lawAfter(start, off, 1));
  const energy = energyN(grid, stationary, stationaryLaw(off));
  const transfer = transferN(effect);
  const update = updateN(effect);
  const row = (check: string, statistic: string, n: number, sample: string, updatesPer: number): PowerRow => ({
    check,
    statistic,
    n,
    sample,
    updates: n * updatesPer,
  });
  return [
    row('law.update', 'residuals of updates in proportion to their field', update, 'update', 1),
    row('pin.transfer', 'P(+1) at each of 33 fields', transfer, 'update of every field', fields.length),
    row('law.joint', 'χ² over the 64 states of a 2 × 3 grid', joint, 'settled state', spins * settled),
    row('law.beta', 'mean energy of a 2 × 3 grid', energy, 'settled state', spins * settled),
    row('dyn.one-sweep', 'χ² over the 64 states after one sweep', oneSweep, 'sweep', spins),
  ];
}

function chiSquareN(law: Float64Array, actual: Float64Array): number {
  const noncentrality = noncentralityOf(law, actual);
  return noncentrality < 1e-15
    ? Number.POSITIVE_INFINITY
    : chiSquareSamples({ noncentrality, degrees: law.length - 1 });
}

/** The field at which the effect shows most decides. */
function transferN(effect: EffectSize): number {
  const shifts = fields.map((f) => proportionShift(updateProbability(f, noEffect), updateProbability(f, effect)));
  return zN(Math.max(...shifts.map(Math.abs)), fields.length + 1);
}

/** Score of β, or of a common shift where it shows more: Σ g (s − p) with g = f or 1, over fields spread evenly from −2 to 2. */
function updateN(effect: EffectSize): number {
  const shiftOf = (g: (f: number) => number): number => {
    const [mean, variance] = fields.reduce(
      ([m, v], f) => {
        const p = updateProbability(f, noEffect);
        return [m + g(f) * (updateProbability(f, effect) - p), v + g(f) ** 2 * p * (1 - p)] as const;
      },
      [0, 0] as readonly [number, number],
    );
    return Math.abs(mean / fields.length) / Math.sqrt(variance / fields.length);
  };
  return zN(
    Math.max(
      shiftOf((f) => f),
      shiftOf(() => 1),
    ),
    100,
  );
}

function energyN(probe: Probe, law: Float64Array, actual: Float64Array): number {
  const n = probe.colors.length;
  const energies = Array.from(law, (_, pattern) => {
    const s = spinsOfPattern(pattern, n);
    const pairs = probe.edges.reduce(
      (sum, { a, b, w }) => sum + w * probe.scale * (s[a] as number) * (s[b] as number),
      0,
    );
    return -pairs - probe.fields.reduce((sum, h, i) => sum + h * (s[i] as number), 0);
  });
  const mean = (p: Float64Array, of: (energy: number) => number): number =>
    energies.reduce((sum, energy, i) => sum + (p[i] as number) * of(energy), 0);
  const expected = mean(law, (e) => e);
  const variance = mean(law, (e) => (e - expected) ** 2);
  return zN(Math.abs(mean(actual, (e) => e) - expected) / Math.sqrt(variance), 12);
}

const zN = (shift: number, hypotheses: number): number =>
  shift < 1e-9 ? Number.POSITIVE_INFINITY : samplesFor({ shift, hypotheses });
