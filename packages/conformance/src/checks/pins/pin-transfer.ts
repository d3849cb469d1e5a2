import { copiedSpins } from '../../probes/affordable.ts';
import type { Probe } from '../../probes/probe.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import { binomialBandP } from '../../statistics/binomial.ts';
import { proportionEffect } from '../../statistics/effect.ts';
import { fisherCombinedP } from '../../statistics/fisher.ts';
import { residualP } from '../../statistics/martingale.ts';
import type { Hypothesis, StatisticalCheck } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { admittedBand, isSharp } from '../distribution/tolerance-band.ts';
import { randomSigns, strongField } from '../strong-fields.ts';
import { pinnedCounts } from './pinned-counts.ts';

/** Units of k_B·T: −4 … 4 in 31 steps and both saturations. */
const fields = [-9, ...Array.from({ length: 31 }, (_, n) => ((n - 15) * 4) / 15), 9];

/** The response of one spin to its field, which everything else is made of. */
export const pinTransfer: StatisticalCheck = {
  plan: {
    id: 'pin.transfer',
    version: 1,
    row: 18,
    chapter: 'pins',
    title: 'A free spin whose neighbours are pinned is up with probability σ(2βf), from saturation to saturation.',
    how: '33 free spins, each with a pinned neighbour and a bias that together make one of 33 fields from −9 to 9; which part comes from the pin is random.',
    kind: 'statistical',
    statistic:
      'two-sided binomial p of the number of ups of each spin, the largest over the band of a tolerant device; for sharp devices also Fisher’s combination of them and Σ f (s − p) over all spins, by residualP; Holm',
    samples: '32768 updates of each spin (131072 at standard, 524288 at certify): K(34)·p(1 − p)/Δp²',
    resolution: {
      quick: 'Δp = 0.021 at one field; β off by 0.8 %',
      standard: 'Δp = 0.010; β off by 0.4 %',
      certify: 'Δp = 0.005; β off by 0.2 %',
    },
    level: 'quick',
    clauses: ['1.3', '4.6', '7'],
    needs: ['single-spin', 'pins', 'snapshots'],
    kills: ['M01', 'M03', 'M13', 'M18', 'M19', 'M20', 'M21', 'M53'],
    blindTo: ['M04', 'M05', 'M24', 'M23'],
    conservative: 'tolerant devices inside their band: without bound',
    since: '0.1.0',
  },
  async sample(c): Promise<readonly Hypothesis[]> {
    const random = c.random('fields');
    const lab = await c.open();
    const most = copiedSpins(c.profile, fields.length);
    const wanted = c.samples(c.byLevel({ quick: 32_768, standard: 131_072, certify: 524_288 }));
    const spins: Driven[] = [];
    let updates = 0;
    // Devices that hold fewer spins get the fields in turns.
    for (let first = 0; first < fields.length; first += most) {
      const some = fields.slice(first, first + most);
      const pinned = randomSigns(some.length, random);
      const loaded = await lab.loadProbe(drivenSpins(c, { targets: some, pinned, random }), random);
      const counts = await pinnedCounts(loaded, { updates: wanted, random, pinned });
      const law = loaded.law(pinned);
      const states = new Int8Array(some.length).fill(1);
      for (const [spin, successes] of counts.ups.entries()) {
        const f = (loaded.probe.beta ?? 1) * fieldOf(loaded.probe, spin, pinned);
        spins.push({ f, p: law.up(spin, states), successes });
      }
      updates = counts.updates;
      await lab.unload(loaded.loaded);
    }
    const single = spins.map(({ f, p, successes }): Hypothesis => {
      const { low, high } = admittedBand({ p, f }, c.tolerances);
      return {
        name: `field ${f.toFixed(2)}`,
        p: binomialBandP(successes, updates, low, high),
        n: updates,
        effect: proportionEffect({ name: 'P(+1)', successes, n: updates, expected: p }),
        table: [{ label: 'ups', observed: successes, expected: updates * p }],
      };
    });
    if (!isSharp(c.tolerances)) return single;
    const together = {
      name: 'all fields together',
      p: fisherCombinedP(single.map(({ p }) => p)),
      n: updates * fields.length,
    };
    return [...single, together, scoreOfBeta(spins, updates)];
  },
};

interface Driven {
  /** β·f in units of k_B·T. */
  readonly f: number;
  readonly p: number;
  readonly successes: number;
}

/** h = f − J·pin, with J of 0.4 to 1 of either sign. */
function drivenSpins(
  c: CheckContext,
  o: { readonly targets: readonly number[]; readonly pinned: Int8Array; readonly random: RandomStream },
): Probe {
  const { targets, pinned, random } = o;
  const scale = 0.05;
  const most = strongField(c.profile);
  const weights = targets.map(() => random.sign() * random.integer(8, 20));
  return {
    name: `${targets.length} fields`,
    colors: targets.map(() => (random.sign() > 0 ? 1 : 0)),
    edges: [],
    pinned: targets.length,
    pinnedEdges: weights.map((w, n) => ({ free: n, pinned: n, w })),
    scale,
    fields: weights.map((w, n) => {
      const h = (targets[n] as number) - scale * w * (pinned[n] as number);
      return Math.max(-most, Math.min(most, h));
    }),
  };
}

/** The field of a spin as the probe that was loaded has it: its weights may have been fitted to the device. */
function fieldOf({ fields: own, pinnedEdges, scale }: Probe, spin: number, pinned: Int8Array): number {
  const driven = pinnedEdges.filter(({ free }) => free === spin);
  return driven.reduce((f, { pinned: n, w }) => f + scale * w * (pinned[n] as number), own[spin] as number);
}

/** Rao's score of β: all fields together see a wrong scale much sooner than one. */
function scoreOfBeta(spins: readonly Driven[], updates: number): Hypothesis {
  let [sum, variance] = [0, 0];
  for (const { f, p, successes } of spins) {
    sum += f * (successes - updates * p);
    variance += f * f * updates * p * (1 - p);
  }
  const maxWeight = Math.max(...spins.map(({ f }) => Math.abs(f)));
  return { name: 'score of β', p: residualP(sum, variance, { maxWeight }), n: updates * spins.length };
}
