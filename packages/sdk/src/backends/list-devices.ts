/** Every device that can be named here, with the reason for each that cannot be opened. */
import type { Backend, DeviceInfo } from '../contract/driver.ts';
import { checkFields, checkLogger, checkSignal } from '../device/check-arguments.ts';
import type { Logger } from '../logging/logger.ts';
import { silentLogger } from '../logging/logger.ts';
import { parseDeviceProfile } from '../profile/parse-device-profile.ts';
import { checkBackends, findBackend, messageOf } from './load-backend.ts';
import { installedSchemes } from './node-modules.ts';

/** A device and the scheme of the backend that answers for it. */
export type ListedDevice = DeviceInfo & { readonly scheme: string };

/**
 * Asks every explicit backend and every one installed where the working directory can see it. A backend that does not
 * load or fails to enumerate is listed as unavailable: one broken backend hides no other. Rejects only on abort.
 */
export async function listDevices(
  o: { readonly backends?: readonly Backend[]; readonly signal?: AbortSignal; readonly logger?: Logger } = {},
): Promise<readonly ListedDevice[]> {
  checkFields('options', o, { backends: true, signal: true, logger: true });
  checkBackends(o.backends);
  checkSignal('signal', o.signal);
  checkLogger(o.logger);
  const explicit = o.backends ?? [];
  const logger = o.logger ?? silentLogger;
  const schemes = [...new Set([...explicit.map((backend) => backend.scheme), ...installedSchemes()])];
  const lists = await Promise.all(
    schemes.map(async (scheme): Promise<readonly ListedDevice[]> => {
      try {
        const backend = await findBackend(scheme, explicit);
        const infos = await backend.enumerate(o.signal === undefined ? {} : { signal: o.signal });
        return infos.map((info) => ({ ...checked(info), scheme }));
      } catch (e) {
        o.signal?.throwIfAborted();
        logger.warn({ scheme, reason: messageOf(e) }, 'backend is unavailable');
        return [{ scheme, uri: scheme, label: scheme, available: false, reason: messageOf(e) }];
      }
    }),
  );
  o.signal?.throwIfAborted();
  return lists.flat();
}

/** A device with a profile that openDevice would refuse is not available, whatever its backend says. */
function checked(info: DeviceInfo): DeviceInfo {
  if (!info.available) return info;
  try {
    return { ...info, profile: parseDeviceProfile(info.profile) };
  } catch (e) {
    return { uri: info.uri, label: info.label, available: false, reason: messageOf(e) };
  }
}
