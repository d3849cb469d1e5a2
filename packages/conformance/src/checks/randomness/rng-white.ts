/** Row 52: bits are fair, and independent of those before and beside them. */

import { type CoinHistory, coinHistory } from '../../lab/coin-history.ts';
import { loadGridCoins, rowsWithin, showsHistory } from '../../lab/coins.ts';
import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import { binomialBandP } from '../../statistics/binomial.ts';
import { proportionEffect } from '../../statistics/effect.ts';
import type { Hypothesis, StatisticalCheck } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { familyHypothesis, type Member } from '../distribution/family.ts';
import { agreementBand, upBand } from './agreement-band.ts';

const lagsMax = 32;
const distancesMax = 4;
const rowsWanted = { images: 64, chains: 4 };

export const rngWhite: StatisticalCheck = {
  plan: {
    id: 'rng.white',
    version: 1,
    row: 52,
    chapter: 'randomness',
    title: 'Zero-field bits are fair and white: no bias, no correlation in time up to 32 sweeps, none between spins.',
    how: '16 spins without field on a grid of couplings too weak to matter, up to 256 rows. Ups of each spin; agreements of each spin with itself 1 to 32 samples later; of each pair of spins in the same sample; of each pair, both ways, one sample later. Each also over all spins together, and for spins at a distance of 1 to 4 in their bank.',
    kind: 'statistical',
    statistic:
      'Counts are binomial with p = ½: under the null, products of signs that never close a circle are independent fair signs. Families: bias of each spin, bias of all in the signs of the device, lags, pairs, pairs one sample later, and those over all spins; Bonferroni inside, Holm over families. Devices with tolerances τ: p within ½ ± τ for ups, ½ ± 2τ² for agreements.',
    samples:
      'N samples · rows of each spin and pair, K(m)/ρ² with m = 900, K = 64: 65,536 (quick), 524,288, 4,194,304; 16 times as many for all spins together.',
    resolution: {
      quick: 'ρ = 0.031 for one spin or pair, 0.008 for all; bias 0.016 and 0.004',
      standard: 'ρ = 0.011, 0.003; bias 0.0055, 0.0014',
      certify: 'ρ = 0.004, 0.001; bias 0.002, 0.0005',
    },
    level: 'quick',
    clauses: ['5.1', '5.3'],
    needs: ['single-spin'],
    kills: ['M09', 'M14', 'M21', 'M22', 'M23', 'M24'],
    blindTo: ['M26', 'M30'],
    since: '0.1.0',
    conservative: 'binomial p-values, Bonferroni over dependent members: about 0.7 of nominal',
  },
  async sample(c) {
    const lab = await c.open();
    const coins = await loadGridCoins(lab, 4, c.random('coins'));
    const wanted = c.samples(c.byLevel({ quick: 65536, standard: 524288, certify: 4194304 }));
    const counts = new Counts(coins, c);
    const random = c.random('runs');
    const rows = rowsWithin(c.profile, rowsWanted);
    const total = rows.images * rows.chains;
    const most = showsHistory(c.profile) ? samplesAtOnce : 1;
    for (let done = 0; done < wanted; ) {
      c.signal.throwIfAborted();
      const samples = Math.min(most, Math.ceil((wanted - done) / total));
      counts.add(await coinHistory(coins, { ...rows, samples, seed: random.bits64() }, random));
      done += samples * total;
    }
    return counts.hypotheses();
  },
};

const samplesAtOnce = 1024;

/** One kind of count: successes of n fair trials. */
interface Tally {
  readonly name: string;
  readonly band: { readonly low: number; readonly high: number };
  ups: number;
  n: number;
}

type Family =
  | 'bias'
  | 'bias of all spins'
  | 'lags'
  | 'pairs'
  | 'pairs a sample later'
  | 'lags of all spins'
  | 'distances of all spins';

class Counts {
  readonly #families = new Map<Family, Map<string, Tally>>();
  readonly #coins: LoadedProbe;
  readonly #c: CheckContext;

