/** Section 6 of docs/devices.md: published machines beside what the cost code gives for them. */
import {
  deviationOf,
  exactly,
  type ValidationTarget,
  validationTargets,
} from '../../packages/backend-fpga-sim/test/cost/published-figures.ts';
import { code, rounded, table, updatesText, withPrefix } from './cells.ts';

export function validationTable(): string {
  const rows = validationTargets().map((target) => [
    target.id,
    target.machine === '' ? 'section 4' : code(target.machine),
    target.what,
    valueText(target.model, target),
    valueText(target.published, target),
    percentText(Math.abs(deviationOf(target)) < exactly ? 0 : deviationOf(target)),
    target.tolerance <= exactly ? 'exact' : percentText(target.tolerance),
    target.source,
  ]);
  return table(['target', 'machine', 'what', 'model', 'published', 'difference', 'tolerance', 'source'], rows);
}

function valueText(value: number, { unit, tolerance }: ValidationTarget): string {
  if (unit === 'updates/s') return updatesText(value);
  const digits = tolerance <= exactly ? 9 : 4;
  return unit === '' ? rounded(value, digits) : withPrefix(value, unit, digits);
}

const percentText = (part: number): string => `${rounded(100 * part, 2)} %`;
