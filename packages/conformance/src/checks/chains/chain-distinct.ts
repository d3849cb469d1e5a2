/** Row 45: no 128 random bits are used twice, whatever the chain, image, spin, time or run. */
import { loadCoins, rowsWithin, showsHistory, type Tosses, type TossRun, tosses } from '../../lab/coins.ts';
import { type Finding, type LogicalCheck, TooFewSamples } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { WindowSet } from './window-set.ts';

/** Windows of 128, and a few offsets. */
const samplesWanted = 144;
/** A generator of this period comes round within a run of `rows × spins`, and within one row of `spinsOfWide`. */
const period = 2 ** 16;
const spinsOfRuns = 16;
const spinsOfWide = 512;

export const chainDistinct: LogicalCheck = {
  plan: {
    id: 'chain.distinct',
    version: 1,
    row: 45,
    chapter: 'chains',
    title: 'No 128 random bits are used twice: not in two chains, images, spins, at two times or in two runs.',
    how: 'Spins without field. One run of many chains and images, then short runs with another seed, with other images, other chains and later sweeps of the same seed, and one row of 512 spins. Where the device shows states of consecutive sweeps, windows are 128 samples of one spin at every offset; otherwise 128 spins of one row.',
    kind: 'near-certain',
    statistic: 'Windows of 128 bits, up to a global sign, that occur twice.',
    samples:
      '512 rows × spins for 272 samples, and 512 spins of one row for as many, so that a period of 2^16 tosses comes round; 144 samples of each other run. About 2·10^5 windows: two are equal by chance with probability 10^10·2^−126.',
    resolution: {
      quick: 'any repetition of 128 bits',
      standard: 'any repetition of 128 bits',
      certify: 'any repetition of 128 bits',
    },
    level: 'quick',
    clauses: ['5.1', '5.3', '5.4'],
    needs: ['single-spin'],
    kills: ['M22', 'M26', 'M27', 'M28', 'M29'],
    blindTo: ['M24'],
    since: '0.1.0',
  },
  async run(c) {
    const lab = await c.open();
    const inTime = showsHistory(c.profile);
    const coins = await loadCoins(lab, inTime ? spinsOfRuns : spinsOfWide, c.random('coins'));
    if (!inTime && coins.spins < WindowSet.bits) throw new TooFewSamples('windows of 128 spins need 128 spins');
    const windows = new WindowSet();
    const findings: Finding[] = [];
    for (const { name, run } of runsOf(c)) {
      const tossed = await tosses(coins, inTime ? run : { ...run, samples: 1 }, c.random(`start of ${name}`));
      findings.push(...findingsOf(name, windows, tossed));
    }
    if (inTime) {
      const wide = await loadCoins(lab, spinsOfWide, c.random('wide coins'));
      const random = c.random('wide');
      const run = { images: 1, seed: random.bits64(), samples: samplesOf(wide.spins) };
      findings.push(...findingsOf('one row of many spins', windows, await tosses(wide, run, random)));
    }
    return findings;
  },
};

interface NamedRun {
  readonly name: string;
  readonly run: TossRun;
}

/** So that `tosses` a sample come round after the period, with a window left. */
function samplesOf(tossesPerSample: number): number {
  return samplesWanted + Math.ceil(period / tossesPerSample);
}

function runsOf(c: CheckContext): readonly NamedRun[] {
  const random = c.random('seeds');
  const { images, chains } = rowsWithin(c.profile, { images: 8, chains: 4 });
  const seed = random.bits64();
  const few = { images: Math.min(2, images), samples: samplesWanted, seed };
  const first: NamedRun = {
    name: 'one run',
    run: { images, chains, seed, samples: samplesOf(spinsOfRuns * images * chains) },
  };
  const others = Array.from({ length: few.images }, (_, n) => n);
  return [
    first,
    { name: 'a run with another seed', run: { ...few, seed: random.bits64() } },
    ...[images, 2 ** 8, 2 ** 16, 2 ** 24].map((offset) => ({
      name: `images from ${offset} on`,
      run: { ...few, images: others.map((n) => n + offset) },
    })),
    ...[chains, 2 ** 8, 2 ** 16].map((chainOffset) => ({
      name: `chains from ${chainOffset} on`,
      run: { ...few, chainOffset },
    })),
    ...[2 ** 16, 2 ** 24].map((sweepOffset) => ({
      name: `sweeps from ${sweepOffset} on`,
      run: { ...few, sweepOffset },
    })),
  ];
}

function findingsOf(name: string, windows: WindowSet, { bits, rows, spins, samples }: Tosses): readonly Finding[] {
  const twice = new Map<string, string>();
  const add = (place: (offset: number) => string, at: (n: number) => number, count: number): void => {
    windows.add({ source: name, place, bit: (n) => bits[at(n)] as number, count }, (source, here, there) => {
      if (!twice.has(source)) twice.set(source, `${here} of ${name} equals ${there} of ${source}`);
    });
  };
  for (let row = 0; row < rows; row++) {
    if (samples === 1) {
      add(
        (offset) => `row ${row} from spin ${offset} on`,
        (n) => row * spins + n,
        spins,
      );
      continue;
    }
    for (let spin = 0; spin < spins; spin++) {
      const place = (offset: number): string => `spin ${spin} of row ${row} from sample ${offset} on`;
      add(place, (n) => (n * rows + row) * spins + spin, samples);
    }
  }
  const expected = 'no 128 bits that were there before';
  if (twice.size === 0) return [{ name: `${name}: all windows are new`, ok: true }];
  return [...twice].map(([source, actual]) => ({
    name: source === name ? `${name}: all windows differ` : `${name}: none of ${source} comes again`,
    ok: false,
    expected,
    actual,
  }));
}
