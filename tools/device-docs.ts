/**
 * Writes the generated sections of docs/devices.md:
 *
 *   node tools/device-docs.ts               from the tables of packages/backend-fpga-sim and what its cost code gives
 *   node tools/device-docs.ts --law         and how far generators are from the law of small blocks, which takes half a minute
 *   node tools/device-docs.ts --mnist       and what the shipped network takes on emulated machines, a quarter of a minute
 *   node tools/device-docs.ts --accuracies  and how many digits it reads there, which takes half an hour
 *   node tools/device-docs.ts --synthesis   and counts anew what SystemVerilog takes on parts of three families, which takes minutes
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { withSection } from '@isinglass/conformance';
import { envelopeCostsTable, envelopesTable, noiseTable } from './device-docs/envelope-tables.ts';
import { activationsTable, generatorsTable, lawTable } from './device-docs/generator-tables.ts';
import { verdictsTable } from './device-docs/generator-verdicts.ts';
import { mnistTable, recordAccuracies } from './device-docs/mnist-table.ts';
import { parametersTable, setsTable, sourcesTable } from './device-docs/parameter-tables.ts';
import { convMemoriesTable, laneMemoriesTable, registersTable } from './device-docs/register-tables.ts';
import { recordCounts, synthesisTable } from './device-docs/synthesis-table.ts';
import { validationTable } from './device-docs/validation-table.ts';
import { predictedJoulesTable, predictionsTable, workloadTable } from './device-docs/workload-tables.ts';
import { repositoryRoot } from './workspace/read-workspace.ts';

export const deviceDocument = 'docs/devices.md';

/** Of each block and coupling strength of the law table. */
const lawSweeps = 400_000;

/** Those that follow from the sources alone, by name. */
const sourceSections = (): Readonly<Record<string, string>> => ({
  envelopes: envelopesTable(),
  'envelope-costs': envelopeCostsTable(),
  noise: noiseTable(),
  workload: workloadTable(),
  predictions: predictionsTable(),
  'predicted-joules': predictedJoulesTable(),
  targets: validationTable(),
  parameters: parametersTable(),
  sets: setsTable(),
  sources: sourcesTable(),
  generators: generatorsTable(),
  'generator-verdicts': verdictsTable(),
  activations: activationsTable(),
  synthesis: synthesisTable(),
  registers: registersTable(),
  'lane-memories': laneMemoriesTable(),
  'conv-memories': convMemoriesTable(),
});

/** The document with those sections as they should be. */
export function withSourceSections(text: string): string {
  return Object.entries(sourceSections()).reduce(
    (document, [name, section]) => withSection(document, name, section),
    text,
  );
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      law: { type: 'boolean' },
      mnist: { type: 'boolean' },
      accuracies: { type: 'boolean' },
      synthesis: { type: 'boolean' },
    },
  });
  if (values.synthesis === true) await recordCounts((line) => console.log(line));
  if (values.accuracies === true) await recordAccuracies();
  const path = join(repositoryRoot, deviceDocument);
  let text = withSourceSections(readFileSync(path, 'utf8'));
  if (values.law === true) text = withSection(text, 'law', lawTable(lawSweeps));
  if (values.mnist === true || values.accuracies === true) text = withSection(text, 'mnist', await mnistTable());
  writeFileSync(path, text);
}
