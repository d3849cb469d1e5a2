import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import type { ProbeLaw } from '../../lab/probe-law.ts';
import { uniformStart } from '../../lab/uniform-start.ts';
import { lawAfter, spinsOfPattern, sweepKernelApply, uniformLaw } from '../../oracle/exact-law.ts';
import { gridWithin } from '../../probes/affordable.ts';
import { gridProbe } from '../../probes/graphs.ts';
import type { Hypothesis, StatisticalCheck } from '../check.ts';
import { cellsHypothesis } from '../exact-cells.ts';

/** Sweeps before the one whose terms are read. */
const before = 1;

/** The term of a conditional sum belongs to the field that the update used. */
export const outConditionalLaw: StatisticalCheck = {
  plan: {
    id: 'out.conditional-law',
    version: 1,
    row: 42,
    chapter: 'readout',
    title:
      'Terms of conditional sums have the law of the fields that the updates of the retained sweep used, so their mean is that of the spins.',
    how: 'A grid of 2×3 spins, two sweeps from uniform states, the second retained: the term of a spin is a function of its neighbours as its update saw them (earlier colors new, later colors old).',
    kind: 'statistical',
    statistic:
      'Monte-Carlo p of Pearson’s χ² of the values of the term against their exact law, for each spin; a value that no neighbourhood has counts as p = 0 (± 2 under the real law); Holm',
    samples: '2048 rows (8192 at standard, 32768 at certify): L(7)/Λ',
    resolution: {
      quick: 'Λ = 0.03 per row: terms of the state before the sweep have more',
      standard: 'Λ = 0.007',
      certify: 'Λ = 0.002',
    },
    level: 'quick',
    clauses: ['2.1'],
    needs: ['sweeps', 'single-spin', 'conditional-sum', 'sharp-law'],
    kills: ['M04', 'M03'],
    blindTo: ['M24', 'M29'],
    since: '0.1.0',
  },
  async sample(c): Promise<readonly Hypothesis[]> {
    const random = c.random('grid');
    const lab = await c.open();
    const grid = gridWithin(c.profile, { rows: 2, columns: 3 });
    const loaded = await lab.loadProbe(gridProbe(grid.rows, grid.columns, random), random);
    const wanted = c.samples(c.byLevel({ quick: 2048, standard: 8192, certify: 32_768 }));
    const laws = termLaws(loaded);
    const counts = laws.map((law) => new Map<number, number>([...law.keys()].map((value) => [value, 0])));
    const allowed = loaded.program.json.law.kind === 'real' ? 2 : 0;
    const stride = c.profile.readout.strideMin;
    for (let left = wanted; left > 0; left -= loaded.rowsPerRun()) {
      const images = Math.min(left, loaded.rowsPerRun());
      const start = uniformStart(loaded, images, random);
      const run = { images, sweeps: before + stride, burnIn: before, stride, start, seed: random.bits64() };
      const sums = loaded.sumsOf(await loaded.run({ ...run, observable: 'conditional-sum' }), images);
      for (const [at, sum] of sums.entries()) {
        const spin = at % loaded.spins;
        const own = counts[spin] as Map<number, number>;
        const value = [...own.keys()].find((each) => Math.abs(each - sum) <= allowed);
        if (value === undefined) return [{ name: `spin ${spin}: a term of ${sum}`, p: 0, n: wanted }];
        own.set(value, (own.get(value) as number) + 1);
      }
    }
    return laws.map((law, spin) => {
      const cells = [...law].map(([value, probability]) => ({
        label: String(value),
        count: counts[spin]?.get(value) ?? 0,
        probability,
      }));
      return cellsHypothesis(`spin ${spin}`, cells, random);
    });
  },
};

/** Exact probability of every value 2T − 65536 of each spin's term in sweep `before` + 1 … of its stride. */
function termLaws(loaded: LoadedProbe): readonly ReadonlyMap<number, number>[] {
  const law = loaded.law();
  const stride = loaded.lab.profile.readout.strideMin;
  let p = lawAfter(uniformLaw(loaded.spins), law, before + stride - 1);
  const laws = Array.from({ length: loaded.spins }, () => new Map<number, number>());
  for (const color of law.colors) {
    for (const [state, probability] of p.entries()) {
      const spins = spinsOfPattern(state, loaded.spins);
      for (const spin of color) {
        const value = Math.round(2 * 65536 * law.up(spin, spins)) - 65536;
        const own = laws[spin] as Map<number, number>;
        own.set(value, (own.get(value) ?? 0) + probability);
      }
    }
    const half: ProbeLaw = { ...law, colors: [color] };
    p = sweepKernelApply(p, half);
  }
  return laws;
}
