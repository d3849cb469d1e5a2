/** Every way in which a device shows the states of one sample. */
import type { LoadedProbe, ProbeRun } from '../../lab/loaded-probe.ts';

/** ±1, images × spins, in the order and signs of the probe. */
export interface Reading {
  readonly way: string;
  /** Whether it shows states exactly; `conditional-sum` shows the sign of what they were likely to be. */
  readonly exact: boolean;
  readonly values: Int8Array;
}

type OneSample = Omit<ProbeRun, 'images' | 'chains' | 'trace' | 'observable' | 'as'> & { readonly images: number };

/** Of runs alike in all but what they read out: `run` retains one sample. Runs share a seed where `seed` is the same. */
export async function readings(loaded: LoadedProbe, run: OneSample): Promise<readonly Reading[]> {
  const { readout } = loaded.lab.profile;
  const { images } = run;
  const found: Reading[] = [];
  for (const observable of readout.observables) {
    if (observable === 'state') {
      const result = await loaded.run({ ...run, observable });
      found.push({ way: 'state', exact: true, values: loaded.statesOf(result, images, 0, 1).values });
      continue;
    }
    const exact = observable === 'spin-sum';
    const result = await loaded.run({ ...run, observable, as: readout.signs ? 'both' : 'sums' });
    const values = Int8Array.from(loaded.sumsOf(result, images), Math.sign);
    found.push({ way: observable, exact, values });
    if (readout.signs) found.push({ way: `signs of ${observable}`, exact, values: loaded.signsOf(result, images) });
  }
  const kept = await loaded.run({ ...run, keep: 'host' });
  if (kept.last !== undefined) {
    found.push({ way: 'last state', exact: true, values: loaded.fromBanks(kept.last).values });
  }
  if (readout.trace) {
    let last = new Int8Array();
    await loaded.run({
      ...run,
      trace(sweep, { values }) {
        if (sweep === run.sweeps) last = values.slice();
      },
    });
    found.push({ way: 'trace', exact: true, values: last });
  }
  return found;
}
