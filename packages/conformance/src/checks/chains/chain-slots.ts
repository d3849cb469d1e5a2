/** Row 47: starts, pinned spins and results of an image or a chain stay with it. */
import type { DeviceProfile } from '@isinglass/sdk';
import { hasOneColor, rowsWithin } from '../../lab/coins.ts';
import type { LoadedProbe, ProbeRun } from '../../lab/loaded-probe.ts';
import { anyStart } from '../../lab/uniform-start.ts';
import type { Probe } from '../../probes/probe.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import { binomialUpperTail } from '../../statistics/binomial.ts';
import { type Finding, type LogicalCheck, TooFewSamples } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { isSharp } from '../distribution/tolerance-band.ts';
import { againstField, strongCoupling } from '../strong-fields.ts';

/** Spins of a code: pairs, and copies of pinned spins. More where many may be wrong. */
const partsWanted = [24, 48, 96, 192, 384, 768];
/** Fewer rows where codes are short. */
const rowsWanted = [
  { images: 12, chains: 3 },
  { images: 5, chains: 2 },
  { images: 2, chains: 2 },
  { images: 2, chains: 1 },
];

export const chainSlots: LogicalCheck = {
  plan: {
    id: 'chain.slots',
    version: 1,
    row: 47,
    chapter: 'chains',
    title: 'Pinned spins, starts and results of an image or a chain stay with it, and none is missing.',
    how: 'Twelve images of three chains, their numbers in no order. Every image has a random code on its pinned spins, which free spins copy by strong couplings; every row has a random code on pairs of strongly coupled spins, which keep the state that they are given. One sweep each.',
    kind: 'near-certain',
    statistic:
      'The code that each image and each row shows; where sums are read, that they add up to the chains and samples asked for.',
    samples:
      '24 spins a code, up to 768 on devices with tolerances: other codes are more than twice as far away as updates against the coupling go, which are more only once in 10^7 runs.',
    resolution: { quick: 'one slot', standard: 'one slot', certify: 'one slot' },
    level: 'quick',
    clauses: ['2.6', '1.4', '1.6'],
    needs: ['single-spin', 'images', 'pins', 'sweeps'],
    kills: ['M35', 'M45'],
    blindTo: ['M46'],
    since: '0.1.0',
  },
  async run(c) {
    const random = c.random('codes');
    const lab = await c.open();
    const strength = strongCoupling(c.profile);
    const codes = distinctCodes(c, random);
    const { images, chains, parts } = codes;
    const pairs = c.profile.init.includes('given') && !hasOneColor(c.profile);
    const probe = slotsProbe(c.profile, { parts, strength, pairs });
    const loaded = await lab.loadProbe(probe, c.random('probe'));
    const stride = c.profile.readout.strideMin;
    const run: ProbeRun = {
      images: imageNumbers(images, random),
      chains,
      sweeps: stride,
      stride,
      seed: random.bits64(),
      pinned: codes.ofImages,
      start: pairs ? { given: startOf(loaded, codes.ofRows, parts) } : anyStart(loaded, images * chains),
      keep: 'host',
    };
    const result = await loaded.run(run);
    const states = loaded.fromBanks(result.last ?? {});
    const rows = images * chains;
    const findings: Finding[] = [
      {
        name: 'every image and chain has its last state',
        ok: states.rows === rows,
        expected: `${rows} rows`,
        actual: `${states.rows} rows`,
      },
    ];
    if (states.rows !== rows) return findings;
    const shown = (first: number): Int8Array =>
      Int8Array.from({ length: rows * parts }, (_, n) => {
        const [row, part] = [Math.floor(n / parts), n % parts];
        return states.values[row * loaded.spins + first + part] as number;
      });
    const ofRows = Int8Array.from({ length: rows * parts }, (_, n) => {
      const image = Math.floor(n / (parts * chains));
      return codes.ofImages[image * parts + (n % parts)] as number;
    });
    findings.push(...slotFindings('the pinned spins of its image', shown(0), ofRows, codes));
    if (pairs) findings.push(...slotFindings('its own start', shown(parts), codes.ofRows, codes));
    if (c.profile.readout.observables.includes('spin-sum')) {
      const sums = loaded.sumsOf(
        await loaded.run({ ...run, observable: 'spin-sum', as: 'sums', keep: 'nothing' }),
        images,
      );
      const expected = expectedSums(loaded, codes, pairs);
      findings.push(sumFinding(sums, expected, codes));
    }
    return findings;
  },
};

