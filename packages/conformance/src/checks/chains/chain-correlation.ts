/** Row 46: chains and images are not correlated. */
import { loadCoins, rowsWithin, showsHistory, type Tosses, tosses } from '../../lab/coins.ts';
import { binomialBandP } from '../../statistics/binomial.ts';
import { proportionEffect } from '../../statistics/effect.ts';
import type { Hypothesis, StatisticalCheck } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { familyHypothesis, type Member } from '../distribution/family.ts';
import { agreementBand } from '../randomness/agreement-band.ts';

const lagsMax = 4;
const spinsWanted = 32;

export const chainCorrelation: StatisticalCheck = {
  plan: {
    id: 'chain.correlation',
    version: 1,
    row: 46,
    chapter: 'chains',
    title: 'No two chains or images are correlated, at equal times or up to four sweeps apart.',
    how: '32 spins without field, 16 rows of several images and chains in one run. For each pair of rows and each lag 0 to 4, both ways: in how many samples a spin of one row agrees with the same spin of the other, that many samples later.',
    kind: 'statistical',
    statistic:
      'Agreements of a pair of rows at a lag: binomial with p = ½, since products of independent fair signs are independent fair signs. One hypothesis for each lag, Bonferroni over pairs, Holm over lags. Devices with tolerances τ: p within ½ ± 2τ².',
    samples:
      'N = spins · samples of each pair and lag, K(m)/ρ² for a correlation ρ with m = 1080 pairs and lags, K = 64: 4,096 (quick), 32,768 (standard), 262,144 (certify).',
    resolution: { quick: 'ρ = 0.125', standard: 'ρ = 0.044', certify: 'ρ = 0.016' },
    level: 'quick',
    clauses: ['5.1', '5.4'],
    needs: ['single-spin', 'images'],
    kills: ['M29'],
    blindTo: ['M24', 'M30'],
    since: '0.1.0',
    conservative: 'binomial p-values and Bonferroni over dependent pairs: about 0.7 of nominal',
  },
  async sample(c) {
    const lab = await c.open();
    const coins = await loadCoins(lab, spinsWanted, c.random('coins'));
    const random = c.random('runs');
    const wanted = c.samples(c.byLevel({ quick: 4096, standard: 32768, certify: 262144 }) / spinsWanted);
    const size = rowsWithin(c.profile, { images: 2, chains: 8 });
    const rows = size.chains > 1 ? size : rowsWithin(c.profile, { images: 16, chains: 1 });
    // Pieces keep memory small; those of other seeds are independent.
    const most = showsHistory(c.profile) ? samplesAtOnce : 1;
    const pieces: Tosses[] = [];
    for (let done = 0; done < wanted; done += most) {
      const samples = Math.min(most, wanted - done);
      pieces.push(await tosses(coins, { ...rows, samples, seed: random.bits64() }, random));
    }
    const lags = most > 1 ? lagsMax : 0;
    return Array.from({ length: lags + 1 }, (_, lag) => lagHypothesis(c, pieces, lag));
  },
};

const samplesAtOnce = 4096;

function lagHypothesis(c: CheckContext, pieces: readonly Tosses[], lag: number): Hypothesis {
  const { rows, spins } = pieces[0] as Tosses;
  const n = pieces.reduce((sum, { samples }) => sum + Math.max(0, samples - lag) * spins, 0);
  const band = agreementBand(c.tolerances);
  const members: Member[] = [];
  for (let a = 0; a < rows; a++) {
    for (let b = lag === 0 ? a + 1 : 0; b < rows; b++) {
      if (a === b) continue;
      const agreements = pieces.reduce((sum, piece) => sum + agreementsOf(piece, { a, b, lag }), 0);
      members.push({
        name: lag === 0 ? `rows ${a} and ${b}` : `row ${a} and row ${b} ${lag} later`,
        p: binomialBandP(agreements, n, band.low, band.high),
        observed: agreements,
        expected: n / 2,
        effect: proportionEffect({ name: 'share of agreements', successes: agreements, n, expected: 0.5 }),
      });
    }
  }
  return {
    ...familyHypothesis(`agreement of rows at lag ${lag}`, n, members),
    suspects: lag === 0 ? [['M29', 0.9]] : [['M26', 0.4]],
  };
}

function agreementsOf(
  { bits, rows, spins, samples }: Tosses,
  { a, b, lag }: { readonly a: number; readonly b: number; readonly lag: number },
): number {
  let agreements = 0;
  for (let sample = 0; sample + lag < samples; sample++) {
    const here = (sample * rows + a) * spins;
    const there = ((sample + lag) * rows + b) * spins;
    for (let spin = 0; spin < spins; spin++) {
      agreements += 1 ^ (bits[here + spin] as number) ^ (bits[there + spin] as number);
    }
  }
  return agreements;
}
