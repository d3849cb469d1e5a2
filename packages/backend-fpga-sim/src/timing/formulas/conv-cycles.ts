/**
 * Cycles of the convolution engine (devices.md 5.5), for A channels × B taps × S pixels of adders and Q samplers. A half-sweep updates one bank: groups of A
 * channels and S pixels are summed one after the other, and sampled beside the sums of the next group; accumulators are double-buffered.
 *
 *   m = Σ_couplings (⌈k·Ci/B⌉ + 1)        cycles in which a group is summed and scaled
 *   q = ⌈spins of the group / Q⌉          cycles in which it is sampled
 *   n groups that are alike, weights on chip:        n·max(m, q) + min(m, q) + t_fill
 *
 * Groups at the edges may be smaller, and weights may come late: then the two-stage line is followed group by group. Knows nothing of the emulator's walk,
 * which it is a witness of.
 */
import { addCycles } from '../add-cycles.ts';
import type { CycleCounts } from '../cycle-causes.ts';

export interface ConvArray {
  /** A. */
  readonly channels: number;
  /** B. */
  readonly taps: number;
  /** S. */
  readonly pixels: number;
  /** Q. */
  readonly samplers: number;
  /** t_fill. */
  readonly fillCycles: number;
}

/** One bank, and what is added into its spins. */
export interface ConvHalfSweep {
  /** Co and pixels of the bank. */
  readonly channels: number;
  readonly pixels: number;
  /** k²·Ci of each coupling: inputs of one sum, of one group of the convolution. */
  readonly taps: readonly number[];
  /** Cycles in which the weights of one group of channels are fetched, beside the sums of the one before; 0 where they are on chip. */
  readonly weightCycles: number;
}

/** The n·max(m, q) + min(m, q) + fill of groups that are alike. */
export const convUniformCycles = (o: {
  readonly groups: number;
  readonly mac: number;
  readonly sample: number;
  readonly fill: number;
}): number => o.groups * Math.max(o.mac, o.sample) + Math.min(o.mac, o.sample) + o.fill;

/** One half-sweep by cause: `sample` and `weightStall` are only what is not hidden behind sums. */
export function convHalfSweepCycles(bank: ConvHalfSweep, array: ConvArray): CycleCounts {
  const mac = bank.taps.reduce((sum, taps) => sum + Math.ceil(taps / array.taps), 0);
  const scale = bank.taps.length;
  const channelGroups = Math.ceil(bank.channels / array.channels);
  const pixelGroups = Math.ceil(bank.pixels / array.pixels);
  const groups = channelGroups * pixelGroups;
  const total = uniform(bank, array)
    ? convUniformCycles({
        groups,
        mac: mac + scale,
        sample: Math.ceil((array.channels * array.pixels) / array.samplers),
        fill: 0,
      })
    : 0;
  const followed = total === 0 ? follow(bank, array, mac + scale) : { total, weightStall: 0 };
  return addCycles({
    mac: groups * mac,
    scale: groups * scale,
    weightStall: followed.weightStall,
    sample: followed.total - groups * (mac + scale) - followed.weightStall,
    colorStall: array.fillCycles,
  });
}

const uniform = ({ channels, pixels, weightCycles }: ConvHalfSweep, array: ConvArray): boolean =>
  weightCycles === 0 && channels % array.channels === 0 && pixels % array.pixels === 0;

/** The line of sums and samplers, group by group. */
function follow(bank: ConvHalfSweep, array: ConvArray, m: number): { total: number; weightStall: number } {
  let weightsReady = bank.weightCycles;
  /** Ends of the sums and of the samples of the last group, and of the samples of the one before: its accumulators are the next to be used. */
  let summed = 0;
  let sampled = 0;
  let sampledBefore = 0;
  let weightStall = 0;
  for (let channel = 0; channel < bank.channels; channel += array.channels) {
    for (let pixel = 0; pixel < bank.pixels; pixel += array.pixels) {
      const free = Math.max(summed, sampledBefore);
      const start = pixel === 0 ? Math.max(free, weightsReady) : free;
      weightStall += start - free;
      // The next channels' weights come while these are summed.
      if (pixel === 0) weightsReady = start + bank.weightCycles;
      const spins = Math.min(array.channels, bank.channels - channel) * Math.min(array.pixels, bank.pixels - pixel);
      summed = start + m;
      sampledBefore = sampled;
      sampled = Math.max(summed, sampled) + Math.ceil(spins / array.samplers);
    }
  }
  return { total: sampled, weightStall };
}

/** The static pass, once for each image: sums over couplings to pinned banks, written to the fields without a sample. */
export function convStaticCycles(
  banks: readonly Pick<ConvHalfSweep, 'channels' | 'pixels' | 'taps'>[],
  array: ConvArray,
): CycleCounts {
  const cycles = banks.map(({ channels, pixels, taps }) => {
    const groups = Math.ceil(channels / array.channels) * Math.ceil(pixels / array.pixels);
    return groups * taps.reduce((sum, each) => sum + Math.ceil(each / array.taps) + 1, 0) + array.fillCycles;
  });
  return addCycles({ static: cycles.reduce((sum, each) => sum + each, 0) });
}

/** The estimate of devices.md 5.5, in which everything but the longest of three is hidden: a lower bound, for machines that are not built yet. */
export function convHalfSweepEstimate(bank: ConvHalfSweep, array: ConvArray): number {
  const channelGroups = Math.ceil(bank.channels / array.channels);
  const compute =
    channelGroups *
    Math.ceil(bank.pixels / array.pixels) *
    bank.taps.reduce((sum, taps) => sum + Math.ceil(taps / array.taps), 0);
  const sample = Math.ceil((bank.channels * bank.pixels) / array.samplers);
  return Math.max(compute, channelGroups * bank.weightCycles, sample) + array.fillCycles;
}