interface Codes {
  readonly images: number;
  readonly chains: number;
  /** Spins of a code. */
  readonly parts: number;
  /** ±1, images × parts. */
  readonly ofImages: Int8Array;
  /** ±1, rows × parts. */
  readonly ofRows: Int8Array;
  /** Spins of one code that may be wrong. */
  readonly wrongMax: number;
  /** Probability that one spin of a code is wrong. */
  readonly against: number;
}

/** Copies of pinned spins first, then the first and the second spins of pairs. */
function slotsProbe(
  profile: DeviceProfile,
  { parts, ...o }: { readonly parts: number; readonly strength: number; readonly pairs: boolean },
): Probe {
  const oneColor = hasOneColor(profile);
  const list = Array.from({ length: parts }, (_, n) => n);
  return {
    name: `${parts} copies${o.pairs ? ' and pairs' : ''}`,
    colors: [
      ...list.map((n) => (oneColor ? 0 : ((n & 1) as 0 | 1))),
      ...(o.pairs ? [...list.map(() => 0 as const), ...list.map(() => 1 as const)] : []),
    ],
    edges: o.pairs ? list.map((n) => ({ a: parts + n, b: 2 * parts + n, w: 1 })) : [],
    pinned: parts,
    pinnedEdges: list.map((n) => ({ free: n, pinned: n, w: 1 })),
    scale: o.strength,
    fields: new Array<number>(o.pairs ? 3 * parts : parts).fill(0),
  };
}

/** Random codes of which no two are so close that one, with what may be wrong about it, is another. Throws TooFewSamples where there are none. */
function distinctCodes(c: CheckContext, random: RandomStream): Codes {
  const { spins } = c.profile;
  // A part is a pinned spin, its copy, and a pair.
  const most = typeof spins.max === 'number' ? Math.floor(spins.max / 4) : Number.POSITIVE_INFINITY;
  // One sweep: the second spin of a pair follows the first, so that two updates and no more can go wrong.
  const against = Math.min(0.5, 2 * againstCoupling(c));
  for (const rows of rowsWanted) {
    for (const parts of new Set(partsWanted.map((wanted) => Math.min(wanted, most)))) {
      const { images, chains } = rowsWithin(c.profile, rows);
      const slots = 3 * images * chains;
      let wrongMax = 0;
      while (slots * binomialUpperTail(wrongMax + 1, parts, against) > 1e-7) wrongMax++;
      for (let n = 0; n < 100; n++) {
        const signs = (count: number) => Int8Array.from({ length: count * parts }, () => random.sign());
        const codes = { ofImages: signs(images), ofRows: signs(images * chains) };
        if (Object.values(codes).every((code) => leastDistance(code, parts) > 2 * wrongMax)) {
          return { images, chains, parts, ...codes, wrongMax, against };
        }
      }
    }
  }
  throw new TooFewSamples(`codes of ${most} spins cannot be told apart: one spin is wrong with probability ${against}`);
}

/** Of one update: none where the fixed law is sharp, since its table ends below β·f = 6 (semantics 4.6). */
function againstCoupling(c: CheckContext): number {
  const strength = strongCoupling(c.profile);
  const certain = c.profile.law.includes('fixed') && isSharp(c.tolerances) && strength >= 6;
  return certain ? 0 : againstField(strength, c);
}

