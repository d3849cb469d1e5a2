/** law.extremes: strong fields, where one direction is rare or never happens. */
import { transferProbe } from '../../probes/graphs.ts';
import { binomialBandP } from '../../statistics/binomial.ts';
import { proportionEffect } from '../../statistics/effect.ts';
import type { StatisticalCheck } from '../check.ts';
import { familyHypothesis, type Member } from './family.ts';
import { countUps, fieldWithin } from './single-spins.ts';
import { admittedBand } from './tolerance-band.ts';
import { UpdateTable } from './update-table.ts';

/** |βf|: rare (P of the rare direction 3.4e-4, 4.5e-5, 1.7e-5, 1.5e-5) and, from 5.892 on under the fixed law, never. */
const rareFields = [4, 5, 5.5, 5.75];
const neverFields = [6.5, 9, 18, 40];
/** Spins with the same field, half of them with its negative. */
const copies = 4;

export const lawExtremes: StatisticalCheck = {
  plan: {
    id: 'law.extremes',
    version: 1,
    row: 27,
    chapter: 'distribution',
    title: 'In strong fields, rare directions are as rare as the law says, and impossible ones never happen.',
    how: 'Single spins with |βf| from 4 to 40 of either sign (within the profile’s range of biases), many sweeps; counts of the rare direction.',
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
    const magnitudes = [...rareFields, ...neverFields];
    const fields = magnitudes.flatMap((h) =>
      Array.from({ length: copies }, (_, n) => fieldWithin(n % 2 === 0 ? h : -h, range)),
    );
    const random = c.random('fields');
    const loaded = await lab.loadProbe(transferProbe(fields), random);
    const { updates, ups } = await countUps(loaded, {
      updates: Math.ceil((2 * perField) / copies),
      random: random.fork('runs'),
    });
    const table = new UpdateTable(loaded);
    const members = [...new Set(fields)].map((h): Member => {
      const spins = [...fields.keys()].filter((spin) => fields[spin] === h);
      const cell = table.first[spins[0] as number] as number;
      const p = table.p[cell] as number;
      const n = updates * spins.length;
      const observed = spins.reduce((sum, spin) => sum + (ups[spin] as number), 0);
      const { low, high } = admittedBand({ p, f: table.field[cell] as number }, c.tolerances);
      const name = `βf = ${h}`;
      return {
        name,
        p: binomialBandP(observed, n, low, high),
        observed,
        expected: n * p,
        effect: proportionEffect({ name, successes: observed, n, expected: p }),
      };
    });
    const rare = new Set(rareFields.map((h) => `${h}`));
    const isRare = ({ name }: Member): boolean => rare.has(name.replace(/^βf = -?/, ''));
    return [
      { name: 'rare directions', members: members.filter(isRare) },
      { name: 'directions that never happen', members: members.filter((member) => !isRare(member)) },
    ]
      .filter((family) => family.members.length > 0)
      .map((family) => familyHypothesis(family.name, (updates * copies) / 2, family.members));
  },
};
