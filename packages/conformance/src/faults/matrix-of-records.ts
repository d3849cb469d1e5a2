/** A kill matrix from the lines that its runs left, in one file or in several. */
import type { Level } from '../checks/check.ts';
import type { KillMatrix, MatrixCell } from './kill-matrix.ts';
import type { MutantRecord } from './mutant-record.ts';
import { type PlantedFault, twinId } from './planted-fault.ts';
import { powerVerdict } from './power-rule.ts';

/**
 * Cells in the order of `faults`; records of faults that there are no more are left out. The same run twice counts once; runs after a gap do not count,
 * because the power rule looks at runs in their order.
 */
export function matrixOfRecords(records: readonly MutantRecord[], faults: readonly PlantedFault[]): KillMatrix {
  const byCell = Map.groupBy(records, (record) => [record.fault, record.case, record.level].join(' '));
  const order = new Map(faults.flatMap(({ id }, n) => [id, twinId(id)].map((each) => [each, n] as const)));
  const cells = [...byCell.values()]
    .filter(([first]) => first !== undefined && order.has(first.fault))
    .map((own) => cellOf(own, faults))
    .toSorted((a, b) => (order.get(a.fault) ?? 0) - (order.get(b.fault) ?? 0));
  return { seed: records[0]?.seed ?? '', cells };
}

function cellOf(own: readonly MutantRecord[], faults: readonly PlantedFault[]): MatrixCell {
  const first = own[0] as MutantRecord;
  const byRun = new Map(own.map((record) => [record.run, record]));
  const runs: MutantRecord[] = [];
  for (let next = byRun.get(0); next !== undefined; next = byRun.get(runs.length)) runs.push(next);
  const killed = runs.map(({ verdict }) => verdict === 'fail');
  const fault = faults.find(({ id }) => id === first.fault || twinId(id) === first.fault);
  return {
    fault: first.fault,
    case: first.case,
    level: first.level,
    named: isNamed(fault, first.case, first.level),
    kills: killed.filter(Boolean).length,
    runs: runs.length,
    without: runs.filter(({ verdict }) => verdict === 'unsupported' || verdict === 'inconclusive').length,
    power: powerVerdict(killed),
    seconds: runs.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

const isNamed = (fault: PlantedFault | undefined, id: string, level: Level): boolean =>
  fault?.killedBy[level]?.includes(id.replace(/@.*/, '')) ?? false;
