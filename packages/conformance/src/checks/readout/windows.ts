/** Windows of retained sweeps (semantics 1.7), and runs that fit a profile. */
import type { DeviceProfile } from '@isinglass/sdk';
import type { RandomStream } from '../../random/random-stream.ts';

export interface Window {
  readonly burnIn: number;
  readonly stride: number;
  /** Retained sweeps K. */
  readonly kept: number;
  /** Sweeps after the last retained one, fewer than a stride. */
  readonly left: number;
}

/** All sweeps of a run with this window. */
export const sweepsOf = ({ burnIn, stride, kept, left }: Window): number => burnIn + stride * kept + left;

/** As a run asks for it. */
export const windowRun = (window: Window) => ({
  sweeps: sweepsOf(window),
  burnIn: window.burnIn,
  stride: window.stride,
});

/** A window of up to `keptMax` samples, with a stride that the device has. */
export function randomWindow({ readout }: DeviceProfile, random: RandomStream, keptMax: number): Window {
  const stride = readout.strideMin + random.integer(0, 2);
  return {
    burnIn: random.integer(0, 5),
    stride,
    kept: random.integer(1, keptMax),
    left: random.integer(0, stride - 1),
  };
}

/** As many images and chains as the profile lets through, up to those wanted. */
export function within({ batch }: DeviceProfile, wanted: { readonly images: number; readonly chains: number }) {
  const atMost = (limit: DeviceProfile['batch']['rowsMax'], n: number): number =>
    typeof limit === 'number' ? Math.min(limit, n) : n;
  const chains = atMost(batch.rowsMax, atMost(batch.chainsMax, wanted.chains));
  const rows = atMost(batch.rowsMax, wanted.images * chains);
  return { chains, images: Math.max(1, atMost(batch.imagesMax, Math.floor(rows / chains))) };
}
