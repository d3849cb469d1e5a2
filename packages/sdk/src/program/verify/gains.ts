/** P133: gains are finite and positive. */
import type { ViolationList } from '../violation.ts';
import type { DraftBlock } from './draft-program.ts';

/** Values by id, undefined for those that are not positive. */
export function checkGains(
  block: DraftBlock,
  where: string,
  found: ViolationList,
): ReadonlyMap<string, number | undefined> {
  const gains = new Map<string, number | undefined>();
  block.gains.forEach(({ id, value }, n) => {
    const positive = value > 0;
    if (!positive) found.add('P133', `${where}.gains[${n}].value`, `the gain is ${value}; it must be above 0`);
    if (!gains.has(id)) gains.set(id, positive ? value : undefined);
  });
  return gains;
}
