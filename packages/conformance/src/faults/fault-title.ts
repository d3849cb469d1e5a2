/** What a planted fault is, by its id or by the number of the catalogue that it belongs to. */
import { faults, unreachableFaults } from './catalogue.ts';
import { familyOf } from './family.ts';

/** One sentence, of one variant where the id is that of several; undefined for an id that there is not. */
export function faultTitle(id: string): string | undefined {
  const exact = faults.find((fault) => fault.id === id);
  if (exact !== undefined) return exact.title;
  const [first, ...others] = [...faults, ...unreachableFaults].filter((fault) => familyOf(fault.id) === familyOf(id));
  if (first === undefined || others.length === 0) return first?.title;
  return `${first.title.replace(/\.$/, '')}, or alike (${[first, ...others].map((fault) => fault.id).join(', ')}).`;
}
