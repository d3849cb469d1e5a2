/** How large a probe may be within a device's published limits. Limits that are not published bound nothing here: the device may say so when it loads. */
import type { DeviceProfile, Limit } from '@isinglass/sdk';
import { layoutsOf } from './disguise.ts';

/** What a probe takes: spins, pinned ones included, and couplings as they are stored. */
export interface Cost {
  readonly spins: number;
  readonly couplings: number;
}

export const numberOf = (limit: Limit): number => (typeof limit === 'number' ? limit : Number.POSITIVE_INFINITY);

/** The largest n from 1 to `wanted` whose cost the profile lets through; 1 where none is. `cost` rises with n. */
export function affordable({ spins, couplings }: DeviceProfile, wanted: number, cost: (n: number) => Cost): number {
  let [low, high] = [1, Math.max(1, wanted)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const { spins: s, couplings: k } = cost(middle);
    if (s <= numberOf(spins.max) && k <= numberOf(couplings.max)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Couplings that are stored for `edges` between `from` and `to` spins: whole matrices, unless every layout of the device is sparse. */
export function storedCouplings(
  profile: DeviceProfile,
  o: { readonly from: number; readonly to: number; readonly edges: number },
): number {
  const sparse = layoutsOf(profile).every(({ form }) => form === 'sparse');
  return sparse ? o.edges : o.from * o.to;
}

/** Spins without couplings. */
export const heldSpins = (profile: DeviceProfile, wanted: number): number =>
  affordable(profile, wanted, (n) => ({ spins: n, couplings: 0 }));

/** Units of `free` free spins and `pinned` pinned ones (default one each), each free spin joined with all pinned ones of its unit. */
export function copiedSpins(
  profile: DeviceProfile,
  wanted: number,
  { free = 1, pinned = 1 }: { readonly free?: number; readonly pinned?: number } = {},
): number {
  return affordable(profile, wanted, (n) => ({
    spins: (free + pinned) * n,
    couplings: storedCouplings(profile, { from: pinned * n, to: free * n, edges: free * pinned * n }),
  }));
}

/** A grid of at most this shape, every spin with `pins` pinned neighbours (default none); a path where spins have fewer than four neighbours. */
export function gridWithin(
  profile: DeviceProfile,
  wanted: { readonly rows: number; readonly columns: number; readonly pins?: number },
): { readonly rows: number; readonly columns: number } {
  const pins = wanted.pins ?? 0;
  const path = numberOf(profile.couplings.degreeMax.limit) < 4 + pins;
  let [rows, columns] = path ? [1, wanted.rows * wanted.columns] : [wanted.rows, wanted.columns];
  const fits = (): boolean => {
    const n = rows * columns;
    const half = Math.ceil(n / 2);
    const within = storedCouplings(profile, { from: half, to: n - half, edges: 2 * n });
    const couplings = within + storedCouplings(profile, { from: pins * n, to: n, edges: pins * n });
    return (pins + 1) * n <= numberOf(profile.spins.max) && couplings <= numberOf(profile.couplings.max);
  };
  while (rows * columns > 1 && !fits()) {
    if (columns >= rows) columns--;
    else rows--;
  }
  return { rows, columns };
}
