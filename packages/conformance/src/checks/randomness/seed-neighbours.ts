/** Row 50, law: runs of neighbouring seeds are not correlated. */
import { loadCoins, rowsWithin, showsHistory, type Tosses, tosses } from '../../lab/coins.ts';
import { binomialBandP } from '../../statistics/binomial.ts';
import { proportionEffect } from '../../statistics/effect.ts';
import type { Hypothesis, StatisticalCheck } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { familyHypothesis, type Member } from '../distribution/family.ts';
import { agreementBand } from './agreement-band.ts';

const lagsMax = 2;
const spinsWanted = 32;
const rowsWanted = 8;

export const seedNeighbours: StatisticalCheck = {
  plan: {
    id: 'seed.neighbours',
    version: 1,
    row: 50,
    chapter: 'randomness',
    title: 'Runs whose seeds are neighbours or differ in one bit are not correlated.',
    how: 'Spins without field, the same run at eight seeds: s to s + 3, and s with bit 16, 31, 32 or 63 flipped. For each pair of seeds and each lag 0 to 2, both ways: how often a spin agrees with the same spin of the other run, that many samples later.',
    kind: 'statistical',
    statistic:
      'Agreements of a pair at a lag: binomial with p = ½. One hypothesis for each lag, Bonferroni over pairs, Holm over lags. Devices with tolerances τ: p within ½ ± 2τ².',
    samples:
      'N = spins · images · samples of each pair and lag, K(m)/ρ² with m = 140 and K = 58: 8,192 (quick), 65,536, 524,288.',
    resolution: { quick: 'ρ = 0.084', standard: 'ρ = 0.030', certify: 'ρ = 0.011' },
    level: 'quick',
    clauses: ['5.1', '6'],
    needs: ['single-spin'],
    kills: ['M28', 'M30'],
    blindTo: ['M23', 'M24'],
    since: '0.1.0',
    conservative: 'binomial p-values and Bonferroni over dependent pairs: about 0.8 of nominal',
  },
  async sample(c) {
    const lab = await c.open();
    const coins = await loadCoins(lab, spinsWanted, c.random('coins'));
    const random = c.random('seeds');
    const history = showsHistory(c.profile);
    const { images } = rowsWithin(c.profile, { images: rowsWanted, chains: 1 });
    const wanted = c.samples(c.byLevel({ quick: 8192, standard: 65536, certify: 524288 }));
    const samples = Math.ceil(wanted / (coins.spins * images));
    const most = history ? samplesAtOnce : 1;
    const pieces: (readonly Tosses[])[] = [];
    for (let done = 0; done < samples; done += most) {
      const seeds = neighboursOf(random.bits64());
      const piece: Tosses[] = [];
      for (const seed of seeds) {
        piece.push(await tosses(coins, { images, samples: Math.min(most, samples - done), seed }, random));
      }
      pieces.push(piece);
    }
    return Array.from({ length: history ? lagsMax + 1 : 1 }, (_, lag) => lagHypothesis(c, pieces, lag));
  },
};

const samplesAtOnce = 2048;

function neighboursOf(seed: bigint): readonly bigint[] {
  const low = seed & ~3n;
  return [low, low + 1n, low + 2n, low + 3n, ...[16n, 31n, 32n, 63n].map((bit) => low ^ (1n << bit))];
}

function lagHypothesis(c: CheckContext, pieces: readonly (readonly Tosses[])[], lag: number): Hypothesis {
  const band = agreementBand(c.tolerances);
  const members: Member[] = [];
  let n = 0;
  for (let a = 0; a < 8; a++) {
    for (let b = lag === 0 ? a + 1 : 0; b < 8; b++) {
      if (a === b) continue;
      let agreements = 0;
      n = 0;
      for (const piece of pieces) {
        const [x, y] = [piece[a] as Tosses, piece[b] as Tosses];
        const count = (x.samples - lag) * x.rows * x.spins;
        const shift = lag * x.rows * x.spins;
        for (let k = 0; k < count; k++) agreements += 1 ^ (x.bits[k] as number) ^ (y.bits[k + shift] as number);
        n += Math.max(0, count);
      }
      members.push({
        name: `seeds ${a} and ${b}`,
        p: binomialBandP(agreements, n, band.low, band.high),
        observed: agreements,
        expected: n / 2,
        effect: proportionEffect({ name: 'share of agreements', successes: agreements, n, expected: 0.5 }),
      });
    }
  }
  return { ...familyHypothesis(`agreement of runs at lag ${lag}`, n, members), suspects: [['M30', 0.8]] };
}
