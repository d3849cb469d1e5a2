/** Row 50, bits: every bit of the seed matters, and no two seeds give the same numbers. */
import { loadCoins, rowsWithin, tosses } from '../../lab/coins.ts';
import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import { type Finding, type LogicalCheck, TooFewSamples } from '../check.ts';

/** Bits that are compared; fewer would agree by chance. */
const bitsWanted = 128;
const bitsLeast = 64;

export const seedUse: LogicalCheck = {
  plan: {
    id: 'seed.use',
    version: 1,
    row: 50,
    chapter: 'randomness',
    title:
      'All 64 bits of the seed matter: no two of 64 seeds that differ in one bit, and of others, give the same bits.',
    how: 'Spins without field, one sweep of two or more images, at a random seed, at the 64 seeds that differ from it in one bit, at the next seeds, at 0 and at 2^64 − 1. Devices that declare `statistical` may ignore seeds, but not repeat themselves.',
    kind: 'near-certain',
    statistic: 'Pairs of seeds, of about 70, whose bits are all equal, up to a global sign.',
    samples:
      '128 bits or more of each seed, 64 on devices without room: some pair agrees by chance with probability below 10^−15.',
    resolution: { quick: 'one bit of the seed', standard: 'one bit of the seed', certify: 'one bit of the seed' },
    level: 'quick',
    clauses: ['5.1', '6'],
    needs: ['single-spin'],
    kills: ['M28', 'M30'],
    blindTo: ['M32'],
    since: '0.1.0',
  },
  async run(c) {
    const lab = await c.open();
    const random = c.random('seeds');
    const coins = await loadCoins(lab, bitsWanted, c.random('coins'));
    const seed = random.bits64();
    const seen = new Map([[await bitsOf(coins, seed, random), 'the seed']]);
    const findings: Finding[] = [];
    for (const [other, name] of otherSeeds(seed)) {
      const bits = await bitsOf(coins, other, random);
      const known = seen.get(bits);
      seen.set(bits, name);
      const wrong = { expected: 'other bits than any other seed', actual: `the bits of ${known}` };
      findings.push({
        name: `${name} gives bits of its own`,
        ok: known === undefined,
        ...(known === undefined ? {} : wrong),
      });
    }
    return findings;
  },
};

/** All seeds one bit away, the next ones, and the ends of the range; each once, with its name. */
function otherSeeds(seed: bigint): ReadonlyMap<bigint, string> {
  const last = 2n ** 64n - 1n;
  const others = new Map<bigint, string>([
    [0n, 'seed 0'],
    [last, 'seed 2^64 − 1'],
    ...[1n, 2n, 3n].map((step) => [(seed + step) & last, `the seed + ${step}`] as const),
    [(seed - 1n) & last, 'the seed − 1'],
    ...Array.from(
      { length: 64 },
      (_, bit) => [seed ^ (1n << BigInt(bit)), `the seed with bit ${bit} flipped`] as const,
    ),
  ]);
  others.delete(seed);
  return others;
}

/** All bits of one sweep as text, up to a global sign. */
async function bitsOf(coins: LoadedProbe, seed: bigint, random: RandomStream): Promise<string> {
  const { images } = rowsWithin(coins.lab.profile, {
    images: Math.max(2, Math.ceil(bitsWanted / coins.spins)),
    chains: 1,
  });
  if (images * coins.spins < bitsLeast) throw new TooFewSamples(`one sweep shows ${images * coins.spins} bits only`);
  const { bits } = await tosses(coins, { images, samples: 1, seed }, random);
  return Array.from(bits, (bit) => bit ^ (bits[0] as number)).join('');
}
