import type { Observable } from '@isinglass/sdk';
import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import { anyStart } from '../../lab/uniform-start.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import type { Finding, LogicalCheck } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { must, sameNumbers } from '../findings.ts';
import { heldProbe, mostAgainst, randomSigns, readPattern, strongField, votesFor } from '../strong-fields.ts';

const spins = 12;

/** Counters that are as wide as they are said to be. */
export const resWide: LogicalCheck = {
  plan: {
    id: 'res.wide',
    version: 1,
    row: 63,
    chapter: 'resources',
    title: 'No counter overflows: sums of long runs are exact beyond 2^15 and 2^16 samples.',
    how: '12 spins held at random signs by strong fields, K beyond 2^15, beyond 2^16, and spread over chains; conditional sums at their largest K; samples after more than 2^16 sweeps. No K is beyond what the profile’s counters hold.',
    kind: 'near-certain',
    statistic:
      'sum = sign·K·chains (65536 times that for conditional sums), less what tolerances allow with probability 1e-7',
    samples: 'one run of each size; 2^20 + 3 samples at standard, 2^24 + 3 at certify',
    resolution: {
      quick: 'counters of up to 17 bits',
      standard: 'counters of up to 21 bits',
      certify: 'counters of up to 25 bits',
    },
    level: 'quick',
    clauses: ['2.1', '2.4', 'profile: readout.counterBits'],
    needs: ['single-spin'],
    kills: ['M43'],
    blindTo: ['M40', 'M42'],
    conservative: 'a right device misses with probability below 1e-5',
    since: '0.1.0',
  },
  async run(c) {
    const random = c.random('fields');
    const lab = await c.open();
    const signs = randomSigns(spins, random);
    const loaded = await lab.loadProbe(heldProbe(signs, strongField(c.profile), random), random);
    const findings: Finding[] = [await lateSamples(c, { loaded, signs, random })];
    for (const size of sizesOf(c)) {
      const start = anyStart(loaded, size.chains);
      const stride = c.profile.readout.strideMin;
      const window = { sweeps: size.kept * stride, stride };
      const run = { images: 1, chains: size.chains, ...window, start, seed: random.bits64() };
      const sums = loaded.sumsOf(await loaded.run({ ...run, observable: size.observable }), 1);
      findings.push(exactSums(c, size, { signs, sums }));
    }
    return findings;
  },
};

interface Size {
  readonly observable: Exclude<Observable, 'state'>;
  readonly kept: number;
  readonly chains: number;
}

function sizesOf(c: CheckContext): readonly Size[] {
  const { readout, batch } = c.profile;
  const bits = typeof readout.counterBits === 'number' ? Math.min(32, readout.counterBits) : 32;
  const counter = 2 ** (bits - 1) - 1;
  const chainsMax = [batch.chainsMax, batch.rowsMax].map((limit) => (typeof limit === 'number' ? limit : 3));
  const chains = Math.min(3, ...chainsMax);
  const large = c.byLevel({ quick: [], standard: [2 ** 20 + 3], certify: [2 ** 20 + 3, 2 ** 24 + 3] });
  const sizes: Size[] = [];
  if (readout.observables.includes('spin-sum')) {
    // The largest that a counter holds stands for all that it does not.
    const wanted = [2 ** 15 + 3, 2 ** 16 + 3, ...large];
    const kept = new Set(wanted.map((each) => Math.min(each, counter)));
    for (const each of kept) sizes.push({ observable: 'spin-sum', kept: each, chains: 1 });
    const perChain = Math.floor(Math.min(counter, 2 ** 16 + 3 * chains) / chains);
    sizes.push({ observable: 'spin-sum', kept: perChain, chains });
  }
  if (readout.observables.includes('conditional-sum')) {
    const most = Math.min(32_767, Math.floor(counter / 65_536));
    if (most >= 1) sizes.push({ observable: 'conditional-sum', kept: most, chains: 1 });
    if (most >= chains) {
      sizes.push({ observable: 'conditional-sum', kept: Math.floor(most / chains), chains });
    }
  }
  return sizes;
}

/** A few samples after more than 2^16 sweeps, however the device shows them. */
async function lateSamples(
  c: CheckContext,
  o: { readonly loaded: LoadedProbe; readonly signs: Int8Array; readonly random: RandomStream },
): Promise<Finding> {
  const votes = votesFor(spins, strongField(c.profile), c);
  const burnIn = 2 ** 16 + 1;
  const seen = await readPattern(o.loaded, { seed: o.random.bits64(), votes, burnIn });
  return sameNumbers(`the pattern after ${burnIn} sweeps`, o.signs, seen);
}

function exactSums(
  c: CheckContext,
  { observable, kept, chains }: Size,
  { signs, sums }: { readonly signs: Int8Array; readonly sums: Int32Array },
): Finding {
  const unit = observable === 'conditional-sum' ? 65_536 : 1;
  const samples = kept * chains;
  const against = mostAgainst(samples, strongField(c.profile), c);
  const wrong = [...sums].filter((sum, n) => {
    const off = unit * samples - sum * (signs[n] as number);
    return off < 0 || off > 2 * unit * against;
  });
  const name = `${observable} of ${kept} samples, ${chains} chains`;
  const expected = `±${unit * samples}${against > 0 ? `, up to ${2 * unit * against} less` : ''}`;
  return must(name, wrong.length === 0, expected, wrong.slice(0, 4).join(', '));
}
