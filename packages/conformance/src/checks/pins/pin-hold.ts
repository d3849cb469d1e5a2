import { type PackedSpins, unpackSpins } from '@isinglass/sdk';
import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import { spinSums } from '../../lab/spin-sums.ts';
import { anyStart } from '../../lab/uniform-start.ts';
import { copiedSpins } from '../../probes/affordable.ts';
import type { Probe } from '../../probes/probe.ts';
import { bankIds } from '../../probes/probe-program.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import { binomialUpperTail } from '../../statistics/binomial.ts';
import type { Hypothesis, StatisticalCheck } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { admittedBand } from '../distribution/tolerance-band.ts';
import { copyProbe, heldProbe, randomSigns, strongCoupling, strongField } from '../strong-fields.ts';

const spinsWanted = 64;

/** Pinned spins stay where they are put, in every sweep. */
export const pinHold: StatisticalCheck = {
  plan: {
    id: 'pin.hold',
    version: 1,
    row: 16,
    chapter: 'pins',
    title: 'Pinned spins hold their value in every sweep.',
    how: '64 free spins each copy a pinned spin of their own through a strong coupling, over images of random pins; a second neighbour of each, held by a field, would draw a released pin away; sums of the free spins show every sweep in which a pin was not there. Where the device traces, the pinned banks of every state are read, too.',
    kind: 'statistical',
    statistic:
      'upper binomial tail of the number of free spins that disagree with their pin under the exact probability of the law and, for pins held by strong fields, the declared flip probability; of the number of pinned spins that differ in a trace, under the flip probability (0 for native pins)',
    samples:
      '131072 spins and sweeps (four times as many at standard, 16 times at certify): a leak of 10^−4 goes unseen with probability e^−13',
    resolution: {
      quick: 'a pin that is not held in 2 of 10^4 sweeps',
      standard: '6 of 10^5',
      certify: '2 of 10^5',
    },
    level: 'quick',
    clauses: ['1.4', '1.9', 'profile: pins'],
    needs: ['single-spin', 'pins', 'snapshots'],
    kills: ['M33', 'M34'],
    blindTo: ['M04', 'M21'],
    conservative: 'right native pins under the fixed law never disagree: p = 1',
    since: '0.1.0',
  },
  async sample(c): Promise<readonly Hypothesis[]> {
    const random = c.random('pins');
    const lab = await c.open();
    const spins = copiedSpins(c.profile, spinsWanted, { free: 2 });
    const loaded = await lab.loadProbe(copiesAndPullers(c, spins, random), random);
    const wanted = c.samples(c.byLevel({ quick: 131_072, standard: 524_288, certify: 2_097_152 }));
    const copies = await disagreements(loaded, wanted, random);
    const against = chanceAgainst(c, loaded);
    const hypotheses = [hypothesis('free spins that disagree with their pin', copies, against)];
    if (!c.profile.readout.trace) return hypotheses;
    const { pins } = c.profile;
    const flips = pins.kind === 'strong-field' ? pins.flipProbabilityMax : 0;
    const traced = await tracedPins(loaded, Math.min(wanted, 65_536), random);
    return [...hypotheses, hypothesis('pinned spins that differ in a trace', traced, flips)];
  },
};

/**
 * The first half of the spins copy their pins. The others are held by fields and joined with the same pins more strongly than the copies are, which does nothing to
 * a pin that is held.
 */
function copiesAndPullers(c: CheckContext, spins: number, random: RandomStream): Probe {
  const field = strongField(c.profile);
  const scale = Math.min(strongCoupling(c.profile) / 4, field / 8);
  const copies = copyProbe(spins, 1, random);
  const pullers = heldProbe(randomSigns(spins, random), field, random);
  return {
    ...copies,
    name: `${spins} copies of pinned spins, and as many held spins`,
    colors: [...copies.colors, ...pullers.colors],
    pinnedEdges: [
      ...copies.pinnedEdges.map((edge) => ({ ...edge, w: 4 })),
      ...copies.pinnedEdges.map(({ free, pinned }) => ({ free: spins + free, pinned, w: 6 })),
    ],
    scale,
    fields: [...copies.fields, ...pullers.fields],
  };
}

