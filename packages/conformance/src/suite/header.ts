/** The first record of a report: what is run, on what, with which seed. */
import { canonicalJson, type DeviceProfile, parseDeviceProfile } from '@isinglass/sdk';
import type { Check, Level } from '../checks/check.ts';
import type { Provider } from '../provider/provider.ts';
import { type HeaderRecord, reportFormat } from '../report/records.ts';
import { caseId } from './case-id.ts';
import type { Deadlines } from './deadlines.ts';
import { profileOf } from './device-source.ts';
import { environment } from './environment.ts';
import { errorRecord } from './error-record.ts';
import { manifestHash } from './manifest.ts';
import { seedText } from './seeds.ts';
import { sha256 } from './sha256.ts';
import type { Shard } from './shard.ts';
import { specificationVersion, suiteVersion } from './suite-version.ts';
import { admittedTolerances, claimedTolerances } from './tolerances.ts';

export interface HeaderOptions {
  readonly provider: Provider;
  readonly flags: Readonly<Record<string, string>>;
  readonly device: string;
  readonly opened: HeaderRecord['opened'];
  readonly level: Level;
  readonly seed: bigint;
  readonly shard: Shard;
  readonly only: string | null;
  readonly checks: readonly Check[];
  readonly selected: readonly Check[];
  readonly deadlines: Deadlines;
  readonly signal: AbortSignal;
}

/** Opens a device for its profile. A device that does not open, or whose profile is not valid, is recorded as absent. */
export async function makeHeader(o: HeaderOptions): Promise<HeaderRecord> {
  const found = await readProfile(o);
  const profile = 'profile' in found ? found.profile : null;
  const none = { updateProbability: 0, betaRelative: 0, fieldAbsolute: 0 };
  const claimed = profile === null ? none : claimedTolerances(profile, o.provider.tolerances);
  return {
    record: 'header',
    format: reportFormat,
    suite: { version: suiteVersion, manifest: await manifestHash(o.checks) },
    specification: specificationVersion,
    device: o.device,
    opened: o.opened,
    flags: o.flags,
    profile,
    profileHash: profile === null ? null : await profileHash(profile),
    ...('profile' in found ? {} : { absent: found }),
    level: o.level,
    seed: seedText(o.seed),
    shard: o.shard,
    only: o.only,
    selected: o.selected.map(({ plan }) => caseId(plan)),
    tolerances: { claimed, admitted: admittedTolerances(claimed, o.level) },
    deadlines: o.deadlines,
    environment: environment(),
    startedAt: new Date().toISOString(),
  };
}

/** `sha256:…` of a profile. */
export const profileHash = (profile: DeviceProfile): Promise<string> => sha256(canonicalJson(profile));

async function readProfile(o: HeaderOptions): Promise<Awaited<ReturnType<typeof profileOf>>> {
  const found = await profileOf(o);
  if (!('profile' in found)) return found;
  try {
    return { profile: parseDeviceProfile(found.profile) };
  } catch (error) {
    return { kind: 'failed', reason: errorRecord(error).message };
  }
}
