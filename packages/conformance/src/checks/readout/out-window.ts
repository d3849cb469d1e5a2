import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import { spinSums } from '../../lab/spin-sums.ts';
import { uniformStart } from '../../lab/uniform-start.ts';
import { pointLaw, uniformLaw, windowSumLaw } from '../../oracle/exact-law.ts';
import { gridWithin } from '../../probes/affordable.ts';
import { gridProbe } from '../../probes/graphs.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import type { Hypothesis, StatisticalCheck } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { cellsHypothesis } from '../exact-cells.ts';
import { sweepsOf, type Window, windowRun } from './windows.ts';

/** The law of what is summed, over all ways in which a window may be placed wrongly. */
export const outWindow: StatisticalCheck = {
  plan: {
    id: 'out.window',
    version: 1,
    row: 40,
    chapter: 'readout',
    title: 'Sums over a window have the exact law of the retained sweeps.',
    how: 'A grid of 2×3 spins from all up (from uniform states where starts cannot be given), K of 1, 2, 7 and 8, burn-in of 0, 1 and 2, strides of 1 and 2, sweeps left over.',
    kind: 'statistical',
    statistic:
      'Monte-Carlo p of Pearson’s χ² of the sum of one spin against the dynamic program over (state, sum), for every window and spin; Holm',
    samples: '2048 rows of each window (8192 at standard, 32768 at certify): L(K)/Λ',
    resolution: {
      quick: 'Λ = 0.03 per row in the sum of one spin: one sweep more or less at K = 7 has 0.1 and more',
      standard: 'Λ = 0.007',
      certify: 'Λ = 0.002',
    },
    level: 'quick',
    clauses: ['1.6', '1.7', '2.1'],
    needs: ['sweeps', 'single-spin', 'snapshots', 'sharp-law'],
    kills: ['M38', 'M39', 'M40'],
    blindTo: ['M24', 'M29', 'M45'],
    since: '0.1.0',
  },
  async sample(c): Promise<readonly Hypothesis[]> {
    const random = c.random('grid');
    const lab = await c.open();
    const grid = gridWithin(c.profile, { rows: 2, columns: 3 });
    const loaded = await lab.loadProbe(gridProbe(grid.rows, grid.columns, random), random);
    const rows = c.samples(c.byLevel({ quick: 2048, standard: 8192, certify: 32_768 }));
    const hypotheses: Hypothesis[] = [];
    for (const window of windowsOf(c)) {
      const start = startOf(c, loaded, rows, random);
      const run = { ...windowRun(window), images: rows, seed: random.bits64(), start: start.start };
      const sums = await spinSums(loaded, run);
      for (let spin = 0; spin < loaded.spins; spin++) {
        const law = windowSumLaw(loaded.law(), { ...window, start: start.law, spin });
        const counts = new Int32Array(window.kept + 1);
        for (let row = 0; row < rows; row++) {
          const ups = ((sums[row * loaded.spins + spin] as number) + window.kept) / 2;
          if (counts[ups] === undefined) return [impossible(window, sums[row * loaded.spins + spin] as number, rows)];
          counts[ups] = (counts[ups] as number) + 1;
        }
        const cells = Array.from(counts, (count, ups) => ({
          label: String(2 * ups - window.kept),
          count,
          probability: law[ups] as number,
        }));
        hypotheses.push(cellsHypothesis(`${textOf(window)}, spin ${spin}`, cells, random));
      }
    }
    return hypotheses;
  },
};

function windowsOf({ profile }: CheckContext): readonly Window[] {
  const least = profile.readout.strideMin;
  return [
    { burnIn: 0, stride: least, kept: 1, left: 0 },
    { burnIn: 1, stride: least, kept: 2, left: 0 },
    { burnIn: 2, stride: least, kept: 7, left: 0 },
    { burnIn: 0, stride: least + 1, kept: 8, left: 1 },
  ];
}

const textOf = (window: Window): string =>
  `K ${window.kept} of ${sweepsOf(window)} sweeps, burn-in ${window.burnIn}, stride ${window.stride}`;

/** All up shows the first sweeps best. */
function startOf({ profile }: CheckContext, loaded: LoadedProbe, rows: number, random: RandomStream) {
  const { spins } = loaded;
  if (profile.init.includes('given')) {
    return { start: { given: new Int8Array(rows * spins).fill(1) }, law: pointLaw(spins, 2 ** spins - 1) };
  }
  return { start: uniformStart(loaded, rows, random), law: uniformLaw(spins) };
}

/** A sum that no window of K samples has. */
const impossible = (window: Window, sum: number, n: number): Hypothesis => ({
  name: `${textOf(window)}: a sum of ${sum}`,
  p: 0,
  n,
});
