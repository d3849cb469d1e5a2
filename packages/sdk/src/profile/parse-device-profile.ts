import * as v from 'valibot';
import { InvalidRequestError } from '../errors/isinglass-error.ts';
import { deepFreeze } from './deep-freeze.ts';
import type { DeviceProfile } from './device-profile.ts';
import { deviceProfileSchema } from './device-profile-schema.ts';

/** A deep-frozen copy of a profile; throws InvalidRequestError whose diagnostics name every issue and its path. */
export function parseDeviceProfile(json: unknown): DeviceProfile {
  const parsed = v.safeParse(deviceProfileSchema, json);
  if (parsed.success) return deepFreeze(structuredClone(parsed.output));
  const diagnostics = parsed.issues.map((issue) => ({
    code: 'profile',
    severity: 'error' as const,
    message: issue.message,
    where: v.getDotPath(issue) ?? '(root)',
  }));
  const list = diagnostics.map((d) => `${d.where}: ${d.message}`).join('; ');
  throw new InvalidRequestError(
    `the device profile has ${diagnostics.length} ${diagnostics.length === 1 ? 'fault' : 'faults'}: ${list}`,
    {
      where: diagnostics[0]?.where ?? '(root)',
      diagnostics,
    },
  );
}
