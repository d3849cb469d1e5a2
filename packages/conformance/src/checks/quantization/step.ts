/** quant.step: every code of a weight is itself, and fields beyond the range saturate. */
import type { DeviceProfile } from '@isinglass/sdk';
import type { Lab } from '../../lab/lab.ts';
import { transferProbe } from '../../probes/graphs.ts';
import type { PinnedEdge, Probe } from '../../probes/probe.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import { binomialBandP } from '../../statistics/binomial.ts';
import { proportionEffect } from '../../statistics/effect.ts';
import type { Hypothesis, StatisticalCheck } from '../check.ts';
import { familyHypothesis, type Member } from '../distribution/family.ts';
import { countUps, fieldTrials, fieldWithin } from '../distribution/single-spins.ts';
import { UpdateTable } from '../distribution/update-table.ts';

/** β J of a difference of one code: P(+) = 0.62 beside 0.5. */
const stepField = 0.25;
/** Free spins that one pinned spin drives. */
const driven = 8;
/** |βf| beyond 5.892, where nothing is left to chance; each power of two is where some width would wrap. */
const largeFields = [6.5, 8.5, 16.5, 33, 65, 129, 257, 1025];

export const step: StatisticalCheck = {
  plan: {
    id: 'quant.step',
    version: 1,
    row: 56,
    chapter: 'quantization',
    title:
      'Neighbouring codes of a weight differ by one step, equal codes are equal, and strong fields saturate instead of wrapping.',
    how: 'Single spins between two pinned ones with opposite values: couplings of equal codes leave a field of 0, neighbouring codes one of a quarter k_B·T, for every code that the profile declares. And single spins with fields from ± 6.5 to ± 1025 k_B·T, within the range of biases.',
    kind: 'statistical',
    statistic:
      'Exact binomial tests of every code’s P(+); Bonferroni. In fields beyond saturation, one count to the contrary gives p = 0.',
    samples:
      'Updates of each spin: K(500) / δ² with K = 62 and δ = 0.25, the shift of one code in standard deviations.',
    resolution: {
      quick: 'half a code in any one of them; any wrapped field',
      standard: 'a quarter of a code',
      certify: 'a tenth of a code',
    },
    level: 'quick',
    clauses: ['4.1', '4.3', '4.5', '4.6'],
    needs: ['single-spin', 'pins', 'snapshots', 'sharp-law'],
    kills: ['M17', 'M15', 'M43'],
    blindTo: ['M01+2%', 'M04', 'M05', 'M24'],
    conservative: 'Counts are discrete; saturated fields never reject a right device.',
    since: '0.1.0',
  },
  async sample(c) {
    const lab = await c.open();
    const updates = c.samples(c.byLevel({ quick: 4096, standard: 16_384, certify: 131_072 }));
    return [...(await codes(lab, updates, c.random('codes'))), await saturation(lab, updates, c.random('saturation'))];
  },
};

async function codes(lab: Lab, updates: number, random: RandomStream): Promise<readonly Hypothesis[]> {
  const { pins, spins } = lab.profile;
  // A pin that is read the other way moves the field of one update at most.
  const leak = pins.kind === 'strong-field' ? 2 * pins.flipProbabilityMax : 0;
  const most = typeof spins.max === 'number' ? drivenWithin(spins.max) : Number.POSITIVE_INFINITY;
  const found: { readonly member: Member; readonly equal: boolean }[] = [];
  for (const { probe, pinned, names } of ladders(lab.profile, most)) {
    const stream = random.fork(names[0]?.name ?? '');
    const loaded = await lab.loadProbe(probe, stream);
    const { ups, updates: n } = await countUps(loaded, { updates, pinned, random: stream.fork('runs') });
    const table = new UpdateTable(loaded, { pinned });
    await lab.unload(loaded.loaded);
    for (const [spin, { name, equal }] of names.entries()) {
      const p = table.p[table.first[spin] as number] as number;
      const successes = ups[spin] as number;
      const member: Member = {
        name,
        p: binomialBandP(successes, n, Math.max(0, p - leak), Math.min(1, p + leak)),
        observed: successes / n,
        expected: p,
        effect: proportionEffect({ name, successes, n, expected: p }),
      };
      found.push({ member, equal });
    }
  }
  const family = (name: string, wanted: boolean): readonly Hypothesis[] => {
    const members = found.filter(({ equal }) => equal === wanted).map(({ member }) => member);
    return members.length === 0 ? [] : [familyHypothesis(name, updates, members)];
  };
  return [...family('equal codes', true), ...family('neighbouring codes', false)];
}

/** As many free spins as there is room for beside the pinned ones that drive them. */
function drivenWithin(spins: number): number {
  let free = 1;
  while (free + 1 + 2 * Math.ceil((free + 1) / driven) <= spins) free++;
  return free;
}

interface Ladder {
  readonly probe: Probe;
  /** +1 and −1 by turns. */
  readonly pinned: Int8Array;
  readonly names: readonly { readonly name: string; readonly equal: boolean }[];
}

/** Spins for each code and for each pair of neighbouring codes, at most so many in a program; βf = scale · (first − second). */
function* ladders({ weights }: DeviceProfile, most: number): Generator<Ladder> {
  const bits = typeof weights.bits === 'number' ? weights.bits : 8;
  const largest = 2 ** (bits - 1) - 1;
  const all = weights.levels ?? Array.from({ length: 2 * largest + 1 }, (_, n) => n - largest);
  const held = all.filter((w) => w !== 0).sort((a, b) => a - b);
  const neighbours = held.slice(1).map((w, n) => [w, held[n] as number] as const);
  const pairs = [...held.map((w) => [w, w] as const), ...neighbours];
  const smallest = Math.min(...neighbours.map(([up, down]) => up - down), 2 * largest);
  const scale = Math.min(stepField / smallest, (weights.range.max ?? Number.POSITIVE_INFINITY) / largest);
  const count = Math.min(most, pairs.length);
  for (let first = 0; first < pairs.length; first += count) yield ladder(pairs.slice(first, first + count), scale);
}

function ladder(pairs: readonly (readonly [up: number, down: number])[], scale: number): Ladder {
  const pinned = 2 * Math.ceil(pairs.length / driven);
  const pinnedEdges = pairs.flatMap(([up, down], free): PinnedEdge[] => {
    const first = 2 * Math.floor(free / driven);
    return [
      { free, pinned: first, w: up },
      { free, pinned: first + 1, w: down },
    ];
  });
  return {
    probe: { ...transferProbe(pairs.map(() => 0)), name: `${pairs.length} pairs of codes`, scale, pinned, pinnedEdges },
    pinned: Int8Array.from({ length: pinned }, (_, n) => (n % 2 === 0 ? 1 : -1)),
    names: pairs.map(([up, down]) => ({
      name: up === down ? `code ${up}` : `codes ${down} and ${up}`,
      equal: up === down,
    })),
  };
}

async function saturation(lab: Lab, updates: number, random: RandomStream): Promise<Hypothesis> {
  const { range } = lab.profile.bias;
  const fields = [...new Set(largeFields.flatMap((h) => [fieldWithin(h, range), fieldWithin(-h, range)]))];
  const trials = await fieldTrials(lab, fields, { updates, random });
  const members = trials.map(({ h, p, ups, updates: n }): Member => {
    const name = `βf = ${h}`;
    return {
      name,
      p: binomialBandP(ups, n, p, p),
      observed: ups / n,
      expected: p,
      effect: proportionEffect({ name, successes: ups, n, expected: p }),
    };
  });
  return familyHypothesis('strong fields', updates, members);
}