interface Count {
  readonly wrong: number;
  readonly n: number;
}

function hypothesis(name: string, { wrong, n }: Count, chance: number): Hypothesis {
  const p = wrong === 0 ? 1 : binomialUpperTail(wrong, n, chance);
  return { name, p, n, table: [{ label: 'wrong', observed: wrong, expected: n * chance }] };
}

/** Most that a free spin may disagree with its pin in one sweep. */
function chanceAgainst(c: CheckContext, loaded: LoadedProbe): number {
  const { pins } = c.profile;
  const spins = loaded.probe.pinned;
  const up = loaded.law(new Int8Array(spins).fill(1));
  const states = new Int8Array(loaded.spins).fill(-1);
  const { pinnedEdges, scale } = loaded.probe;
  const worst = Math.max(
    ...pinnedEdges.slice(0, spins).map(({ free, w }) => {
      const p = up.up(free, states);
      return 1 - admittedBand({ p, f: scale * w }, c.tolerances).low;
    }),
  );
  return worst + (pins.kind === 'strong-field' ? pins.flipProbabilityMax : 0);
}

/** In sums over sweeps; images have pins of their own. */
async function disagreements(loaded: LoadedProbe, wanted: number, random: RandomStream): Promise<Count> {
  const { readout } = loaded.lab.profile;
  const spins = loaded.probe.pinned;
  const stride = readout.strideMin;
  const counter = typeof readout.counterBits === 'number' ? 2 ** (readout.counterBits - 1) - 1 : 4096;
  const kept = Math.min(counter, 128);
  const images = Math.min(loaded.rowsPerRun(), 16);
  let [wrong, n] = [0, 0];
  while (n < wanted) {
    const pinned = randomSigns(images * spins, random);
    const sums = await spinSums(loaded, {
      images,
      sweeps: kept * stride,
      stride,
      seed: random.bits64(),
      start: anyStart(loaded, images),
      pinned,
    });
    for (const [at, pin] of pinned.entries()) {
      const sum = sums[Math.floor(at / spins) * loaded.spins + (at % spins)] as number;
      wrong += (kept - sum * pin) / 2;
    }
    n += images * spins * kept;
  }
  return { wrong, n };
}

async function tracedPins(loaded: LoadedProbe, wanted: number, random: RandomStream): Promise<Count> {
  const spins = loaded.probe.pinned;
  const images = Math.min(loaded.rowsPerRun(), 8);
  let [wrong, n] = [0, 0];
  while (n < wanted) {
    const pinned = randomSigns(images * spins, random);
    const { stride, sweeps } = { stride: loaded.lab.profile.readout.strideMin, sweeps: 64 };
    await loaded.run({
      images,
      sweeps: Math.max(sweeps, stride),
      stride,
      seed: random.bits64(),
      start: anyStart(loaded, images),
      pinned,
      rawTrace: (_, banks) => {
        const seen = pinnedOf(loaded, banks);
        for (const [at, value] of seen.entries()) if (value !== pinned[at]) wrong++;
        n += seen.length;
      },
    });
  }
  return { wrong, n };
}

/** The pinned bank of a traced state, in the order and signs of the probe. */
function pinnedOf({ disguise, probe }: LoadedProbe, banks: Readonly<Record<string, PackedSpins>>): Int8Array {
  const packed = banks[bankIds.pinned];
  if (packed === undefined) throw new Error('a traced state lacks the pinned bank');
  const values = unpackSpins(packed);
  return values.map((_, n) => {
    const spin = n % probe.pinned;
    const place = n - spin + (disguise.pinnedPlace[spin] as number);
    return (values[place] as number) * (disguise.pinnedSign[spin] as number);
  });
}
