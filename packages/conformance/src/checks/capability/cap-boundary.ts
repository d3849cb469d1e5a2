import type { Finding, LogicalCheck } from '../check.ts';
import { batchBoundaries } from './boundaries/batch-boundaries.ts';
import type { Boundary } from './boundaries/boundary.ts';
import { graphBoundaries } from './boundaries/graph-boundaries.ts';
import { programBoundaries } from './boundaries/program-boundaries.ts';
import { refusedProgram } from './boundaries/refused-program.ts';
import { valueBoundaries } from './boundaries/value-boundaries.ts';

const boundaries: readonly Boundary[] = [
  ...valueBoundaries,
  ...graphBoundaries,
  ...batchBoundaries,
  ...programBoundaries,
];

/** Every number of the profile that bounds something is reached, and the device works there. */
export const capBoundary: LogicalCheck = {
  plan: {
    id: 'cap.boundary',
    version: 1,
    row: 6,
    chapter: 'capability',
    title: 'Every stated limit is accepted and works, and plan() says what load() does.',
    how: 'For each limit of the profile a program in strong fields that reaches it: spins, degree, couplings, weights, biases, fraction bits, β, images, chains, rows, colors, blocks. Limits beyond what a level takes are tried at its size; so are "unlimited" ones; unpublished ones are not. A program that plan() refuses is loaded, too. Counters are in res.wide, runs in flight in conc.parallel.',
    kind: 'near-certain',
    statistic:
      'plan() gives a plan, load() loads, every spin shows its certain value by majority of sweeps; where plan() finds misfits, load() rejects with "does-not-fit" or "unsupported"',
    samples: 'one program for each limit',
    resolution: {
      quick: 'any deviation at a limit up to 1024 spins, couplings, neighbours or rows',
      standard: 'any deviation at a limit up to 16384',
      certify: 'any deviation at a limit up to 262144 (degrees: 16384, or as many as fields of the law hold)',
    },
    level: 'quick',
    clauses: ['contract: Driver.plan is what load would say', 'profile: limits', '3.6', '4.1', '4.2', '4.4'],
    needs: ['sweeps', 'single-spin', 'pins'],
    kills: ['M17', 'M49'],
    blindTo: ['M16', 'M43'],
    conservative: 'a right device misses with probability below 1e-5',
    since: '0.1.0',
  },
  async run(c) {
    const findings: Finding[] = [];
    for (const boundary of boundaries) {
      const lab = await c.open();
      findings.push(...(await boundary.reach(c, lab, c.random(boundary.limit))));
      await lab.close();
    }
    const lab = await c.open();
    return [...findings, ...(await refusedProgram(lab))];
  },
};
