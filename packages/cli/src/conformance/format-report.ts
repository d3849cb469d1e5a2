/** A report as the terminal shows it: what did not pass, the counts, the claim. */
import type { CaseRecord, Report } from '@isinglass/conformance';
import { formatTable } from '../output/table.ts';

export function formatReport({ header, cases, footer }: Report): string {
  const shown = cases.filter(({ verdict }) => verdict !== 'pass');
  const { pass, fail, inconclusive, unsupported } = footer.counts;
  return [
    shown.length === 0 ? '' : `${formatTable(shown.map(rowOf), { head: ['check', 'verdict', ''] })}\n`,
    `${pass} passed, ${fail} failed, ${inconclusive} inconclusive, ${unsupported} unsupported in ${footer.seconds.toFixed(1)} s\n`,
    `level ${header.level}, seed ${header.seed}\n${footer.claim}\n`,
  ].join('');
}

function rowOf({ case: id, verdict, reason = '' }: CaseRecord): readonly string[] {
  const line = reason.replaceAll(/\s+/g, ' ');
  return [id, verdict, line.length <= 120 ? line : `${line.slice(0, 119)}…`];
}