  constructor(coins: LoadedProbe, c: CheckContext) {
    this.#coins = coins;
    this.#c = c;
  }

  add(history: CoinHistory): void {
    const { spins, samples, rows } = history;
    const trials = samples * rows;
    const up = upBand(this.#c.tolerances);
    const agree = agreementBand(this.#c.tolerances);
    for (let spin = 0; spin < spins; spin++) {
      const ups = history.ups(spin);
      this.#count('bias', `spin ${spin}`, up, ups, trials);
      const onDevice = this.#coins.disguise.sign[spin] === 1 ? ups : trials - ups;
      this.#count('bias of all spins', 'ups of the device', up, onDevice, trials);
    }
    for (let lag = 1; lag <= Math.min(lagsMax, samples - 1); lag++) {
      const n = (samples - lag) * rows;
      for (let spin = 0; spin < spins; spin++) {
        const agreements = history.agreements(spin, spin, lag);
        this.#count('lags', `spin ${spin} at lag ${lag}`, agree, agreements, n);
        this.#count('lags of all spins', `lag ${lag}`, agree, agreements, n);
      }
    }
    for (let a = 0; a < spins; a++) {
      for (let b = 0; b < spins; b++) {
        if (a === b) continue;
        const distance = this.#distance(a, b);
        if (a < b) {
          const agreements = history.agreements(a, b, 0);
          this.#count('pairs', `spins ${a} and ${b}`, agree, agreements, trials);
          // Pairs at one distance form paths, so that their products are independent.
          if (Math.abs(distance) <= distancesMax) {
            const inBanks = this.#sign(a, b) > 0 ? agreements : trials - agreements;
            this.#count('distances of all spins', `distance ${Math.abs(distance)}`, agree, inBanks, trials);
          }
        }
        if (samples < 2) continue;
        const later = history.agreements(a, b, 1);
        this.#count('pairs a sample later', `spin ${a}, then ${b}`, agree, later, (samples - 1) * rows);
      }
    }
  }

  hypotheses(): readonly Hypothesis[] {
    return [...this.#families].map(([family, tallies]) => {
      const members = [...tallies.values()].map(({ name, band, ups, n }): Member => {
        const effect = proportionEffect({ name: 'share', successes: ups, n, expected: 0.5 });
        return { name, p: binomialBandP(ups, n, band.low, band.high), observed: ups, expected: n / 2, effect };
      });
      const n = Math.max(...[...tallies.values()].map((tally) => tally.n));
      return { ...familyHypothesis(family, n, members), suspects: suspects[family] };
    });
  }

  #count(family: Family, name: string, band: Tally['band'], ups: number, n: number): void {
    const tallies = this.#families.get(family) ?? new Map<string, Tally>();
    this.#families.set(family, tallies);
    const tally = tallies.get(name) ?? { name, band, ups: 0, n: 0 };
    tallies.set(name, tally);
    tally.ups += ups;
    tally.n += n;
  }

  /** In the order of the device: infinite for spins of two banks. */
  #distance(a: number, b: number): number {
    const { probe, disguise } = this.#coins;
    if (disguise.layout === 'banks' && probe.colors[a] !== probe.colors[b]) return Number.POSITIVE_INFINITY;
    return (disguise.place[a] as number) - (disguise.place[b] as number);
  }

  #sign(a: number, b: number): number {
    const { sign } = this.#coins.disguise;
    return (sign[a] as number) * (sign[b] as number);
  }
}

const suspects: Readonly<Record<Family, NonNullable<Hypothesis['suspects']>>> = {
  bias: [['M21', 0.8]],
  'bias of all spins': [['M21', 0.9]],
  lags: [
    ['M24', 0.4],
    ['M14', 0.4],
  ],
  pairs: [
    ['M22', 0.5],
    ['M23', 0.4],
  ],
  'pairs a sample later': [['M26', 0.4]],
  'lags of all spins': [
    ['M24', 0.7],
    ['M14', 0.2],
  ],
  'distances of all spins': [['M23', 0.8]],
};