function leastDistance(codes: Int8Array, parts: number): number {
  let least = parts;
  for (let a = 0; a < codes.length; a += parts) {
    for (let b = 0; b < a; b += parts) least = Math.min(least, distance(codes, a, codes, b, parts));
  }
  return least;
}

function distance(x: Int8Array, a: number, y: Int8Array, b: number, parts: number): number {
  let count = 0;
  for (let n = 0; n < parts; n++) if (x[a + n] !== y[b + n]) count++;
  return count;
}

/** Distinct, in no order. */
function imageNumbers(count: number, random: RandomStream): readonly number[] {
  const numbers = new Set<number>();
  while (numbers.size < count) numbers.add(random.chance(0.5) ? random.integer(0, 2 * count) : random.word());
  return random.shuffled([...numbers]);
}

/** Both spins of each pair at the code of the row; copies at −1. */
function startOf({ spins }: LoadedProbe, rows: Int8Array, parts: number): Int8Array {
  return Int8Array.from({ length: (rows.length / parts) * spins }, (_, n) => {
    const [row, spin] = [Math.floor(n / spins), n % spins];
    return spin < parts ? -1 : (rows[row * parts + (spin % parts)] as number);
  });
}

function slotFindings(
  what: string,
  shown: Int8Array,
  codes: Int8Array,
  { parts, chains, wrongMax }: Codes,
): readonly Finding[] {
  const name = `every row shows ${what}`;
  const rows = shown.length / parts;
  const slot = (row: number): string => `image ${Math.floor(row / chains)}, chain ${row % chains}`;
  const wrong = Array.from({ length: rows }, (_, row) => row).filter(
    (row) => distance(shown, row * parts, codes, row * parts, parts) > wrongMax,
  );
  const [first] = wrong;
  if (first === undefined) return [{ name, ok: true }];
  const other = Array.from({ length: rows }, (_, row) => row).find(
    (row) => distance(shown, first * parts, codes, row * parts, parts) <= wrongMax,
  );
  const differing = distance(shown, first * parts, codes, first * parts, parts);
  const found = other === undefined ? 'no code of this run' : `the code of ${slot(other)}`;
  const actual = `${slot(first)} shows ${found}, ${differing} of ${parts} spins differ; ${wrong.length} of ${rows} rows are wrong`;
  return [{ name, ok: false, expected: `${what}, at most ${wrongMax} spins wrong`, actual }];
}

function expectedSums({ spins }: LoadedProbe, codes: Codes, pairs: boolean): Int32Array {
  const { images, chains, parts } = codes;
  return Int32Array.from({ length: images * spins }, (_, n) => {
    const [image, spin] = [Math.floor(n / spins), n % spins];
    if (spin < parts || !pairs) return chains * (codes.ofImages[image * parts + (spin % parts)] as number);
    let sum = 0;
    for (let chain = 0; chain < chains; chain++) {
      sum += codes.ofRows[(image * chains + chain) * parts + (spin % parts)] as number;
    }
    return sum;
  });
}

function sumFinding(sums: Int32Array, expected: Int32Array, { against, images, chains }: Codes): Finding {
  const name = 'sums are those of the codes over all chains';
  const updates = expected.length * chains;
  let wrong = 0;
  for (const [n, sum] of sums.entries()) wrong += Math.abs(sum - (expected[n] as number)) / 2;
  let most = 0;
  while (binomialUpperTail(most + 1, updates, against) > 1e-7) most++;
  if (wrong <= most) return { name, ok: true };
  const at = sums.findIndex((sum, n) => sum !== expected[n]);
  const spins = expected.length / images;
  const actual = `${wrong} values differ; image ${Math.floor(at / spins)} spin ${at % spins} has ${sums[at]} instead of ${expected[at]}`;
  return { name, ok: false, expected: `at most ${most} of ${updates} values differ`, actual };
}
