/** sch.clean: a run starts afresh, whatever ran before it. */
import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import { uniformStart } from '../../lab/uniform-start.ts';
import { gridProbe } from '../../probes/graphs.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import type { Hypothesis, StatisticalCheck } from '../check.ts';
import { fieldWithin } from '../distribution/single-spins.ts';
import { sweptLawHypothesis } from '../distribution/swept-law.ts';

/** e^(−2·4): the biased program leaves all spins up but for 3e-4. */
const strongField = 4;
const biasedSweeps = 8;
/** Runs after a biased one each; a device that carries over the last state does so in every one. */
const runs = 8;

export const clean: StatisticalCheck = {
  plan: {
    id: 'sch.clean',
    version: 1,
    row: 38,
    chapter: 'schedule',
    title: 'Right after a strongly biased run, a run has the law of a fresh start.',
    how: 'A 2 × 3 grid, one sweep (or the device’s shortest stride) from fair coins, directly after a run that leaves (nearly) all spins up: of another program with fields of 4 k_B·T on all spins, and of the same program from all spins up where it takes given starts; eight times each.',
    kind: 'statistical',
    statistic:
      'χ² over the 64 states, Monte-Carlo p under the exact law of one sweep. On devices with tolerances, exact binomial tests of every state and every product of spins against its range over all laws inside the band, Bonferroni.',
    samples:
      'States after each kind of run: L(63) / Λ, L = 110; one sweep from all up instead of fair coins has Λ = 0.5 or more. With tolerances of 0.02 in P, 5 % in β and 0.02 k_B·T, 4096 states find a state that is carried over in every row on nine grids of ten, in half of the rows on every other grid.',
    resolution: {
      quick: 'Λ = 0.027 per state: 15 % of the rows carried over',
      standard: 'Λ = 0.007: 8 % of the rows carried over',
      certify: 'Λ = 0.0017: 4 % of the rows carried over',
    },
    level: 'quick',
    clauses: ['1.6', '5.4'],
    needs: ['sweeps', 'single-spin', 'uniform-start', 'snapshots'],
    kills: ['M44'],
    blindTo: ['M01+2%', 'M05', 'M24', 'M39'],
    conservative: 'tolerant devices inside their band: without bound',
    since: '0.1.0',
  },
  async sample(c) {
    const lab = await c.open();
    const rows = c.samples(c.byLevel({ quick: 4096, standard: 16_384, certify: 65_536 }));
    const random = c.random('clean');
    const probe = gridProbe(2, 3, random.fork('grid'));
    const loaded = await lab.loadProbe(probe, random.fork('probe'));
    const field = fieldWithin(strongField, lab.profile.bias.range);
    const biased = await lab.loadProbe({ ...probe, fields: probe.fields.map(() => field) }, random.fork('biased'));
    const sweeps = lab.profile.readout.strideMin;
    const { tolerances } = c;
    const befores: { readonly name: string; readonly program: LoadedProbe; readonly given: boolean }[] = [
      { name: 'another program in strong fields', program: biased, given: false },
      ...(lab.profile.init.includes('given')
        ? [{ name: 'the same program from all spins up', program: loaded, given: true }]
        : []),
    ];
    const hypotheses: Hypothesis[] = [];
    for (const { name, program, given } of befores) {
      const stream = random.fork(name);
      const values = new Int8Array(rows * loaded.spins);
      const perRun = Math.ceil(rows / runs);
      for (let first = 0; first < rows; first += perRun) {
        const count = Math.min(perRun, rows - first);
        await biasedRun(program, { count, given, random: stream });
        const start = uniformStart(loaded, count, stream);
        const states = await loaded.snapshots({ rows: count, sweeps, start, random: stream });
        values.set(states.values, first * loaded.spins);
      }
      const all = { rows, spins: loaded.spins, values };
      const swept = { loaded, start: 'uniform', sweeps, tolerances, random: stream.fork('draws') } as const;
      hypotheses.push(sweptLawHypothesis(`after ${name}`, all, swept));
    }
    return hypotheses;
  },
};

async function biasedRun(
  program: LoadedProbe,
  { count, given, random }: { readonly count: number; readonly given: boolean; readonly random: RandomStream },
): Promise<void> {
  const images = Math.min(count, program.rowsPerRun());
  const start = given
    ? { given: new Int8Array(images * program.spins).fill(1) }
    : uniformStart(program, images, random);
  const { strideMin } = program.lab.profile.readout;
  const sweeps = given ? strideMin : Math.max(biasedSweeps, strideMin);
  await program.run({ images, sweeps, stride: strideMin, seed: random.bits64(), start });
}
