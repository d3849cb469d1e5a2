/** The kill matrix as text. */
import type { KillMatrix, MatrixCell } from './kill-matrix.ts';
import type { PlantedFault } from './planted-fault.ts';
import { twinId } from './planted-fault.ts';

/** A Markdown table, a line per fault: `law.update 90/90` is 90 kills in 90 runs; a star marks a check that the fault does not name. */
export function formatMatrix({ cells }: KillMatrix, faults: readonly PlantedFault[]): string {
  const byFault = Map.groupBy(cells, ({ fault }) => fault);
  const rows = [...byFault].map(([id, own]) => {
    const fault = faults.find((each) => each.id === id || twinId(each.id) === id);
    const twin = fault !== undefined && fault.id !== id;
    const effect = twin ? fault.twin?.effect : fault?.effect;
    const shown = own.filter(({ named, kills }) => named || kills > 0).map(cellText);
    return [id, fault?.title ?? '', effect ?? '', own[0]?.level ?? '', shown.join(', '), verdictOf(own, twin)];
  });
  return table(
    ['fault', 'what is wrong', 'effect', 'level', twinsOnly(cells) ? 'fails/runs' : 'kills/runs', 'verdict'],
    rows,
  );
}

/** `killed`: every named check satisfies the power rule; `seen`: every run so far was a kill, and there are too few for the rule. */
function verdictOf(cells: readonly MatrixCell[], twin: boolean): string {
  const named = cells.filter((cell) => cell.named);
  if (twin) {
    const [fails, runs] = [sum(named, 'kills'), sum(named, 'runs')];
    return fails * 100 <= runs ? `passes ${runs - fails} of ${runs}` : 'does not pass';
  }
  if (named.every(({ power }) => power === 'killed')) return 'killed';
  if (named.every(({ kills, runs }) => runs > 0 && kills === runs)) return 'seen in every run';
  const open = named
    .filter(({ power, kills, runs }) => power === 'not killed' || kills < runs)
    .map((cell) => cell.case);
  return `not killed by ${open.join(', ')}`;
}

const sum = (cells: readonly MatrixCell[], key: 'kills' | 'runs'): number =>
  cells.reduce((total, cell) => total + cell[key], 0);

const cellText = (cell: MatrixCell): string =>
  `${cell.case.replace(/@.*/, '')}${cell.named ? '' : '*'} ${cell.kills}/${cell.runs}${cell.without > 0 ? ' (unsupported or inconclusive)' : ''}`;

const twinsOnly = (cells: readonly MatrixCell[]): boolean => cells.every(({ fault }) => fault.endsWith('~'));

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
