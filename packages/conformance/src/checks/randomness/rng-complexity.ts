/** Row 51: no spin's bits come from a short shift register. */
import { loadCoins, rowsWithin, showsHistory, tosses } from '../../lab/coins.ts';
import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import { linearComplexity } from '../../statistics/linear-complexity.ts';
import type { Finding, LogicalCheck } from '../check.ts';
import type { CheckContext } from '../check-context.ts';

const bits = 2048;
/** Below the half that fair bits have. */
const margin = 40;

export const rngComplexity: LogicalCheck = {
  plan: {
    id: 'rng.complexity',
    version: 1,
    row: 51,
    chapter: 'randomness',
    title: 'The bits of a spin have the linear complexity of random ones: no short shift register makes them.',
    how: 'Spins without field, 2,048 consecutive samples of one row; where the device shows no history, 2,048 rows of one run after another. Besides, the bits of all spins in turn.',
    kind: 'near-certain',
    statistic:
      'Linear complexity by Berlekamp and Massey, of each spin’s bits and of all spins in turn: at least n/2 − 40. A register of 32 bits gives 32 or 33, decimated or not.',
    samples: '2,048 bits of each of 16 spins: random ones fall below with probability 17 · 2^−80.',
    resolution: {
      quick: 'registers of up to 983 bits',
      standard: 'registers of up to 983 bits, 32 spins',
      certify: 'registers of up to 983 bits, 128 spins',
    },
    level: 'quick',
    clauses: ['5.1', '5.5'],
    needs: ['single-spin'],
    kills: ['M09', 'M25', 'M26'],
    blindTo: ['M23', 'M24', 'M30'],
    since: '0.1.0',
  },
  async run(c) {
    const lab = await c.open();
    const coins = await loadCoins(lab, c.byLevel({ quick: 16, standard: 32, certify: 128 }), c.random('coins'));
    const tossed = await consecutive(c, coins);
    const { spins } = coins;
    const findings = Array.from({ length: spins }, (_, spin) =>
      finding(`spin ${spin}`, (n) => tossed[n * spins + spin] as number),
    );
    return [...findings, finding('all spins in turn', (n) => tossed[n] as number)];
  },
};

/** bits × spins tosses of one row after another, or of one row in time. */
async function consecutive(c: CheckContext, coins: LoadedProbe): Promise<Uint8Array> {
  const random = c.random('runs');
  if (showsHistory(c.profile)) {
    return (await tosses(coins, { images: 1, samples: bits, seed: random.bits64() }, random)).bits;
  }
  const out = new Uint8Array(bits * coins.spins);
  const { images } = rowsWithin(c.profile, { images: bits, chains: 1 });
  const seed = random.bits64();
  for (let first = 0; first < bits; first += images) {
    const numbers = Array.from({ length: Math.min(images, bits - first) }, (_, n) => first + n);
    out.set((await tosses(coins, { images: numbers, samples: 1, seed }, random)).bits, first * coins.spins);
  }
  return out;
}

function finding(name: string, bit: (n: number) => number): Finding {
  const complexity = linearComplexity(Uint8Array.from({ length: bits }, (_, n) => bit(n)));
  const least = bits / 2 - margin;
  return {
    name: `complexity of ${name}`,
    ok: complexity >= least,
    ...(complexity >= least ? {} : { expected: `at least ${least} for ${bits} bits`, actual: `${complexity}` }),
  };
}
