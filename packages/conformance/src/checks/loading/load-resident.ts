import type { Finding, LogicalCheck } from '../check.ts';
import { type HeldPattern, loadHeldPattern, patternHolds } from '../held-pattern.ts';

/** Programs that are loaded at the same time. */
export const loadResident: LogicalCheck = {
  plan: {
    id: 'load.resident',
    version: 1,
    row: 0,
    chapter: 'loading',
    title: 'Programs that are loaded side by side keep to themselves.',
    how: 'Loads two programs of opposite strong fields and a third of another size (as many as the profile holds blocks), runs them in random order, unloads one, runs the others.',
    kind: 'near-certain',
    statistic: 'every spin shows the sign of its own program, by majority of sweeps',
    samples: '12 runs before and 6 after a program is unloaded',
    resolution: { quick: 'any deviation', standard: 'any deviation', certify: 'any deviation' },
    level: 'quick',
    clauses: ['contract: Driver.load', 'contract: LoadedProgram.unload', 'profile: residency'],
    needs: ['single-spin'],
    kills: ['programs-replaced'],
    blindTo: ['M44', 'M46'],
    conservative: 'a right device misses with probability below 2e-5',
    since: '0.1.0',
  },
  async run(c) {
    const random = c.random('programs');
    const lab = await c.open();
    const { blocks } = c.profile.residency;
    const count = blocks === 'all' ? 3 : Math.min(3, blocks);
    const first = await loadHeldPattern(c, lab, random);
    const programs = [first];
    if (count > 1) {
      const signs = first.signs.map((sign) => -sign);
      programs.push(await loadHeldPattern(c, lab, random, { signs }));
    }
    if (count > 2) programs.push(await loadHeldPattern(c, lab, random, { spins: 70 }));
    const findings: Finding[] = [];
    const runSome = async (from: readonly HeldPattern[], runs: number, when: string): Promise<void> => {
      for (let n = 1; n <= runs; n++) {
        const program = random.pick(from);
        findings.push(await patternHolds(`program ${programs.indexOf(program)}, run ${n} ${when}`, program, random));
      }
    };
    await runSome(programs, 12, 'of all');
    if (programs.length > 1) {
      const [gone, ...rest] = random.shuffled(programs) as [HeldPattern, ...HeldPattern[]];
      await lab.unload(gone.loaded.loaded);
      await runSome(rest, 6, 'after another was unloaded');
    }
    return findings;
  },
};
