import type { Finding, LogicalCheck } from '../check.ts';
import type { Declared } from './declared/declared.ts';
import { declaredForms } from './declared/declared-forms.ts';
import { declaredParameters } from './declared/declared-parameters.ts';
import { declaredReadouts } from './declared/declared-readouts.ts';
import { declaredStarts } from './declared/declared-starts.ts';

const all: readonly Declared[] = [...declaredForms, ...declaredParameters, ...declaredReadouts, ...declaredStarts];

/** What the profile declares is there. */
export const capDeclared: LogicalCheck = {
  plan: {
    id: 'cap.declared',
    version: 1,
    row: 7,
    chapter: 'capability',
    title: 'Every declared feature, law, observable and start gives its exact answer.',
    how: 'A minimal program in strong fields for each: conv (3×3, padded), dense, sparse, diagonal, color-map, border, runtime-gain, temperature, both laws; spin-sum, conditional-sum, state, signs, trace, kept states; random, feed-forward, given and resumed starts. `host` is no matter of a driver.',
    kind: 'near-certain',
    statistic: 'every spin shows the value that the suite’s own law makes certain, by majority of sweeps',
    samples: 'one program for each',
    resolution: { quick: 'any deviation', standard: 'any deviation', certify: 'any deviation' },
    level: 'quick',
    clauses: ['1.6', '2.1', '2.2', '2.5', '3.3', '3.4', '3.5', '3.6', '4.5', '4.8', '8.5'],
    needs: ['sweeps', 'single-spin', 'pins'],
    kills: ['M49'],
    blindTo: ['M01', 'M18', 'M21'],
    conservative: 'a right device misses with probability below 1e-5',
    since: '0.1.0',
  },
  async run(c) {
    const findings: Finding[] = [];
    for (const { feature, isDeclared, answer } of all) {
      if (!isDeclared(c.profile)) continue;
      const lab = await c.open();
      const found = await answer(c, lab, c.random(feature));
      findings.push(...found.map((each) => ({ ...each, name: `${feature}: ${each.name}` })));
      await lab.close();
    }
    return findings;
  },
};
