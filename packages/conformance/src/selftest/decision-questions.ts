/** Questions about verdicts. */
import type { CheckKind } from '../checks/check.ts';
import type { StageResult } from '../suite/decision.ts';
import type { Pieces } from './pieces.ts';
import { mismatches, type SelftestQuestion } from './selftest-item.ts';

const stage = (...p: number[]): StageResult => ({
  kind: 'hypotheses',
  hypotheses: p.map((each, n) => ({ name: `h${n}`, p: each, n: 100 })),
});
const found = (...ok: boolean[]): StageResult => ({
  kind: 'findings',
  findings: ok.map((each, n) => ({ name: `f${n}`, ok: each })),
});
const tooFew: StageResult = { kind: 'too-few', reason: 'none left' };
const error: StageResult = { kind: 'error', error: { name: 'DeviceError', message: 'gone' } };

const table: readonly (readonly [CheckKind, readonly StageResult[], string])[] = [
  ['logical', [found(true, true)], 'pass'],
  ['logical', [found(true, false)], 'fail'],
  ['logical', [error], 'fail'],
  ['near-certain', [found(true)], 'pass'],
  ['near-certain', [found(false)], 'open'],
  ['near-certain', [found(false), found(true)], 'pass'],
  ['near-certain', [found(false), found(false)], 'fail'],
  ['near-certain', [found(false), error], 'fail'],
  ['statistical', [stage(0.5)], 'pass'],
  ['statistical', [stage(1)], 'pass'],
  ['statistical', [stage(0.002)], 'pass'],
  ['statistical', [stage(0.0009)], 'open'],
  ['statistical', [stage(0.0009, 0.5)], 'pass'],
  ['statistical', [stage(0)], 'open'],
  ['statistical', [stage(1e-9), stage(0.3)], 'pass'],
  ['statistical', [stage(1e-9), stage(1e-9)], 'fail'],
  ['statistical', [stage(0.5, 0, 0.5), stage(0.5, 0, 0.5)], 'fail'],
  ['statistical', [stage(1e-9), tooFew], 'inconclusive'],
  ['statistical', [tooFew], 'inconclusive'],
  ['statistical', [error], 'fail'],
  ['statistical', [stage(1e-9), error], 'fail'],
];

const faults: readonly (readonly [string, CheckKind, readonly StageResult[]])[] = [
  ['a stage without hypotheses', 'statistical', [stage()]],
  ['a run without findings', 'logical', [found()]],
  ['a p-value that is not a number', 'statistical', [stage(Number.NaN)]],
  ['a p-value of 1.2', 'statistical', [stage(1.2)]],
  ['no stage at all', 'statistical', []],
  ['samples that do not exist', 'statistical', [{ kind: 'hypotheses', hypotheses: [{ name: 'h', p: 1, n: 0 }] }]],
];

function verdictOf(decide: Pieces['decide'], kind: CheckKind, stages: readonly StageResult[]): string {
  try {
    return decide(kind, stages).verdict;
  } catch (thrown) {
    return String(thrown);
  }
}

export function decisionQuestions({ decide }: Pieces): readonly SelftestQuestion[] {
  return [
    {
      name: 'decision.table',
      what: `${table.length} outcomes of stages have the verdict of the rule`,
      ask: () =>
        mismatches(
          table.map(([kind, stages, verdict]) => [
            `${kind} ${JSON.stringify(stages)}`,
            verdictOf(decide, kind, stages),
            verdict,
          ]),
        ),
    },
    {
      name: 'decision.earned',
      what: 'what establishes nothing is an error of the suite, never a pass',
      ask: () =>
        faults.flatMap(([label, kind, stages]) => {
          try {
            return [`${label} gave ${decide(kind, stages).verdict}`];
          } catch (thrown) {
            return thrown instanceof Error && thrown.name === 'HarnessError'
              ? []
              : [`${label} threw ${String(thrown)}`];
          }
        }),
    },
  ];
}
