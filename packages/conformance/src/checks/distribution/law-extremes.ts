/** law.extremes: strong fields, where one direction is rare or never happens. */

import { usualLaw } from '../../lab/lab.ts';
import { binomialBandP } from '../../statistics/binomial.ts';
import { proportionEffect } from '../../statistics/effect.ts';
import type { StatisticalCheck } from '../check.ts';
import { familyHypothesis, type Member } from './family.ts';
import { type FieldTrials, fieldTrials, fieldWithin } from './single-spins.ts';
import { admittedBand } from './tolerance-band.ts';

/** |βf|: rare (P of the rare direction 3.4e-4, 4.5e-5, 1.7e-5, 1.5e-5) and, from 5.892 on under the fixed law, never. */
const rareFields = [4, 5, 5.5, 5.75];
const neverFields = [6.5, 9, 18, 40];
/** Spins in the same field. */
const copies = 2;

export const lawExtremes: StatisticalCheck = {
  plan: {
    id: 'law.extremes',
    version: 1,
    row: 27,
    chapter: 'distribution',
    title: 'In strong fields, rare directions are as rare as the law says, and impossible ones never happen.',
    how: 'Single spins with |βf| from 4 to 40 of either sign (within the profile’s range of biases), many sweeps; counts of the rare direction. Under the real law P(+1) may be rounded to 16 bits, as digital machines have it, or not at all.',
    kind: 'statistical',
    statistic:
      'Exact binomial tests of each field’s count; Bonferroni over fields. Where the probability is 0 or 1, one count to the contrary gives p = 0.',
    samples:
      'Updates of each field and sign: 2^20, so that 16 are expected at the smallest probability of the fixed law, 2^−16, and none counts as p = 2e-7.',
    resolution: {
      quick: 'of the smallest non-zero probability, absence or a factor of 3.5',
      standard: 'of the smallest non-zero probability, a factor of 1.7',
      certify: 'of the smallest non-zero probability, a factor of 1.3',
    },
    level: 'quick',
    clauses: ['1.3', '4.6', '7'],
    needs: ['single-spin', 'snapshots'],
    kills: ['M18', 'M19', 'M20', 'M21'],
    blindTo: ['M01+2%', 'M04', 'M05', 'M10', 'M23'],
    conservative:
      'Counts of rare events are discrete: at 16 expected, p is 0.6 of nominal on average; fields with certain outcomes never reject a right device.',
    since: '0.1.0',
  },
  async sample(c) {
    const lab = await c.open();
    const perField = c.samples(c.byLevel({ quick: 1_048_576, standard: 8_388_608, certify: 33_554_432 }));
    const { range } = lab.profile.bias;
    const law = usualLaw(lab.profile);
    const signed = (list: readonly number[]): readonly number[] => [
      ...new Set(list.flatMap((h) => [fieldWithin(h, range), fieldWithin(-h, range)])),
    ];
    const fields = [...new Set([...signed(rareFields), ...signed(neverFields)])];
    const trials = await fieldTrials(
      lab,
      fields.flatMap((h) => new Array<number>(copies).fill(h)),
      { updates: Math.ceil(perField / copies), random: c.random('fields') },
    );
    const members = fields.map((h): Member => {
      const same = trials.filter((trial) => trial.h === h);
      const { p, f } = same[0] as FieldTrials;
      const n = same.reduce((sum, { updates }) => sum + updates, 0);
      const successes = same.reduce((sum, { ups }) => sum + ups, 0);
      const band = admittedBand({ p, f }, c.tolerances);
      const [low, high] =
        law === 'real' ? [Math.min(band.low, exactUp(f)), Math.max(band.high, exactUp(f))] : [band.low, band.high];
      const name = `βf = ${h}`;
      return {
        name,
        p: binomialBandP(successes, n, low, high),
        observed: successes,
        expected: n * p,
        effect: proportionEffect({ name, successes, n, expected: p }),
      };
    });
    const rare = signed(rareFields);
    const isRare = (_: Member, n: number): boolean => rare.includes(fields[n] as number);
    return [
      { name: 'rare directions', chosen: members.filter(isRare) },
      { name: 'directions that never happen', chosen: members.filter((member, n) => !isRare(member, n)) },
    ]
      .filter(({ chosen }) => chosen.length > 0)
      .map(({ name, chosen }) => familyHypothesis(name, perField, chosen));
  },
};

/** σ(2 β f), not rounded: of a device whose comparator has more than 16 bits or none. */
const exactUp = (f: number): number => 1 / (1 + Math.exp(-2 * f));
