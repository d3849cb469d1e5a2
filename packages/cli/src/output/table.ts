/** Tables for people: no box lines, columns apart by two spaces. */
import Table from 'cli-table3';

const none = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

export type Cell = string | number;

/** Rows under an optional head, one line each, ending with a line break. */
export function formatTable(rows: readonly (readonly Cell[])[], o: { readonly head?: readonly string[] } = {}): string {
  const table = new Table({
    chars: none,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  if (o.head !== undefined) table.push([...o.head]);
  for (const row of rows) table.push(row.map(String));
  return `${table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
}

/** 12345678 → "12,345,678". */
export function formatCount(n: number): string {
  return n.toLocaleString('en-US');
}

/** A share of one as a percentage with two decimals, or "–". */
export function formatShare(share: number | null): string {
  return share === null ? '–' : `${(100 * share).toFixed(2)} %`;
}
