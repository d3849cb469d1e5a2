/**
 * Which stages a batch goes through before the next batch begins: all of them on a device that holds every block
 * (pipelined), else as many blocks as it holds at a time, all batches through these first (block-major: each block is
 * reloaded once, not once per batch).
 */
import type { DeviceProfile } from '../profile/device-profile.ts';
import type { Stage } from '../program/program-json.ts';

/** Consecutive stages with at most `residency.blocks` blocks each; host stages go with the block after them. */
export function stageGroups(
  stages: readonly Stage[],
  { blocks }: DeviceProfile['residency'],
): readonly (readonly Stage[])[] {
  const most = blocks === 'all' ? Number.POSITIVE_INFINITY : blocks;
  const total = stages.filter((stage) => stage.kind === 'block').length;
  if (total <= most) return [stages];
  const groups: Stage[][] = [[]];
  let held = 0;
  let waiting: Stage[] = [];
  for (const stage of stages) {
    waiting.push(stage);
    if (stage.kind === 'host') continue;
    if (held === most) {
      groups.push([]);
      held = 0;
    }
    groups.at(-1)?.push(...waiting);
    waiting = [];
    held++;
  }
  groups.at(-1)?.push(...waiting);
  return groups;
}

/** Per stage, the values that no later stage reads and that are not outputs: they are dropped after it. */
export function lastUses(stages: readonly Stage[], outputs: readonly string[]): ReadonlyMap<Stage, readonly string[]> {
  const kept = new Set(outputs);
  const uses = new Map<Stage, readonly string[]>();
  for (const stage of stages.toReversed()) {
    const names = [...new Set(stageInputs(stage))];
    uses.set(
      stage,
      names.filter((name) => !kept.has(name)),
    );
    for (const name of names) kept.add(name);
  }
  return uses;
}

/** Names of the values that a stage reads. */
export function stageInputs(stage: Stage): readonly string[] {
  if (stage.kind === 'host') return stage.inputs;
  return stage.banks.flatMap((bank) => (bank.role === 'pinned' ? [bank.value] : []));
}
