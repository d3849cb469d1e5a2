import { transitions } from '../../lab/transitions.ts';
import { gridWithin } from '../../probes/affordable.ts';
import { gridProbe } from '../../probes/graphs.ts';
import { residualP } from '../../statistics/martingale.ts';
import type { Hypothesis, StatisticalCheck } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { admittedBand } from '../distribution/tolerance-band.ts';
import { UpdateTable } from '../distribution/update-table.ts';
import { type Member, worstOf } from '../worst-of.ts';

/** Every site that the profile declares is updated, and every coupling couples, both ways. */
export const capSites: StatisticalCheck = {
  plan: {
    id: 'cap.sites',
    version: 2,
    row: 9,
    chapter: 'capability',
    title: 'Every declared site flips as its neighbours say, and every coupling acts in both directions.',
    how: 'One sweep of a square grid as large as the profile and the level allow, couplings of 0.3 to 0.7 of either sign, fields up to 0.4, from uniform states; every update with its true conditioning set.',
    kind: 'statistical',
    statistic:
      'residual sums of every site, Σ(s − p), of every site by its own value before, Σ s_i(before) (s_i − p_i), and of every coupling in each direction, Σ s_j (s_i − p_i), with the tails of residualP; Bonferroni over sites and over directions, Holm over all three',
    samples:
      '1024 sweeps of 256 sites (1024 from standard on, 4096 at certify): K(m)/δ² with m = 960 directions at δ = 0.25 asks for 1030',
    resolution: {
      quick:
        'a site that is frozen (where states before the sweep are known; of the first color elsewhere) or off by 0.12; a coupling of 0.3 that is lost in one direction; 256 sites',
      standard: 'the same, 1024 sites',
      certify: 'the same, 4096 sites',
    },
    level: 'quick',
    clauses: ['1.3', '1.5', '3.6', 'profile: spins.max'],
    needs: ['sweeps', 'single-spin', 'snapshots'],
    kills: ['M09', 'M10', 'M11'],
    blindTo: ['M24', 'M29', 'M40'],
    conservative:
      'about 2.5 at p = 1e-3: residualP takes the most skewed sum, which counts at the far tails of a thousand directions',
    since: '0.1.0',
  },
  async sample(c): Promise<readonly Hypothesis[]> {
    const random = c.random('sites');
    const { rows, columns } = shapeOf(c);
    const lab = await c.open();
    const grid = gridProbe(rows, columns, random);
    const n = c.samples(1024);
    const sites: Member[] = [];
    const kept: Member[] = [];
    const edges: Member[] = [];
    // Where only the last color's neighbours are seen, the colors are exchanged for a second turn.
    for (const turn of [0, 1] as const) {
      const colors = grid.colors.map((color) => (color ^ turn) as 0 | 1);
      const loaded = await lab.loadProbe({ ...grid, colors }, random);
      const { before, after } = await transitions(loaded, { rows: n, random });
      const table = new UpdateTable(loaded);
      const states = { before: before?.values ?? null, after: after.values, rows: n };
      for (const { spin, sum, own, directed, ...rest } of residuals(c, table, states)) {
        sites.push(memberOf(`site ${spin}`, { sum, ...rest }));
        if (own !== null) kept.push(memberOf(`site ${spin} on itself`, { ...rest, sum: own }));
        for (const [k, from] of (table.neighbours[spin] as readonly number[]).entries()) {
          edges.push(memberOf(`${from} on ${spin}`, { ...rest, sum: directed[k] as number }));
        }
      }
      await lab.unload(loaded.loaded);
      if (before !== null) break;
    }
    return [
      worstOf('sites', sites, { n }),
      ...(kept.length === 0 ? [] : [worstOf('sites that keep their value', kept, { n })]),
      worstOf('directed couplings', edges, { n }),
    ];
  },
};

/** A square, or a path where spins have fewer than four neighbours. */
function shapeOf(c: CheckContext): { readonly rows: number; readonly columns: number } {
  const side = c.byLevel({ quick: 16, standard: 32, certify: 64 });
  return gridWithin(c.profile, { rows: side, columns: side });
}

interface Residuals {
  readonly spin: number;
  readonly sum: number;
  /**
   * Σ s_i(before) (s_i − p_i): a frozen site of the last color has neighbours that have just followed it, so that it looks as if it followed them. Null where
   * states before are not known.
   */
  readonly own: number | null;
  readonly variance: number;
  /** How far tolerances may have moved the sum. */
  readonly admitted: number;
  /** Σ s_j (s_i − p_i) by neighbour. */
  readonly directed: Float64Array;
}

function residuals(
  c: CheckContext,
  table: UpdateTable,
  o: { readonly before: Int8Array | null; readonly after: Int8Array; readonly rows: number },
): readonly Residuals[] {
  const widths = Float64Array.from(table.p, (p, cell) => {
    const { low, high } = admittedBand({ p, f: table.field[cell] as number }, c.tolerances);
    return Math.max(high - p, p - low);
  });
  const [first = [], last = first] = table.colors;
  const known = o.before === null ? last : [...first, ...(table.colors.length > 1 ? last : [])];
  const ofFirst = new Set(table.colors.length > 1 ? first : []);
  return known.map((spin) => {
    // The first color saw the states before, the second what the first had become.
    const seen = ofFirst.has(spin) ? (o.before ?? o.after) : o.after;
    const neighbours = table.neighbours[spin] as readonly number[];
    const directed = new Float64Array(neighbours.length);
    let [sum, own, variance, admitted] = [0, 0, 0, 0];
    for (let row = 0; row < o.rows; row++) {
      const at = row * table.spins;
      const cell = table.cellOf(spin, seen, at);
      const p = table.p[cell] as number;
      const residual = ((o.after[at + spin] as number) > 0 ? 1 : 0) - p;
      sum += residual;
      own += residual * (o.before?.[at + spin] ?? 0);
      variance += p * (1 - p);
      admitted += widths[cell] as number;
      for (let k = 0; k < neighbours.length; k++) {
        directed[k] = (directed[k] as number) + residual * (seen[at + (neighbours[k] as number)] as number);
      }
    }
    return { spin, sum, own: o.before === null ? null : own, variance, admitted, directed };
  });
}

function memberOf(
  label: string,
  { sum, variance, admitted }: Pick<Residuals, 'sum' | 'variance' | 'admitted'>,
): Member {
  const beyond = Math.max(0, Math.abs(sum) - admitted);
  const p = beyond === 0 ? 1 : residualP(beyond, variance, { maxWeight: 1 });
  return { label, p, observed: sum, expected: 0 };
}
