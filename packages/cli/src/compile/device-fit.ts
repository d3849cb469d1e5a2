/** The device that `--device` names, as a program must fit it: a URI, or a profile as a `.json` file. */
import {
  type DeviceProfile,
  InvalidRequestError,
  isIsinglassError,
  isUnstated,
  misfitError,
  openDevice,
  type Program,
  parseDeviceProfile,
} from '@isinglass/sdk';
import { closeQuietly } from '../close-quietly.ts';
import type { CommandContext } from '../command-context.ts';
import { readJsonFile } from '../images/input-file.ts';

export interface FitTarget {
  /** What the compiler compiles for. */
  readonly profile: DeviceProfile;
  /** Asks the driver too, where there is one: placement is private to it. Throws DoesNotFitError with every misfit. */
  check(program: Program): void;
  close(): Promise<void>;
}

/** Opened before the work starts, so that a wrong name costs nothing. */
export async function openFitTarget(device: string, context: CommandContext): Promise<FitTarget> {
  if (device.toLowerCase().endsWith('.json')) {
    return { profile: profileFile(device), check() {}, async close() {} };
  }
  const opened = await openDevice(device, { backends: await context.backends(), logger: context.logger });
  return {
    profile: opened.profile,
    check(program) {
      const plan = opened.plan(program);
      if ('blocks' in plan) return;
      const misfits = plan.filter((misfit) => !isUnstated(misfit));
      throw misfitError(program, device, misfits);
    },
    close: () => closeQuietly(opened, { what: `device ${device}`, logger: context.logger }),
  };
}

function profileFile(path: string): DeviceProfile {
  const json = readJsonFile(path);
  try {
    return parseDeviceProfile(json);
  } catch (cause) {
    if (!isIsinglassError(cause)) throw cause;
    const { message, diagnostics } = cause;
    throw new InvalidRequestError(`${path}: ${message}`, { where: path, diagnostics, cause });
  }
}
