/** Whether a run that was stopped can be gone on with. */
import type { HeaderRecord } from '../report/records.ts';
import { shardText } from './shard.ts';

/** What differs between a report and the run that would go on with it; nothing where it fits. */
export function resumeProblems(earlier: HeaderRecord, now: HeaderRecord): readonly string[] {
  const pairs: readonly (readonly [what: string, earlier: string, now: string])[] = [
    ['suite', earlier.suite.version, now.suite.version],
    ['checks', earlier.suite.manifest, now.suite.manifest],
    ['profile', String(earlier.profileHash), String(now.profileHash)],
    ['level', earlier.level, now.level],
    ['seed', earlier.seed, now.seed],
    ['shard', shardText(earlier.shard), shardText(now.shard)],
    ['cases', earlier.selected.join(), now.selected.join()],
    ['tolerances', JSON.stringify(earlier.tolerances), JSON.stringify(now.tolerances)],
  ];
  return pairs.flatMap(([what, a, b]) => (a === b ? [] : [`${what} ${short(a)} there, ${short(b)} here`]));
}

const short = (text: string): string => (text.length <= 80 ? text : `${text.slice(0, 77)}…`);
