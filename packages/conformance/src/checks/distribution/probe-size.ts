/** Sizes of probes on devices with few spins. */
import type { DeviceProfile } from '@isinglass/sdk';

/** As many spins as wanted, or as the device has. */
export function spinsWithin({ spins }: DeviceProfile, wanted: number): number {
  return typeof spins.max === 'number' ? Math.min(spins.max, wanted) : wanted;
}

/** Rows and columns of a grid as near to `side` × `side` as the device's spins allow. */
export function gridWithin(profile: DeviceProfile, side: number): readonly [rows: number, columns: number] {
  const most = spinsWithin(profile, side * side);
  const rows = Math.max(1, Math.min(side, Math.floor(Math.sqrt(most))));
  return [rows, Math.max(1, Math.min(side, Math.floor(most / rows)))];
}
