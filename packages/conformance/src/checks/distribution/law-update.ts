/** law.update: the law of single updates, the workhorse of the suite. */

import type { DeviceProfile } from '@isinglass/sdk';
import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import type { SpinRows } from '../../lab/probe-view.ts';
import { gridProbe } from '../../probes/graphs.ts';
import type { Probe } from '../../probes/probe.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import { type Hypothesis, type StatisticalCheck, TooFewSamples } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { consecutiveStates, variedStart, type Way, waysOf } from './consecutive-states.ts';
import { gridWithin } from './probe-size.ts';
import { residualHypotheses } from './residual-families.ts';
import { suspectsOf, withSuspects } from './suspects.ts';
import { UpdateResiduals } from './update-residuals.ts';
import { updateGains } from './update-suspects.ts';
import { UpdateTable } from './update-table.ts';

/** Updates that are kept to name suspects, where they are wanted. */
const updatesRemembered = 262_144;

export const lawUpdate: StatisticalCheck = {
  plan: {
    id: 'law.update',
    version: 1,
    row: 20,
    chapter: 'distribution',
    title: 'Every single update is +1 with the probability that the law gives for the neighbours that it saw.',
    how:
      'An 8 × 8 grid with random couplings of 0.3 to 0.7 and random fields, under each law of the device. Consecutive states, by every way in which the device shows them: a trace, retained states, runs of one sweep from given states; ' +
      'if none, states after one sweep from a random start, of which only the last color counts, with the colors in either order.',
    kind: 'statistical',
    statistic:
      'Residuals s − p weighed by 1, f, f², f³, bins of f, spins, directed edges; by the residuals of the same spin 1 to 8 sweeps before, of every other spin of the row, of neighbours in the device’s order, of the same spin in another row. z with a Poisson guard, Bonferroni inside families.',
    samples:
      'Updates for each law and way: K(m) / (4 E[v f²] ε²) finds β off by ε with K = 66 for about 2500 members of families and E[v f²] = 0.105 on these probes (v = p (1 − p)).',
    resolution: {
      quick:
        'β 2.5 %, the bias of all updates 0.008, one spin’s 0.06, one directed edge’s coupling 0.13 k_B·T, correlation of draws pooled over all spins 0.02',
      standard:
        'β 0.9 %, the bias of all updates 0.003, one spin’s 0.02, one directed edge’s coupling 0.045 k_B·T, pooled correlation 0.006',
      certify:
        'β 0.3 %, the bias of all updates 0.001, one spin’s 0.007, one directed edge’s coupling 0.016 k_B·T, pooled correlation 0.002',
    },
    level: 'quick',
    clauses: ['1.3', '1.5', '4.5', '4.6', '5.4', '7'],
    needs: ['sweeps', 'single-spin', 'snapshots'],
    kills: [
      ...['M01', 'M03', 'M04', 'M05', 'M07', 'M09', 'M10', 'M11', 'M12', 'M13', 'M14', 'M18', 'M19', 'M20', 'M21'],
      ...['M22', 'M23', 'M24', 'M29'],
    ],
    blindTo: ['M25', 'M26', 'M27', 'M33', 'M37', 'M40'],
    conservative:
      'Families of m members take m times their least p, which is above its level by at most m/2 times it, and the Poisson guard makes p of rare events up to twice too large.',
    since: '0.1.0',
  },
  async sample(c) {
    const lab = await c.open();
    const ways = waysOf(lab.profile);
    if (ways.length === 0) throw new TooFewSamples('the device shows no state of a single row');
    const updates = c.samples(c.byLevel({ quick: 262_144, standard: 2_097_152, certify: 16_777_216 }));
    const random = c.random('updates');
    const hypotheses: Hypothesis[] = [];
    for (const law of lab.profile.law) {
      for (const way of ways) {
        const label = `${law} law, by ${way}`;
        for (const probe of probesOf(lab.profile, way, random.fork(label))) {
          const name = way === 'snapshot' ? `${label}, ${probe.name}` : label;
          const stream = random.fork(name);
          const loaded = await lab.loadProbe(probe, stream, { law });
          hypotheses.push(...(await ofWay(c, loaded, { way, updates, random: stream.fork('runs'), label: name })));
          await lab.unload(loaded.loaded);
        }
      }
    }
    return hypotheses;
  },
};

/** A grid; for snapshots also one whose colors are swapped, so that every spin is once of the last color. */
function probesOf(profile: DeviceProfile, way: Way, random: RandomStream): readonly Probe[] {
  const probe = gridProbe(...gridWithin(profile, 8), random);
  if (way !== 'snapshot') return [probe];
  const swapped = probe.colors.map((color): 0 | 1 => (color === 0 ? 1 : 0));
  return [probe, { ...probe, name: `${probe.name}, colors swapped`, colors: swapped }];
}

interface WayOptions {
  readonly way: Way;
  readonly updates: number;
  readonly random: RandomStream;
  readonly label: string;
}

async function ofWay(c: CheckContext, loaded: LoadedProbe, o: WayOptions): Promise<readonly Hypothesis[]> {
  const table = new UpdateTable(loaded);
  const residuals = new UpdateResiduals(table);
  const remembered: (readonly SpinRows[])[] = [];
  let left = c.suspects ? updatesRemembered : 0;
  if (o.way === 'snapshot') {
    const lastColor = table.colors.at(-1) ?? [];
    const rows = Math.ceil(o.updates / lastColor.length);
    const start = variedStart(loaded, rows, o.random);
    residuals.addStates(
      await loaded.snapshots({ rows, sweeps: c.profile.readout.strideMin, start, random: o.random }),
      lastColor,
    );
  } else {
    for await (const history of consecutiveStates(loaded, o.way, o)) {
      residuals.addHistory(history);
      if (left > 0) remembered.push(history);
      left -= (history.length - 1) * (history[0]?.values.length ?? 0);
    }
  }
  const hypotheses = residualHypotheses(residuals, { loaded, tolerances: c.tolerances, label: o.label });
  return remembered.length === 0
    ? hypotheses
    : withSuspects(hypotheses, () =>
        suspectsOf([...updateGains(table, loaded, remembered), ...drawGains(o.label, hypotheses, residuals.updates)]),
      );
}

/** A correlation of draws from which they are rather one number than numbers with bits in common. */
const sharedCorrelation = 0.3;

/**
 * Faults of the random numbers: by −ln p of their families, which is about the likelihood that they would gain; of as many updates as are remembered for other
 * faults.
 */
function* drawGains(
  label: string,
  hypotheses: readonly Hypothesis[],
  updates: number,
): Generator<readonly [string, number]> {
  const familyOf = (family: string): Hypothesis | undefined =>
    hypotheses.find(({ name }) => name.startsWith(`${label}: ${family}`));
  const share = Math.min(1, updatesRemembered / updates);
  const shared = Math.abs(familyOf('pairs of spins')?.effect?.value ?? 0) > sharedCorrelation;
  const faults = [
    ['lags', 'M24'],
    ['pairs of rows', 'M29'],
    ['pairs of spins', shared ? 'M22' : 'M23'],
    ['draws side by side', shared ? 'M22' : 'M23'],
  ] as const;
  for (const [family, fault] of faults) {
    yield [fault, -share * Math.log(Math.max(familyOf(family)?.p ?? 1, Number.MIN_VALUE))];
  }
}
