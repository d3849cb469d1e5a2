/** Sections of docs/conformance.md that are generated, between marks: `<!-- name -->` … `<!-- /name -->`. */
import { catalogue } from '../checks/catalogue.ts';
import { faults, unreachableFaults } from '../faults/catalogue.ts';
import { standing } from '../faults/standing-checks.ts';
import { checkTable, resolutionTable } from './check-tables.ts';
import { faultTable, standingTable, unreachableTable } from './fault-tables.ts';

/** Those that follow from the sources alone, by name. */
export const sourceSections = (): Readonly<Record<string, string>> => ({
  checks: checkTable(catalogue),
  resolution: resolutionTable(catalogue),
  faults: faultTable(faults),
  unreachable: unreachableTable(unreachableFaults),
  standing: standingTable(standing),
});

/** The text with another section of this name. Throws Error where it has no such marks. */
export function withSection(text: string, name: string, section: string): string {
  const marked = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
  if (!marked.test(text)) throw new Error(`the document has no marks of the section "${name}"`);
  return text.replace(marked, (_, begin: string, end: string) => `${begin}\n${section.trim()}\n\n${end}`);
}
