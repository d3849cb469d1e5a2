/**
 * Writes the generated sections of docs/conformance.md:
 *
 *   node tools/conformance-docs.ts                              from plans and faults
 *   node tools/conformance-docs.ts --matrix FILE.jsonl          and the kill matrix from records of `isinglass conformance mutants --record FILE.jsonl`
 *   node tools/conformance-docs.ts --twins FILE.jsonl           and the twins' from records of the same with `--twins`
 *
 * Records that were made in parts: --matrix ONE.jsonl --matrix OTHER.jsonl.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  faults,
  formatMatrix,
  type MutantRecord,
  matrixOfRecords,
  parseMutantLines,
  sourceSections,
  withSection,
} from '@isinglass/conformance';
import { repositoryRoot } from './workspace/read-workspace.ts';

export const conformanceDocument = 'docs/conformance.md';

/** The document with the sections that follow from the sources as they should be. */
export function withSourceSections(text: string): string {
  return Object.entries(sourceSections()).reduce(
    (document, [name, section]) => withSection(document, name, section),
    text,
  );
}

/** The kill matrix of records, with what it counts. */
function matrixSection(records: readonly MutantRecord[]): string {
  const matrix = matrixOfRecords(records, faults);
  const runs = matrix.cells.reduce((sum, cell) => sum + cell.runs, 0);
  const rows = new Set(matrix.cells.map(({ fault }) => fault)).size;
  return `${rows} devices, ${matrix.cells.length} pairs of device and check, ${runs} runs.\n\n${formatMatrix(matrix, faults)}`;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { matrix: { type: 'string', multiple: true }, twins: { type: 'string', multiple: true } },
  });
  const path = join(repositoryRoot, conformanceDocument);
  let text = withSourceSections(readFileSync(path, 'utf8'));
  for (const [name, files] of [
    ['kill-matrix', values.matrix],
    ['twins', values.twins],
  ] as const) {
    if (files === undefined) continue;
    const records = files.flatMap((file) => parseMutantLines(readFileSync(file, 'utf8')));
    text = withSection(text, name, matrixSection(records));
  }
  writeFileSync(path, text);
}
