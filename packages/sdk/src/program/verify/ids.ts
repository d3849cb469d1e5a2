/** P111: names and numbers that must be unique. */
import type { ViolationList } from '../violation.ts';
import type { DraftBlock, DraftStage } from './draft-program.ts';

const idPattern = /^[a-z][a-z0-9_.-]{0,63}$/;

/** Stage ids and block indices. */
export function checkStageIds(stages: readonly (DraftStage | undefined)[], found: ViolationList): void {
  const known = [...stages.entries()].filter((entry): entry is [number, DraftStage] => entry[1] !== undefined);
  checkIds(
    known.map(([n, stage]) => ({ id: stage.id, where: `stages[${n}].id` })),
    'stages',
    found,
  );
  const indices = new Set<number>();
  for (const [n, stage] of known) {
    if (stage.kind !== 'block') continue;
    const where = `stages[${n}].index`;
    const { index } = stage;
    if (index < 0 || index > 255) found.add('P111', where, `block index ${index} is outside 0 … 255`);
    else if (indices.has(index)) found.add('P111', where, `two blocks have index ${index}`);
    indices.add(index);
  }
}

/** Ids inside a block: unique per kind. */
export function checkBlockIds(block: DraftBlock, where: string, found: ViolationList): void {
  for (const kind of ['banks', 'gains', 'couplings', 'readouts'] as const) {
    const entries = block[kind].map(({ id }, n) => ({ id, where: `${where}.${kind}[${n}].id` }));
    checkIds(entries, kind, found);
  }
}

function checkIds(
  entries: readonly { readonly id: string; readonly where: string }[],
  kind: string,
  found: ViolationList,
): void {
  const known = new Set<string>();
  for (const { id, where } of entries) {
    const shown = JSON.stringify(id.length > 80 ? `${id.slice(0, 80)}…` : id);
    if (!idPattern.test(id)) found.add('P111', where, `the id ${shown} does not match [a-z][a-z0-9_.-]{0,63}`);
    else if (known.has(id)) found.add('P111', where, `two ${kind} have the id ${shown}`);
    known.add(id);
  }
}
