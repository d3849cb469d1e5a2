import { anyStart } from '../../lab/uniform-start.ts';
import { gridWithin } from '../../probes/affordable.ts';
import { gridProbe } from '../../probes/graphs.ts';
import type { Finding, LogicalCheck } from '../check.ts';
import { must, sameNumbers } from '../findings.ts';
import { randomWindow, windowRun, within } from './windows.ts';

/** Being watched changes nothing: the same bits. */
export const outTraceBits: LogicalCheck = {
  plan: {
    id: 'out.trace-bits',
    version: 1,
    row: 0,
    chapter: 'readout',
    title: 'A traced run gives the bits of the untraced one.',
    how: 'A grid of 5×5 spins; the same request with and without a listener, in random order; random windows, images and chains.',
    kind: 'logical',
    statistic: 'equality of sums (states where there are no sums) and last states',
    samples: '12 pairs of runs (48 from standard on)',
    resolution: { quick: 'any bit', standard: 'any bit', certify: 'any bit' },
    level: 'quick',
    clauses: ['6', 'contract: a traced run goes through the same kernels as an untraced one'],
    needs: ['sweeps', 'single-spin', 'trace', 'repeatable'],
    kills: ['traced-path'],
    blindTo: ['M01', 'M04', 'M45'],
    since: '0.1.0',
  },
  async run(c) {
    const random = c.random('grid');
    const lab = await c.open();
    const { rows, columns } = gridWithin(c.profile, { rows: 5, columns: 5 });
    const loaded = await lab.loadProbe(gridProbe(rows, columns, random), random);
    const findings: Finding[] = [];
    for (let n = 1; n <= c.byLevel({ quick: 12, standard: 48, certify: 48 }); n++) {
      const window = randomWindow(c.profile, random, 5);
      const { images, chains } = within(c.profile, { images: random.integer(1, 3), chains: random.integer(1, 2) });
      const start = anyStart(loaded, images * chains);
      const run = { ...windowRun(window), images, chains, start, seed: random.bits64(), keep: 'host' as const };
      let heard = 0;
      const traced = () => loaded.run({ ...run, trace: () => void heard++ });
      const tracedFirst = random.sign() > 0;
      const first = await (tracedFirst ? traced() : loaded.run(run));
      const second = await (tracedFirst ? loaded.run(run) : traced());
      for (const [k, readout] of first.readouts.entries()) {
        const other = second.readouts[k];
        findings.push(
          sameNumbers(
            `pair ${n}: readout ${k}`,
            readout.sums ?? readout.states?.words ?? [],
            other?.sums ?? other?.states?.words ?? [],
          ),
        );
      }
      const lasts = [first, second].map(({ last }) => (last === undefined ? [] : loaded.fromBanks(last).values));
      findings.push(
        sameNumbers(`pair ${n}: last state`, lasts[0] ?? [], lasts[1] ?? []),
        must(`pair ${n}: listener`, heard === run.sweeps + 1, `${run.sweeps + 1} calls`, `${heard}`),
      );
    }
    return findings;
  },
};
