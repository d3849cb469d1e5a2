/**
 * Hypotheses about residuals of updates (update-residuals.ts), by families. Weights that are functions of the spin and its neighbours: 1, f, f², f³ (a bias, a wrong β,
 * an even and an odd distortion of the activation), bins of f, every spin, every directed edge. Weights that are other draws: lags, pairs of spins, neighbours in the
 * order in which the device holds them, coupled spins, pairs of rows.
 *
 * p-values: `residualP` with its guard for few or lopsided terms. Where the device claims tolerances, a hypothesis holds if any law inside the
 * band, even one that depends on everything that went before, explains the sum: the sum is moved by as much as such a law can move it.
 */
import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import type { Tolerances } from '../../provider/provider.ts';
import { meanEffect } from '../../statistics/effect.ts';
import { residualP } from '../../statistics/martingale.ts';
import type { Hypothesis } from '../check.ts';
import { familyHypothesis, type Member } from './family.ts';
import { admittedBand } from './tolerance-band.ts';
import { type ResidualSums, rowsCompared, type UpdateResiduals } from './update-residuals.ts';
import type { UpdateTable } from './update-table.ts';

/** Ends of the bins of β f. */
const fieldBins = [-3, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3];
/** Distances in a bank at which draws are compared. */
const distances = [1, 2, 3, 4, 8, 16];

interface Weighted {
  readonly name: string;
  readonly cells: readonly number[];
  readonly weight: (cell: number) => number;
  readonly unit: 'probability' | 'k_B·T' | 'relative β';
}

/** All families that the residuals say something about; `label` goes before their names. */
export function residualHypotheses(
  residuals: UpdateResiduals,
  o: { readonly loaded: LoadedProbe; readonly tolerances: Tolerances; readonly label: string },
): Hypothesis[] {
  const n = residuals.updates;
  const families = [
    ...cellFamilies(residuals.table).map(({ name, members }) => ({
      name,
      members: members
        .filter(({ cells }) => cells.some((cell) => (residuals.trials[cell] as number) > 0))
        .map((member) => cellMember(residuals, o.tolerances, member)),
    })),
    ...drawFamilies(residuals, o),
  ];
  return families
    .filter(({ members }) => members.length > 0)
    .map(({ name, members }) => familyHypothesis(`${o.label}: ${name}`, n, members));
}

function cellFamilies(table: UpdateTable): readonly { readonly name: string; readonly members: readonly Weighted[] }[] {
  const all = [...table.p.keys()];
  const field = (cell: number): number => table.field[cell] as number;
  const cellsOf = (spin: number): number[] => all.slice(table.first[spin], table.first[spin + 1]);
  const spins = table.neighbours.map((_, spin) => spin);
  const bins = Array.from({ length: fieldBins.length + 1 }, (_, bin) => ({
    name: `${fieldBins[bin - 1] ?? '−∞'} ≤ βf < ${fieldBins[bin] ?? '∞'}`,
    cells: all.filter((cell) => fieldBins.filter((end) => field(cell) >= end).length === bin),
    weight: () => 1,
    unit: 'probability' as const,
  })).filter(({ cells }) => cells.length > 0);
  const powers = [
    { name: 'a bias of all updates', weight: () => 1, unit: 'probability' as const },
    { name: 'in proportion to f', weight: field, unit: 'relative β' as const },
    { name: 'in proportion to f²', weight: (cell: number) => field(cell) ** 2, unit: 'k_B·T' as const },
    { name: 'in proportion to f³', weight: (cell: number) => field(cell) ** 3, unit: 'k_B·T' as const },
  ];
  return [
    ...powers
      .map(({ name, ...rest }) => ({ name, members: [{ name, cells: all, ...rest }] }))
      .filter(({ members: [member] }) => member !== undefined && all.some((cell) => member.weight(cell) !== 0)),
    { name: 'by field', members: bins },
    {
      name: 'by spin',
      members: spins.map((spin) => ({
        name: `spin ${spin}`,
        cells: cellsOf(spin),
        weight: () => 1,
        unit: 'probability' as const,
      })),
    },
    {
      name: 'by directed edge',
      members: spins.flatMap((spin) =>
        (table.neighbours[spin] ?? []).map((neighbour, bit) => ({
          name: `${neighbour} on ${spin}`,
          cells: cellsOf(spin),
          weight: (cell: number) => (((cell - (table.first[spin] as number)) >>> bit) & 1 ? 1 : -1),
          unit: 'k_B·T' as const,
        })),
      ),
    },
  ];
}

function cellMember(
  { table, trials, ups }: UpdateResiduals,
  tolerances: Tolerances,
  { name, cells, weight, unit }: Weighted,
): Member {
  let [sum, variance, least, most, largest] = [0, 0, 0, 0, 0];
  let [count, observed, expected] = [0, 0, 0];
  for (const cell of cells) {
    const n = trials[cell] as number;
    if (n === 0) continue;
    const g = weight(cell);
    const p = table.p[cell] as number;
    const { low, high } = admittedBand({ p, f: table.field[cell] as number }, tolerances);
    const nearest = Math.min(high, Math.max(low, 0.5));
    sum += g * ((ups[cell] as number) - n * p);
    variance += g * g * n * nearest * (1 - nearest);
    least += n * Math.min(g * (low - p), g * (high - p));
    most += n * Math.max(g * (low - p), g * (high - p));
    largest = Math.max(largest, Math.abs(g));
    count += n;
    observed += ups[cell] as number;
    expected += n * p;
  }
  const outside = sum - Math.min(most, Math.max(least, sum));
  // The score of a field that is off by ε·g is Σ g·r, its information 4·V per unit of 2ε: one step of Newton's method estimates ε.
  const scale = unit === 'probability' ? count : 2 * variance;
  return {
    name,
    p: largest === 0 ? 1 : residualP(outside, variance, { maxWeight: largest }),
    observed: observed / Math.max(1, count),
    expected: expected / Math.max(1, count),
    ...(scale === 0
      ? {}
      : { effect: meanEffect({ name, unit, mean: sum / scale, standardError: Math.sqrt(variance) / scale }) }),
  };
}

