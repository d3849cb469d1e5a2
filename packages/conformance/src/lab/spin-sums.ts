/** Sums of spins over the retained sweeps and chains, from whatever the device reads out. */
import { TooFewSamples } from '../checks/check.ts';
import type { LoadedProbe, ProbeRun } from './loaded-probe.ts';

/** As in ProbeRun, with a number of images, which may be more than one run holds. */
export type SumRun = Omit<ProbeRun, 'images' | 'observable' | 'as' | 'trace'> & { readonly images: number };

/**
 * Exact sums, images × spins, in the order and signs of the probe: by `spin-sum`, else from states, else from a trace. Runs are split by image where the
 * device takes fewer rows at a time; images keep their numbers. TooFewSamples where the device shows none of the three.
 */
export async function spinSums(loaded: LoadedProbe, o: SumRun): Promise<Int32Array> {
  const chains = o.chains ?? 1;
  const most = Math.max(1, Math.floor(loaded.rowsPerRun() / chains));
  const out = new Int32Array(o.images * loaded.spins);
  for (let first = 0; first < o.images; first += most) {
    const count = Math.min(most, o.images - first);
    out.set(await sumsOfOneRun(loaded, sliceOf(loaded, o, first, count)), first * loaded.spins);
  }
  return out;
}

/** Images `first` … of a run, with their pinned spins and given states. */
export function sliceOf(
  { spins, probe }: LoadedProbe,
  o: SumRun,
  first: number,
  count: number,
): Omit<ProbeRun, 'images'> & { readonly images: readonly number[] } {
  const chains = o.chains ?? 1;
  return {
    ...o,
    images: Array.from({ length: count }, (_, n) => first + n),
    ...(o.pinned === undefined ? {} : { pinned: o.pinned.slice(first * probe.pinned, (first + count) * probe.pinned) }),
    ...(typeof o.start === 'object' && 'given' in o.start
      ? { start: { given: o.start.given.slice(first * chains * spins, (first + count) * chains * spins) } }
      : {}),
  };
}

async function sumsOfOneRun(
  loaded: LoadedProbe,
  o: Omit<ProbeRun, 'images'> & { readonly images: readonly number[] },
): Promise<Int32Array> {
  const { readout } = loaded.lab.profile;
  const images = o.images.length;
  if (readout.observables.includes('spin-sum')) {
    return loaded.sumsOf(await loaded.run({ ...o, observable: 'spin-sum', as: 'sums' }), images);
  }
  const [chains, burnIn, stride] = [o.chains ?? 1, o.burnIn ?? 0, o.stride ?? 1];
  const sums = new Int32Array(images * loaded.spins);
  const add = (values: Int8Array): void => {
    for (const [n, value] of values.entries()) {
      const row = Math.floor(n / loaded.spins);
      const at = Math.floor(row / chains) * loaded.spins + (n % loaded.spins);
      sums[at] = (sums[at] as number) + value;
    }
  };
  if (readout.observables.includes('state')) {
    const kept = Math.floor((o.sweeps - burnIn) / stride);
    const result = await loaded.run({ ...o, observable: 'state' });
    for (let k = 0; k < kept; k++) add(loaded.statesOf(result, images * chains, k, kept).values);
    return sums;
  }
  if (readout.trace) {
    await loaded.run({
      ...o,
      trace: (sweep, { values }) => {
        if (sweep > burnIn && (sweep - burnIn) % stride === 0) add(values);
      },
    });
    return sums;
  }
  throw new TooFewSamples('the device shows neither sums of spins nor states');
}
