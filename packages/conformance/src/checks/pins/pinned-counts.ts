/** Single spins beside pinned ones: every retained sweep is an independent update with one known probability, so sums of spins count them. */
import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import { spinSums } from '../../lab/spin-sums.ts';
import { anyStart } from '../../lab/uniform-start.ts';
import type { RandomStream } from '../../random/random-stream.ts';

/** How often each spin came up. */
export interface UpCounts {
  readonly updates: number;
  readonly ups: readonly number[];
}

/** At least `updates` updates of every spin of a probe without free couplings, in as many runs as counters and patience allow. */
export async function pinnedCounts(
  loaded: LoadedProbe,
  o: { readonly updates: number; readonly random: RandomStream; readonly pinned?: Int8Array },
): Promise<UpCounts> {
  const { readout } = loaded.lab.profile;
  const stride = readout.strideMin;
  const counter = typeof readout.counterBits === 'number' ? 2 ** (readout.counterBits - 1) - 1 : 2 ** 15 - 1;
  const shows = readout.observables.includes('spin-sum') ? 2 ** 16 : 256;
  const kept = Math.min(counter, shows, o.updates);
  const ups = new Array<number>(loaded.spins).fill(0);
  let updates = 0;
  while (updates < o.updates) {
    const sums = await spinSums(loaded, {
      images: 1,
      sweeps: kept * stride,
      stride,
      seed: o.random.bits64(),
      start: anyStart(loaded, 1),
      ...(o.pinned === undefined ? {} : { pinned: o.pinned }),
    });
    for (const [spin, sum] of sums.entries()) ups[spin] = (ups[spin] as number) + (sum + kept) / 2;
    updates += kept;
  }
  return { updates, ups };
}
