import type { Lab } from '../../lab/lab.ts';
import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import { anyStart } from '../../lab/uniform-start.ts';
import { copiedSpins, gridWithin } from '../../probes/affordable.ts';
import { gridProbe } from '../../probes/graphs.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import type { Finding, LogicalCheck } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { sameNumbers } from '../findings.ts';
import { copyProbe, randomSigns, readPattern, strongCoupling, votesFor } from '../strong-fields.ts';

const spinsWanted = 33;

/** Several runs at a time. */
export const concParallel: LogicalCheck = {
  plan: {
    id: 'conc.parallel',
    version: 1,
    row: 57,
    chapter: 'concurrency',
    title: 'Runs in flight are neither lost, swapped nor mixed, and start in call order.',
    how: 'As many runs as the profile allows in flight, each with pins of its own, on two programs; where the device traces, the order of the first traced states; where runs do not depend on what else runs, grids in flight beside the same grids alone.',
    kind: 'near-certain',
    statistic:
      'every run shows its own pins, by majority of sweeps; first traced states come in call order; equal sums',
    samples: '8 rounds (32 from standard on) of up to 8 runs',
    resolution: { quick: 'any exchange', standard: 'any exchange', certify: 'any exchange' },
    level: 'quick',
    clauses: ['contract: runs start in call order, at most batch.inFlight unsettled', '6'],
    needs: ['single-spin', 'pins', 'in-flight'],
    kills: ['M32', 'M46', 'M52'],
    blindTo: ['M44', 'M47'],
    conservative: 'a right device misses with probability below 1e-4',
    since: '0.1.0',
  },
  async run(c) {
    const random = c.random('runs');
    const lab = await c.open();
    const spins = copiedSpins(c.profile, spinsWanted);
    const strength = strongCoupling(c.profile);
    const programs = [await lab.loadProbe(copyProbe(spins, strength, random), random)];
    const { blocks } = c.profile.residency;
    if (blocks === 'all' || blocks > 1) programs.push(await lab.loadProbe(copyProbe(spins, strength, random), random));
    const votes = votesFor(spins, strength, c);
    const findings: Finding[] = [];
    for (let round = 1; round <= c.byLevel({ quick: 8, standard: 32, certify: 32 }); round++) {
      const runs = Array.from({ length: inFlight(c) }, () => ({
        loaded: random.pick(programs),
        pinned: randomSigns(spins, random),
        seed: random.bits64(),
      }));
      const seen = await Promise.all(runs.map(({ loaded, ...run }) => readPattern(loaded, { ...run, votes })));
      for (const [n, { pinned }] of runs.entries()) {
        findings.push(sameNumbers(`round ${round}, run ${n}`, pinned, seen[n] as Int8Array));
      }
      if (c.profile.readout.trace) findings.push(await startOrder(c, programs, { round, random }));
    }
    return [...findings, ...(await besideEachOther(c, lab, random))];
  },
};

const inFlight = ({ profile }: CheckContext): number => Math.min(8, profile.batch.inFlight);

async function startOrder(
  c: CheckContext,
  programs: readonly LoadedProbe[],
  { round, random }: { readonly round: number; readonly random: RandomStream },
): Promise<Finding> {
  const order: number[] = [];
  const stride = c.profile.readout.strideMin;
  const runs = Array.from({ length: inFlight(c) }, (_, n) => {
    const loaded = random.pick(programs);
    // Earlier runs are longer, so that later ones would be ready first.
    const sweeps = stride * (1 + 8 * (inFlight(c) - n));
    const trace = (sweep: number): void => {
      if (sweep === 0) order.push(n);
    };
    return loaded.run({ images: 1, sweeps, stride, seed: random.bits64(), start: anyStart(loaded, 1), trace });
  });
  await Promise.all(runs);
  return sameNumbers(`round ${round}, order of starts`, [...runs.keys()], order);
}

/** Bits do not depend on what else runs, where that is promised. */
async function besideEachOther(c: CheckContext, lab: Lab, random: RandomStream): Promise<readonly Finding[]> {
  const { determinism, dynamics, readout } = c.profile;
  const promised = determinism === 'stable' || determinism === 'exact';
  if (!promised || dynamics.kind !== 'chromatic-gibbs' || !readout.observables.includes('spin-sum')) return [];
  const { rows, columns } = gridWithin(c.profile, { rows: 4, columns: 4 });
  const loaded = await lab.loadProbe(gridProbe(rows, columns, random), random);
  const findings: Finding[] = [];
  const stride = readout.strideMin;
  for (let round = 1; round <= 4; round++) {
    const runs = Array.from({ length: inFlight(c) }, () => {
      const sweeps = stride * random.integer(1, 30);
      return { images: 1, sweeps, stride, seed: random.bits64(), start: anyStart(loaded, 1) };
    });
    const sums = async (run: (typeof runs)[0]): Promise<Int32Array> =>
      loaded.sumsOf(await loaded.run({ ...run, observable: 'spin-sum' }), 1);
    const together = await Promise.all(runs.map(sums));
    for (const [n, run] of runs.entries()) {
      findings.push(sameNumbers(`grids, round ${round}, run ${n}`, await sums(run), together[n] as Int32Array));
    }
  }
  return findings;
}
