/** law.soak: a long run, watched for drift by evidence that may be looked at any time. */

import { gridProbe } from '../../probes/graphs.ts';
import { anytimeP, bernoulliProxy, normalMixtureLog } from '../../statistics/e-process.ts';
import { type Hypothesis, type StatisticalCheck, TooFewSamples } from '../check.ts';
import { consecutiveStates, waysOf } from './consecutive-states.ts';
import { gridWithin } from './probe-size.ts';
import { UpdateResiduals } from './update-residuals.ts';
import { UpdateTable } from './update-table.ts';

/** A weight of single updates, and the evidence against the law that it has gathered. */
interface Watched {
  readonly name: string;
  readonly cells: readonly number[];
  readonly weight: (cell: number) => number;
  /** Grows from −1 to 1 over the soak, or stays 1. */
  readonly drift: boolean;
  sum: number;
  proxy: number;
  largest: number;
}

export const lawSoak: StatisticalCheck = {
  plan: {
    id: 'law.soak',
    version: 2,
    row: 28,
    chapter: 'distribution',
    title: 'Over a long run, updates keep to the law: no drift of β, of fields or of single spins.',
    how: 'As law.update, on one grid, for 2^28 updates. Evidence is looked at after every run of 65 536 updates or so, and the soak ends early once it is beyond doubt (p ≤ 10⁻⁶), which an e-process allows.',
    kind: 'statistical',
    statistic:
      'For residuals weighed by 1, f, f², f³ and by spin, each constant in time and growing with time, a normal-mixture e-process; p = 1 / its largest value (Ville), Bonferroni over weights.',
    samples:
      '2^28 updates at certify, fewer where the law is clearly broken: a factor of β that drifts by ε to either side is found with about 2·ln(1e3·m·√(1 + n/ρ)) / (4 E[v f²] ε²) updates.',
    resolution: {
      quick: 'not run',
      standard: 'not run',
      certify: 'a steady β error of 0.15 %, a drift of β by ± 0.25 %, one spin’s bias of 0.003',
    },
    level: 'certify',
    clauses: ['1.3', '4.6', '6'],
    needs: ['sweeps', 'single-spin', 'snapshots', 'sharp-law'],
    kills: ['M01', 'M51'],
    blindTo: ['M23', 'M24', 'M25'],
    conservative:
      'Evidence is an upper bound at any stopping time: p below 0.05 is ten times rarer than nominal or more.',
    since: '0.1.0',
  },
  async sample(c) {
    const lab = await c.open();
    const [way] = waysOf(lab.profile);
    if (way === undefined || way === 'snapshot') throw new TooFewSamples('the device shows no consecutive states');
    const updates = c.samples(c.byLevel({ quick: 2 ** 19, standard: 2 ** 22, certify: 2 ** 28 }));
    const random = c.random('soak');
    const loaded = await lab.loadProbe(gridProbe(...gridWithin(lab.profile, 8), random.fork('grid')), random);
    const table = new UpdateTable(loaded);
    const watched = watchedOf(table);
    let seen = 0;
    for await (const history of consecutiveStates(loaded, way, { updates, random: random.fork('runs') })) {
      const residuals = new UpdateResiduals(table, { draws: false });
      residuals.addHistory(history);
      seen += residuals.updates;
      const progress = Math.min(1, Math.max(-1, (2 * seen) / updates - 1));
      for (const each of watched) watch(each, residuals, { progress, scale: updates / 100 });
      if (hypothesesOf(watched, seen).some(({ p }) => p <= beyondDoubt)) break;
    }
    return hypothesesOf(watched, seen);
  },
};

/** Evidence at which a soak ends: a thousandth of what a stage rejects at. */
const beyondDoubt = 1e-6;

function hypothesesOf(watched: readonly Watched[], seen: number): readonly Hypothesis[] {
  return ['steady', 'drifting'].map((name) => {
    const chosen = watched.filter(({ drift }) => drift === (name === 'drifting'));
    const worst = chosen.reduce((a, b) => (b.largest > a.largest ? b : a));
    return {
      name: `${name} (most evidence: ${worst.name})`,
      p: Math.min(1, chosen.length * anytimeP(worst.largest)),
      n: seen,
      table: chosen
        .toSorted((a, b) => b.largest - a.largest)
        .slice(0, 8)
        .map((each) => ({ label: `${each.name}, ln of the evidence`, observed: each.largest, expected: 0 })),
    };
  });
}

function watchedOf(table: UpdateTable): readonly Watched[] {
  const all = [...table.p.keys()];
  const field = (cell: number): number => table.field[cell] as number;
  const one = (): number => 1;
  const weights = [
    { name: 'all updates', cells: all, weight: one },
    { name: 'f', cells: all, weight: field },
    { name: 'f²', cells: all, weight: (cell: number) => field(cell) ** 2 },
    { name: 'f³', cells: all, weight: (cell: number) => field(cell) ** 3 },
    ...table.neighbours.map((_, spin) => ({
      name: `spin ${spin}`,
      cells: all.slice(table.first[spin], table.first[spin + 1]),
      weight: one,
    })),
  ];
  return weights.flatMap((each) =>
    [false, true].map((drift) => ({
      ...each,
      name: drift ? `${each.name}, drifting` : each.name,
      drift,
      sum: 0,
      proxy: 0,
      largest: 0,
    })),
  );
}

function watch(
  each: Watched,
  { table, trials, ups }: UpdateResiduals,
  { progress, scale }: { readonly progress: number; readonly scale: number },
): void {
  const time = each.drift ? progress : 1;
  let largestWeight = 0;
  for (const cell of each.cells) {
    const n = trials[cell] as number;
    const p = table.p[cell] as number;
    const g = time * each.weight(cell);
    each.sum += g * ((ups[cell] as number) - n * p);
    each.proxy += g * g * n * bernoulliProxy(p);
    largestWeight = Math.max(largestWeight, Math.abs(each.weight(cell)));
  }
  const share = each.cells.length / table.cells;
  each.largest = Math.max(each.largest, normalMixtureLog(each.sum, each.proxy, scale * share * largestWeight ** 2));
}
