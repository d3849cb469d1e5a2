import { unpackSpins } from '@isinglass/sdk';
import { anyStart } from '../../lab/uniform-start.ts';
import { heldSpins } from '../../probes/affordable.ts';
import { coinProbe } from '../../probes/graphs.ts';
import { binomialBandP } from '../../statistics/binomial.ts';
import type { Hypothesis, StatisticalCheck } from '../check.ts';
import { admittedBand } from '../distribution/tolerance-band.ts';

const spinsWanted = 64;

/** The tie rule, seen by signs alone. */
export const outTie: StatisticalCheck = {
  plan: {
    id: 'out.tie',
    version: 1,
    row: 42,
    chapter: 'readout',
    title: 'Signs alone follow the tie rule where sums may be zero.',
    how: '64 free coins, 2 samples, signs without sums: P(sum = 0) = 1/2, so that a sign is up with probability 3/4 under a tie of +1 and 1/4 under −1.',
    kind: 'statistical',
    statistic:
      'two-sided binomial p of the signs that are up, for each tie, the largest over the band of a tolerant device; Holm',
    samples: '64 images of 64 spins for each tie',
    resolution: {
      quick: 'a tie rule that is ignored in a tenth of all ties',
      standard: 'the same',
      certify: 'the same',
    },
    level: 'quick',
    clauses: ['2.2'],
    needs: ['single-spin', 'signs', 'spin-sum'],
    kills: ['M41'],
    blindTo: ['M40', 'M45'],
    since: '0.1.0',
  },
  async sample(c): Promise<readonly Hypothesis[]> {
    const random = c.random('coins');
    const lab = await c.open();
    const loaded = await lab.loadProbe(coinProbe(heldSpins(c.profile, spinsWanted)), random);
    const wanted = c.samples(64);
    const hypotheses: Hypothesis[] = [];
    for (const tie of [1, -1] as const) {
      let [up, n] = [0, 0];
      for (let left = wanted; left > 0; left -= loaded.rowsPerRun()) {
        const images = Math.min(left, loaded.rowsPerRun());
        const stride = c.profile.readout.strideMin;
        const start = anyStart(loaded, images);
        const run = { images, sweeps: 2 * stride, stride, start, tie, seed: random.bits64() };
        const { readouts } = await loaded.run({ ...run, observable: 'spin-sum', as: 'signs' });
        // In the device's own signs: the tie is theirs, and the coins are fair in either.
        for (const { signs } of readouts) {
          if (signs === undefined) throw new Error('a readout of signs has none');
          up += unpackSpins(signs).filter((sign) => sign > 0).length;
          n += images * signs.spinCount;
        }
      }
      const { low, high } = admittedBand({ p: 0.5, f: 0 }, c.tolerances);
      const chance = (p: number): number => (tie > 0 ? 1 - (1 - p) ** 2 : p ** 2);
      hypotheses.push({
        name: `tie ${tie}`,
        p: binomialBandP(up, n, chance(low), chance(high)),
        n,
        table: [{ label: 'up', observed: up, expected: n * chance(0.5) }],
      });
    }
    return hypotheses;
  },
};
