/** Where the shares of zero-field bits may lie on devices that declare tolerances. */
import type { Tolerances } from '../../provider/provider.ts';
import { admittedBand } from '../distribution/tolerance-band.ts';

/** Of ups of one spin without field. */
export function upBand(tolerances: Tolerances): { readonly low: number; readonly high: number } {
  return admittedBand({ p: 0.5, f: 0 }, tolerances);
}

/** Of agreements of two independent spins whose ups are ½ ± τ each: ½ ± 2τ². */
export function agreementBand(tolerances: Tolerances): { readonly low: number; readonly high: number } {
  const { low, high } = upBand(tolerances);
  const tau = Math.max(0.5 - low, high - 0.5);
  return { low: 0.5 - 2 * tau ** 2, high: 0.5 + 2 * tau ** 2 };
}