function drawFamilies(
  { lags, pairs, rowPairs, table, order }: UpdateResiduals,
  { loaded, tolerances }: { readonly loaded: LoadedProbe; readonly tolerances: Tolerances },
): readonly { readonly name: string; readonly members: readonly Member[] }[] {
  const drift = largestDrift(table, tolerances);
  const { spins } = table;
  const { place, sign, layout } = loaded.disguise;
  const { colors } = loaded.probe;
  const bank = (spin: number): number => (layout === 'one-bank' ? 0 : (colors[spin] as number));
  const inOrder = pairs.sum.length === 0 ? [] : pairsOf(spins);
  const spinPairs = inOrder.map(([a, b]) => {
    const [i, j] = [order[a] as number, order[b] as number];
    const apart = bank(i) === bank(j) ? Math.abs((place[i] as number) - (place[j] as number)) : 0;
    // In the device's own signs, so that what draws have in common adds up.
    const gauge = (sign[i] as number) * (sign[j] as number);
    const coupled = (table.neighbours[i] ?? []).includes(j);
    return { i, j, apart, gauge, coupled, at: a * spins + b, first: a * spins };
  });
  const pooled = (name: string, chosen: typeof spinPairs): Member[] => {
    if (chosen.length === 0) return [];
    const total = { sum: 0, variance: 0, weight: 0, terms: 0 };
    for (const { at, first, gauge } of chosen) {
      total.sum += gauge * (pairs.sum[at] as number);
      total.variance += pairs.variance[at] as number;
      total.weight += pairs.weight[first] as number;
      total.terms += pairs.terms[first] as number;
    }
    return [drawMember(name, total, drift)];
  };
  return [
    { name: 'lags', members: membersOf(lags, drift, (n) => `${n + 1} sweeps apart`) },
    {
      name: 'pairs of spins',
      members: spinPairs.map(({ i, j, at, first }) =>
        drawMember(`spins ${i} and ${j}`, entry(pairs, at, first), drift),
      ),
    },
    {
      name: 'draws side by side',
      members: [
        ...distances.flatMap((apart) =>
          pooled(
            `${apart} apart in a bank`,
            spinPairs.filter((pair) => pair.apart === apart),
          ),
        ),
        ...pooled(
          'coupled spins',
          spinPairs.filter(({ coupled }) => coupled),
        ),
      ],
    },
    {
      name: 'pairs of rows',
      members: membersOf(rowPairs, drift, (at) => `rows ${Math.floor(at / rowsCompared)} and ${at % rowsCompared}`),
    },
  ];
}

interface DrawSum {
  readonly sum: number;
  readonly variance: number;
  readonly weight: number;
  readonly terms: number;
}

const entry = ({ sum, variance, weight, terms }: ResidualSums, at: number, first = at): DrawSum => ({
  sum: sum[at] as number,
  variance: variance[at] as number,
  weight: weight[first] as number,
  terms: terms[first] as number,
});

/** Of every entry that has terms. */
function membersOf(sums: ResidualSums, drift: number, nameOf: (at: number) => string): Member[] {
  return [...sums.terms.keys()]
    .filter((at) => (sums.terms[at] as number) > 0)
    .map((at) => drawMember(nameOf(at), entry(sums, at), drift));
}

function drawMember(name: string, { sum, variance, weight, terms }: DrawSum, drift: number): Member {
  const admitted = weight * drift;
  const outside = sum - Math.min(admitted, Math.max(-admitted, sum));
  // Σ r r′ over Σ v, with the root mean square of v = √(V / terms): a correlation whose standard error is 1 / √terms.
  const scale = Math.sqrt(variance * terms);
  return {
    name,
    p: residualP(outside, variance + admitted, { maxWeight: 1 }),
    observed: scale === 0 ? 0 : sum / scale,
    expected: 0,
    ...(scale === 0
      ? {}
      : { effect: meanEffect({ name, unit: 'correlation', mean: sum / scale, standardError: 1 / Math.sqrt(terms) }) }),
  };
}

/** By how much a tolerant device may miss the probability of an update, at most. */
function largestDrift(table: UpdateTable, tolerances: Tolerances): number {
  let drift = 0;
  for (const [cell, p] of table.p.entries()) {
    const { low, high } = admittedBand({ p, f: table.field[cell] as number }, tolerances);
    drift = Math.max(drift, p - low, high - p);
  }
  return drift;
}

const pairsOf = (n: number): (readonly [number, number])[] =>
  Array.from({ length: n }, (_, a) => a).flatMap((a) =>
    Array.from({ length: n - a - 1 }, (_, b) => [a, a + b + 1] as const),
  );
