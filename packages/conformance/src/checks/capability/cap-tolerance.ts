import { heldSpins } from '../../probes/affordable.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import { binomialBandP } from '../../statistics/binomial.ts';
import type { Hypothesis, StatisticalCheck } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { countUps } from '../distribution/single-spins.ts';
import { admittedBand } from '../distribution/tolerance-band.ts';
import { heldProbe, strongField } from '../strong-fields.ts';
import { type Member, worstOf } from '../worst-of.ts';

/** β·f at which sites are measured: the slope of the law is largest at 0, a wrong β shows most near 0.77. */
const fieldsMeasured = [-1.5, -0.77, -0.3, 0, 0.3, 0.77, 1.5] as const;

/** Ten sites for each field, where there may be as many. */
function fieldsOfSites({ profile }: CheckContext, random: RandomStream): readonly number[] {
  const wanted = fieldsMeasured.flatMap((f) => new Array<number>(10).fill(f));
  return random.shuffled(wanted).slice(0, heldSpins(profile, wanted.length));
}

/** A claim about tolerances is a claim about every site. */
export const capTolerance: StatisticalCheck = {
  plan: {
    id: 'cap.tolerance',
    version: 1,
    row: 10,
    chapter: 'capability',
    title: 'The measured law of single sites lies inside the declared band, on both sides.',
    how: 'Single spins without couplings, each in one of seven fields, a random one of them at each site; sharp devices declare a band of width 0.',
    kind: 'statistical',
    statistic:
      'two-sided binomial p of the number of ups, the largest over all probabilities of the band; Bonferroni over the sites of a field, Holm over fields',
    samples:
      '16384 updates of each of 70 sites (four times as many at standard, 16 times at certify): K(70)·p(1 − p)/Δp²',
    resolution: {
      quick: 'an update probability that is 0.03 outside the band at one site',
      standard: '0.015 outside',
      certify: '0.0075 outside',
    },
    level: 'quick',
    clauses: ['1.3', '4.6', 'profile: tolerances'],
    needs: ['single-spin', 'snapshots'],
    kills: ['M03'],
    blindTo: ['M04', 'M10', 'M24'],
    conservative: 'tolerant devices inside their band: without bound',
    since: '0.1.0',
  },
  async sample(c): Promise<readonly Hypothesis[]> {
    const random = c.random('sites');
    const lab = await c.open();
    const most = strongField(c.profile);
    const fields = fieldsOfSites(c, random);
    const held = heldProbe(fields.map(Math.sign), 1, random);
    const probe = { ...held, fields: fields.map((f) => Math.max(-most, Math.min(most, f))) };
    const loaded = await lab.loadProbe(probe, random);
    const wanted = c.samples(c.byLevel({ quick: 16_384, standard: 65_536, certify: 262_144 }));
    const { updates, ups } = await countUps(loaded, { updates: wanted, random });
    const law = loaded.law();
    const states = new Int8Array(probe.fields.length).fill(1);
    return [...new Set(fields)].map((f) => {
      const members = fields.flatMap((own, spin): readonly Member[] => {
        if (own !== f) return [];
        const p = law.up(spin, states);
        const { low, high } = admittedBand({ p, f: probe.fields[spin] as number }, c.tolerances);
        const successes = ups[spin] as number;
        const observed = successes / updates;
        return [{ label: `site ${spin}`, p: binomialBandP(successes, updates, low, high), observed, expected: p }];
      });
      return worstOf(`field ${f}`, members, { n: updates });
    });
  },
};
