import { anyStart } from '../../lab/uniform-start.ts';
import { gridWithin } from '../../probes/affordable.ts';
import { gridProbe } from '../../probes/graphs.ts';
import type { Finding, LogicalCheck } from '../check.ts';
import { must } from '../findings.ts';
import { randomWindow, windowRun, within } from './windows.ts';

/** What every sum of spins obeys, whatever the law. */
export const outParity: LogicalCheck = {
  plan: {
    id: 'out.parity',
    version: 1,
    row: 39,
    chapter: 'readout',
    title: 'Sums of spins have the parity of K·chains and are no larger.',
    how: 'A grid of 4×4 spins, random windows (burn-in, stride, K, sweeps left over), images and chains.',
    kind: 'logical',
    statistic: 'sum ≡ K·chains (mod 2), |sum| ≤ K·chains, every sum an integer, as many as there are images and spins',
    samples: '24 runs (96 from standard on) of up to 3 images, 3 chains and 9 samples',
    resolution: { quick: 'any deviation', standard: 'any deviation', certify: 'any deviation' },
    level: 'quick',
    clauses: ['1.7', '2.1', '2.4', '2.6'],
    needs: ['sweeps', 'single-spin', 'spin-sum'],
    kills: ['M40', 'M42'],
    blindTo: ['M01', 'M45'],
    since: '0.1.0',
  },
  async run(c) {
    const random = c.random('grid');
    const lab = await c.open();
    const { rows, columns } = gridWithin(c.profile, { rows: 4, columns: 4 });
    const loaded = await lab.loadProbe(gridProbe(rows, columns, random), random);
    const findings: Finding[] = [];
    for (let n = 1; n <= c.byLevel({ quick: 24, standard: 96, certify: 96 }); n++) {
      const window = randomWindow(c.profile, random, 9);
      const { images, chains } = within(c.profile, { images: random.integer(1, 3), chains: random.integer(1, 3) });
      const start = anyStart(loaded, images * chains);
      const run = { ...windowRun(window), images, chains, seed: random.bits64(), start };
      const result = await loaded.run({ ...run, observable: 'spin-sum' });
      const samples = window.kept * chains;
      const name = `run ${n}: ${window.kept} samples of ${chains} chains`;
      for (const [k, { sums }] of result.readouts.entries()) {
        const odd = [...(sums ?? [])].filter((sum) => !Number.isInteger(sum) || (sum - samples) % 2 !== 0);
        const large = [...(sums ?? [])].filter((sum) => Math.abs(sum) > samples);
        findings.push(
          must(`${name}, parity in readout ${k}`, odd.length === 0, `≡ ${samples} (mod 2)`, odd.slice(0, 4).join(', ')),
          must(`${name}, size in readout ${k}`, large.length === 0, `≤ ${samples}`, large.slice(0, 4).join(', ')),
        );
      }
      const count = result.readouts.reduce((sum, { sums }) => sum + (sums?.length ?? 0), 0);
      findings.push(must(`${name}, sums`, count === images * loaded.spins, `${images * loaded.spins}`, `${count}`));
    }
    return findings;
  },
};
