/** Small checks, one of each kind and for each p-value, made of the pieces under test. */
import {
  type Check,
  type CheckKind,
  type CheckPlan,
  type Finding,
  type Hypothesis,
  TooFewSamples,
} from '../checks/check.ts';
import type { CheckContext } from '../checks/check-context.ts';
import { lawAfter, patternOf, uniformLaw } from '../oracle/exact-law.ts';
import { gridProbe, transferProbe } from '../probes/graphs.ts';
import type { Probe } from '../probes/probe.ts';
import type { Need } from '../profile/needs.ts';
import type { Pieces } from './pieces.ts';

export function toyPlan<Kind extends CheckKind>(
  id: string,
  kind: Kind,
  needs: readonly Need[] = [],
): CheckPlan & { readonly kind: Kind } {
  return {
    id: `selftest.${id}`,
    version: 1,
    row: 0,
    chapter: 'exactness',
    title: 'A check of the selftest.',
    how: id,
    kind,
    statistic: 'as its code says',
    samples: 'as its code says',
    resolution: { quick: 'gross faults', standard: 'gross faults', certify: 'gross faults' },
    level: 'quick',
    clauses: [],
    needs,
    kills: [],
    blindTo: [],
    since: '0.1.0',
  };
}

export const statisticalToy = (
  id: string,
  sample: (c: CheckContext) => Promise<readonly Hypothesis[]>,
  needs: readonly Need[] = [],
): Check => ({ plan: toyPlan(id, 'statistical', needs), sample });

export const findingToy = (
  id: string,
  kind: 'logical' | 'near-certain',
  run: (c: CheckContext) => Promise<readonly Finding[]>,
): Check => ({ plan: toyPlan(id, kind), run });

/** Fields that rounding to multiples of ½ moves by 0.2, so update probabilities by 0.09. */
const fields = [0.3, -0.7, 0.3, 1.2, -0.3];

/** Share of ups of single spins after one sweep: 2000 rows, exact binomial tests; a probability off by 0.09 shifts one row by 0.19. */
export const shareToy = (pieces: Pieces): Check =>
  statisticalToy('share', async (c) => {
    const lab = await c.open();
    const loaded = await lab.loadProbe(transferProbe(fields), c.random('disguise'));
    const law = await pieces.lawOf(loaded);
    const n = c.samples(2000);
    const { values } = await loaded.snapshots({ rows: n, sweeps: 1, random: c.random('runs') });
    return fields.map((_, spin) => {
      let ups = 0;
      for (let row = 0; row < n; row++) if (values[row * fields.length + spin] === 1) ups++;
      const p = pieces.binomialTwoSidedP(ups, n, law.up(spin, new Int8Array(fields.length)));
      return { name: `share of spin ${spin}`, p, n };
    });
  });

/** The joint law of a path of three spins after three sweeps: 2000 rows, exact cell probabilities; fields of 0.1 or more shift a mean by 8 σ when inverted. */
export const cellsToy = (pieces: Pieces): Check =>
  statisticalToy('cells', async (c) => {
    const lab = await c.open();
    const probe = gridProbe(1, 3, c.random('probe'));
    const loaded = await lab.loadProbe(probe, c.random('disguise'));
    const law = lawAfter(uniformLaw(3), await pieces.lawOf(loaded), 3);
    const n = c.samples(2000);
    const { values } = await loaded.snapshots({ rows: n, sweeps: 3, random: c.random('runs') });
    const counts = new Int32Array(8);
    for (let row = 0; row < n; row++) {
      const pattern = patternOf(values, 3, 3 * row);
      counts[pattern] = (counts[pattern] as number) + 1;
    }
    return [{ name: 'joint law', p: pieces.multinomialP(counts, law, c.random('null')).p, n }];
  });

/** Residuals of the updates of single spins: 2000 rows, z with the guard. */
export const residualToy = (pieces: Pieces): Check =>
  statisticalToy('residuals', async (c) => {
    const lab = await c.open();
    const loaded = await lab.loadProbe(transferProbe(fields), c.random('disguise'));
    const law = await pieces.lawOf(loaded);
    const n = c.samples(2000);
    const { values } = await loaded.snapshots({ rows: n, sweeps: 1, random: c.random('runs') });
    let [sum, variance] = [0, 0];
    for (let at = 0; at < values.length; at++) {
      const p = law.up(at % fields.length, new Int8Array(fields.length));
      const weight = Math.sign(p - 0.5);
      sum += weight * ((values[at] === 1 ? 1 : 0) - p);
      variance += p * (1 - p);
    }
    return [{ name: 'residuals', p: pieces.residualP(sum, variance, { maxWeight: 1 }), n: values.length }];
  });

/** Forty fields of ±8, where an update is certain (semantics 4.6); a device that ignores them agrees once in 2⁴⁰ disguises. */
export const strongToy = (): Check =>
  findingToy('strong', 'near-certain', async (c) => {
    const strong = Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? 8 : -8));
    const lab = await c.open();
    const loaded = await lab.loadProbe(transferProbe(strong), c.random('disguise'));
    const { values } = await loaded.lastStates({ images: 1, sweeps: 1, seed: c.random('run').bits64() });
    return strong.map((h, spin) => ({ name: `spin ${spin}`, ok: values[spin] === Math.sign(h) }));
  });

/** |sum| ≤ K and sum ≡ K (mod 2) (semantics 2.4). */
export const parityToy = (): Check =>
  findingToy('parity', 'logical', async (c) => {
    const lab = await c.open();
    const loaded = await lab.loadProbe(transferProbe(fields), c.random('disguise'));
    const seed = c.random('run').bits64();
    const sums = loaded.sumsOf(await loaded.run({ images: 20, sweeps: 7, observable: 'spin-sum', seed }), 20);
    return [{ name: 'parity', ok: sums.every((sum) => Math.abs(sum) <= 7 && Math.abs(sum % 2) === 1) }];
  });

export const tooFewToy = (): Check =>
  statisticalToy('too-few', () => Promise.reject(new TooFewSamples('no samples here')));

/**
 * Update probabilities of two coupled spins, 65536ths, told to `tell`: u = ⌊0.3·512 + ½⌋ + 256·s and ⌊−0.7·512 + ½⌋ + 256·s, T by mpmath 1.3 at 30 digits.
 */
export const oracleToy = (pieces: Pieces, tell: (label: string, value: number, expected: number) => void): Check =>
  findingToy('oracle', 'logical', async (c) => {
    const pair: Probe = {
      name: 'pair',
      colors: [0, 1],
      edges: [{ a: 0, b: 1, w: 10 }],
      pinned: 0,
      pinnedEdges: [],
      scale: 0.05,
      fields: [0.3, -0.7],
    };
    const lab = await c.open();
    const coupled = await pieces.lawOf(await lab.loadProbe(pair, c.random('pair')));
    tell('0.3 with its neighbour up', coupled.up(0, [1, 1]), 54_541);
    tell('0.3 with its neighbour down', coupled.up(0, [1, -1]), 26_325);
    tell('−0.7 with its neighbour up', coupled.up(1, [1, 1]), 26_325);
    tell('−0.7 with its neighbour down', coupled.up(1, [-1, 1]), 5459);
    const alone = await pieces.lawOf(await lab.loadProbe(transferProbe([0.3, -0.7]), c.random('alone')));
    tell('0.3 alone', alone.up(0, [1, 1]), 42_337);
    tell('−0.7 alone', alone.up(1, [1, 1]), 12_980);
    return [{ name: 'told', ok: true }];
  });
