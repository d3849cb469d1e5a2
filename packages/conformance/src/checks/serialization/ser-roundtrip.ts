import { readProgram, writeProgram } from '@isinglass/sdk';
import { LoadedProbe } from '../../lab/loaded-probe.ts';
import { anyStart } from '../../lab/uniform-start.ts';
import { copiedSpins, gridWithin } from '../../probes/affordable.ts';
import { disguiseAs, layoutsOf } from '../../probes/disguise.ts';
import { gridProbe } from '../../probes/graphs.ts';
import type { Finding, LogicalCheck } from '../check.ts';
import { must, sameNumbers } from '../findings.ts';
import { copyProbe, randomSigns, readPattern, strongCoupling, votesFor } from '../strong-fields.ts';

const spinsWanted = 26;

/** A program that went through a file is the same program. */
export const serRoundtrip: LogicalCheck = {
  plan: {
    id: 'ser.roundtrip',
    version: 1,
    row: 64,
    chapter: 'serialization',
    title: 'Programs that are written to a file and read back load and run as the originals do.',
    how: 'Free spins that copy pinned ones, in every layout and form and under every law of the profile: written, read, loaded, run; where runs are repeatable, a grid beside its original with one seed.',
    kind: 'near-certain',
    statistic: 'equal hashes; every spin shows its pin, by majority of sweeps; equal sums and last states of the grid',
    samples: 'one program and one grid for each layout, form and law',
    resolution: { quick: 'any deviation', standard: 'any deviation', certify: 'any deviation' },
    level: 'quick',
    clauses: ['8.1', '8.2', '8.3', '6'],
    needs: ['single-spin', 'pins'],
    kills: ['file-offsets'],
    blindTo: ['M01', 'M45'],
    conservative: 'a right device misses with probability below 1e-5',
    since: '0.1.0',
  },
  async run(c) {
    const random = c.random('programs');
    const lab = await c.open();
    const spins = copiedSpins(c.profile, spinsWanted);
    const strength = strongCoupling(c.profile);
    const votes = votesFor(spins, strength, c);
    const findings: Finding[] = [];
    const fromFile = async ({ probe, disguise, program }: LoadedProbe): Promise<LoadedProbe> => {
      const read = readProgram(writeProgram(program));
      findings.push(must('hash', read.hash === program.hash, program.hash, read.hash));
      return new LoadedProbe({ lab, probe, disguise, program: read, loaded: await lab.load(read) });
    };
    for (const law of c.profile.law) {
      for (const layout of layoutsOf(c.profile)) {
        const name = `${law} law, ${layout.form} in ${layout.layout}`;
        const probe = copyProbe(spins, strength, random);
        const original = await lab.loadProbe(probe, random, { law, disguise: disguiseAs(probe, layout, random) });
        const copy = await fromFile(original);
        const pinned = randomSigns(spins, random);
        const seen = await readPattern(copy, { pinned, seed: random.bits64(), votes });
        findings.push(sameNumbers(`${name}, from a file`, pinned, seen));
        await lab.unload(original.loaded);
        await lab.unload(copy.loaded);
        if (c.profile.determinism === 'statistical' || c.profile.dynamics.kind !== 'chromatic-gibbs') continue;
        const { rows, columns } = gridWithin(c.profile, { rows: 4, columns: 4 });
        const grid = gridProbe(rows, columns, random);
        const first = await lab.loadProbe(grid, random, { law, disguise: disguiseAs(grid, layout, random) });
        const second = await fromFile(first);
        const stride = c.profile.readout.strideMin;
        const images = Math.min(2, first.rowsPerRun());
        const start = anyStart(first, images);
        const run = { images, sweeps: 3 * stride, stride, start, seed: random.bits64(), keep: 'host' as const };
        const [one, other] = [await first.run(run), await second.run(run)];
        const states = [one, other].map(({ last = {} }) => first.fromBanks(last).values);
        findings.push(sameNumbers(`${name}, last states with one seed`, states[0] ?? [], states[1] ?? []));
        await lab.unload(first.loaded);
        await lab.unload(second.loaded);
      }
    }
    return findings;
  },
};
