/** What a vendor may say: one line that names specification, capabilities, level, tolerances, suite and device. */
import type { DeviceProfile } from '@isinglass/sdk';
import type { Level } from '../checks/check.ts';
import type { Tolerances } from '../provider/provider.ts';
import type { CaseRecord, HeaderRecord } from './records.ts';
import { countsOf, verdictOf } from './verdict.ts';

/** What a level resolves: percent of β. */
export const resolutions: Readonly<Record<Level, string>> = { quick: 'R10', standard: 'R5', certify: 'R2' };

/**
 * `isinglass 1.0 | core+pins+chains | quick R10 | tol none | suite 0.1.0 sha256:0123456789ab | VENDOR NAME`, or `no claim: …` with the reason: only
 * a whole level that passes makes one.
 */
export function claimOf(header: HeaderRecord, cases: readonly CaseRecord[]): string {
  const counts = countsOf(cases);
  if (header.absent !== undefined) return `no claim: ${header.absent.reason}`;
  if (counts.fail > 0) return `no claim: ${counts.fail} of ${cases.length} checks failed`;
  if (counts.inconclusive > 0) return `no claim: ${counts.inconclusive} of ${cases.length} checks are inconclusive`;
  if (verdictOf(counts) !== 'pass') return 'no claim: no check was passed';
  if (header.only !== null) return 'no claim: only a part of the level was run';
  if (header.shard.count > 1) return `no claim: shard ${header.shard.index} of ${header.shard.count}, to be merged`;
  const { profile, suite, specification, level, tolerances } = header;
  if (profile === null) return 'no claim: the device did not open';
  return [
    `isinglass ${specification}`,
    capabilities(profile).join('+'),
    `${level} ${resolutions[level]}`,
    `tol ${tolerancesText(tolerances.admitted)}`,
    `suite ${suite.version} ${suite.manifest.slice(0, 'sha256:'.length + 12)}`,
    `${profile.vendor} ${profile.name}`,
  ].join(' | ');
}

/** Sets of abilities that the profile declares. */
export function capabilities({
  law,
  features,
  init,
  readout,
  batch,
  weights,
  ...rest
}: DeviceProfile): readonly string[] {
  const several = (limit: DeviceProfile['batch']['rowsMax']): boolean => limit === 'unlimited' || (limit ?? 0) > 1;
  const sets: readonly (readonly [name: string, has: boolean])[] = [
    ['core', true],
    ['pins', true],
    ...law.map((kind) => [`${kind}-law`, true] as const),
    ['schedule', features.includes('temperature')],
    ['chains', several(batch.chainsMax) && several(batch.rowsMax)],
    ['batch', several(batch.imagesMax) && several(batch.rowsMax)],
    ['trace', readout.trace],
    ['init', init.includes('given')],
    ['resume', init.includes('resume')],
    [rest.determinism, rest.determinism !== 'statistical'],
    [`quantized(${weights.bits})`, typeof weights.bits === 'number' || weights.levels !== null],
    ['analog', Object.values(rest.tolerances).some((tolerance) => (tolerance ?? 0) > 0)],
  ];
  return sets.flatMap(([name, has]) => (has ? [name] : []));
}

function tolerancesText({ updateProbability, betaRelative, fieldAbsolute }: Tolerances): string {
  const parts = [
    ...(updateProbability > 0 ? [`p${updateProbability}`] : []),
    ...(betaRelative > 0 ? [`β${Number((100 * betaRelative).toPrecision(6))}%`] : []),
    ...(fieldAbsolute > 0 ? [`h${fieldAbsolute}`] : []),
  ];
  return parts.length === 0 ? 'none' : parts.join(',');
}
