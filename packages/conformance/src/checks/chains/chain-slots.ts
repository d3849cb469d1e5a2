/** Row 47: starts, pinned spins and results of an image or a chain stay with it. */
import type { DeviceProfile } from '@isinglass/sdk';
import { rowsWithin } from '../../lab/coins.ts';
import type { LoadedProbe, ProbeRun } from '../../lab/loaded-probe.ts';
import type { Probe } from '../../probes/probe.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import { binomialUpperTail } from '../../statistics/binomial.ts';
import { type Finding, type LogicalCheck, TooFewSamples } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { againstField, strongCoupling } from '../strong-fields.ts';

/** Pairs of spins, and copies of pinned spins. */
const partsWanted = 24;
const rowsWanted = { images: 12, chains: 3 };

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
      '24 spins a code: other codes are at least 2 spins further away than updates against the coupling go, which are more only once in 10^7 runs.',
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
    const given = c.profile.init.includes('given');
    const probe = slotsProbe(partsOf(c.profile), { strength, pairs: given });
    const loaded = await lab.loadProbe(probe, c.random('probe'));
    const layout = { ...rowsWithin(c.profile, rowsWanted), parts: probe.pinned };
    const codes = await distinctCodes(c, layout, random);
    const { images, chains, parts } = layout;
    const stride = c.profile.readout.strideMin;
    const run: ProbeRun = {
      images: imageNumbers(images, random),
      chains,
      sweeps: stride,
      stride,
      seed: random.bits64(),
      pinned: codes.images,
      start: given ? { given: startOf(loaded, codes.rows, parts) } : startWithout(c.profile),
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
      return codes.images[image * parts + (n % parts)] as number;
    });
    findings.push(...slotFindings('the pinned spins of its image', shown(0), ofRows, { ...codes, parts, chains }));
    if (given) findings.push(...slotFindings('its own start', shown(parts), codes.rows, { ...codes, parts, chains }));
    if (c.profile.readout.observables.includes('spin-sum')) {
      const sums = loaded.sumsOf(
        await loaded.run({ ...run, observable: 'spin-sum', as: 'sums', keep: 'nothing' }),
        images,
      );
      const expected = expectedSums(loaded, layout, codes, given);
      findings.push(sumFinding(sums, expected, codes.against, layout));
    }
    return findings;
  },
};

interface Layout {
  readonly images: number;
  readonly chains: number;
  /** Spins of a code. */
  readonly parts: number;
}

interface Codes {
  /** ±1, images × parts. */
  readonly images: Int8Array;
  /** ±1, rows × parts. */
  readonly rows: Int8Array;
  /** Spins of one code that may be wrong. */
  readonly wrongMax: number;
  /** Probability that one spin of a code is wrong. */
  readonly against: number;
}

function partsOf({ spins }: DeviceProfile): number {
  // A part is a pinned spin, its copy, and a pair.
  return typeof spins.max === 'number' ? Math.min(partsWanted, Math.floor(spins.max / 4)) : partsWanted;
}

/** Copies of pinned spins first, then the first and the second spins of pairs. */
function slotsProbe(parts: number, o: { readonly strength: number; readonly pairs: boolean }): Probe {
  const list = Array.from({ length: parts }, (_, n) => n);
  return {
    name: `${parts} copies${o.pairs ? ' and pairs' : ''}`,
    colors: [
      ...list.map((n) => (n & 1) as 0 | 1),
      ...(o.pairs ? [...list.map(() => 0 as const), ...list.map(() => 1 as const)] : []),
    ],
    edges: o.pairs ? list.map((n) => ({ a: parts + n, b: 2 * parts + n, w: 1 })) : [],
    pinned: parts,
    pinnedEdges: list.map((n) => ({ free: n, pinned: n, w: 1 })),
    scale: o.strength,
    fields: new Array<number>(o.pairs ? 3 * parts : parts).fill(0),
  };
}

/** Random codes that are further apart than what may be wrong about one. Throws TooFewSamples where errors leave no room. */
async function distinctCodes(c: CheckContext, o: Layout, random: RandomStream): Promise<Codes> {
  const { images, chains, parts } = o;
  // One sweep: the second spin of a pair follows the first, so that two updates and no more can go wrong.
  const against = Math.min(0.5, 2 * againstField(strongCoupling(c.profile), c));
  let wrongMax = 0;
  while (3 * images * chains * binomialUpperTail(wrongMax + 1, parts, against) > 1e-7) wrongMax++;
  for (let n = 0; n < 1000; n++) {
    const codes = [images, images * chains].map((slots) =>
      Int8Array.from({ length: slots * parts }, () => random.sign()),
    ) as [Int8Array, Int8Array];
    if (codes.every((code) => leastDistance(code, parts) >= 2 * wrongMax + 2)) {
      return { images: codes[0], rows: codes[1], wrongMax, against };
    }
  }
  throw new TooFewSamples(`codes of ${parts} spins of which ${wrongMax} may be wrong cannot be told apart`);
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

function startWithout({ init }: DeviceProfile): 'random' | 'feed-forward' {
  return init.includes('random') ? 'random' : 'feed-forward';
}

function slotFindings(
  what: string,
  shown: Int8Array,
  codes: Int8Array,
  o: { readonly wrongMax: number; readonly parts: number; readonly chains: number },
): readonly Finding[] {
  const { parts, chains, wrongMax } = o;
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

function expectedSums(
  loaded: LoadedProbe,
  { images, chains, parts }: Layout,
  codes: Codes,
  given: boolean,
): Int32Array {
  return Int32Array.from({ length: images * loaded.spins }, (_, n) => {
    const [image, spin] = [Math.floor(n / loaded.spins), n % loaded.spins];
    if (spin < parts || !given) return chains * (codes.images[image * parts + (spin % parts)] as number);
    let sum = 0;
    for (let chain = 0; chain < chains; chain++) {
      sum += codes.rows[(image * chains + chain) * parts + (spin % parts)] as number;
    }
    return sum;
  });
}

function sumFinding(sums: Int32Array, expected: Int32Array, against: number, { images, chains }: Layout): Finding {
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
