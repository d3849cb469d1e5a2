/** What docs/conformance.md says about planted faults, from their catalogue. */
import { levels } from '../checks/check.ts';
import type { PlantedFault, UnreachableFault } from '../faults/planted-fault.ts';
import { markdownTable } from './markdown-table.ts';

/** Every fault, what must find it, what cannot, and its twin. */
export function faultTable(faults: readonly PlantedFault[]): string {
  const rows = faults.map((fault) => [
    `\`${fault.id}\``,
    fault.title,
    fault.effect,
    fault.how,
    levels
      .filter((level) => (fault.killedBy[level] ?? []).length > 0)
      .map((level) => `${level}: ${(fault.killedBy[level] ?? []).map((id) => `\`${id}\``).join(' ')}`)
      .join('; '),
    fault.blind.join('; '),
    fault.twin?.effect ?? '–',
  ]);
  return markdownTable(['fault', 'what is wrong', 'effect', 'planted by', 'found by', 'not seen by', 'twin'], rows);
}

/** Faults that no driver can be given, and why. */
export function unreachableTable(faults: readonly UnreachableFault[]): string {
  return markdownTable(
    ['fault', 'what would be wrong', 'why no driver can be given it'],
    faults.map(({ id, title, reason }) => [`\`${id}\``, title, reason]),
  );
}

/** Checks that no fault names. */
export function standingTable(standing: Readonly<Record<string, string>>): string {
  const rows = Object.entries(standing).map(([id, reason]) => [`\`${id}\``, reason]);
  return rows.length === 0 ? 'Every check is named by a fault.' : markdownTable(['check', 'why it stands'], rows);
}
