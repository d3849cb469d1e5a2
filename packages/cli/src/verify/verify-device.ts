/**
 * The device level of a vector: a traced run (states, trace hashes) and an untraced one (sums, signs, states read out),
 * because a vendor's users run untraced.
 */
import { type Device, type DeviceProgram, isIsinglassError, type Program } from '@isinglass/sdk';
import { compareReadouts, compareTrace, type VectorDifference, type VectorRun } from '@isinglass/sdk/testing';

/** `notes`: what was left out because the profile lacks it. `skipped`: nothing could be compared. */
export type DeviceVerdict =
  | { readonly kind: 'compared'; readonly difference: VectorDifference | undefined; readonly notes: readonly string[] }
  | { readonly kind: 'skipped'; readonly reason: string };

export async function verifyOnDevice(
  device: Device,
  program: Program,
  ready: VectorRun,
  signal: AbortSignal,
): Promise<DeviceVerdict> {
  const { profile } = device;
  if (profile.determinism !== 'exact') {
    return { kind: 'skipped', reason: `the device promises '${profile.determinism}', bits only from 'exact' on` };
  }
  let loaded: DeviceProgram;
  try {
    loaded = await device.load(program, { signal });
  } catch (error) {
    return skippedBecause(error);
  }
  try {
    const notes = profile.readout.trace ? [] : ['states and trace hashes: the device cannot trace'];
    const traced = profile.readout.trace ? await tracedDifference(loaded, ready, signal) : undefined;
    return { kind: 'compared', difference: traced ?? (await runDifference(loaded, ready, signal)), notes };
  } catch (error) {
    return skippedBecause(error);
  } finally {
    await loaded.unload();
  }
}

async function tracedDifference(
  loaded: DeviceProgram,
  ready: VectorRun,
  signal: AbortSignal,
): Promise<VectorDifference | undefined> {
  let first: VectorDifference | undefined;
  await loaded.run({
    ...ready.run,
    signal,
    trace: (sweep, banks) => {
      first ??= compareTrace(ready, sweep, banks)[0];
    },
  });
  return first;
}

async function runDifference(
  loaded: DeviceProgram,
  ready: VectorRun,
  signal: AbortSignal,
): Promise<VectorDifference | undefined> {
  const { readouts } = await loaded.run({ ...ready.run, signal });
  // The sums of a vector are those of one driver call, which fit int32 (semantics 2.4).
  const found = readouts.map(({ sums, signs, states }) => ({
    ...(sums === undefined ? {} : { sums: Int32Array.from(sums) }),
    ...(signs === undefined ? {} : { signs }),
    ...(states === undefined ? {} : { states }),
  }));
  return compareReadouts(ready, found)[0];
}

/** What the profile lacks is no failure; everything else is. */
function skippedBecause(error: unknown): DeviceVerdict {
  if (isIsinglassError(error) && (error.code === 'does-not-fit' || error.code === 'unsupported')) {
    return { kind: 'skipped', reason: error.message };
  }
  throw error;
}
