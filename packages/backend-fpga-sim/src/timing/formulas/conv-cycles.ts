/**
 * Cycles of the convolution engine (devices.md 5.5), for A channels × B taps × S pixels of adders and Q samplers. A half-sweep updates one bank, tile by tile of
 * at most A channels, group by group of S pixels; groups are sampled beside the sums of the next one, in two sets of accumulators.
 *
 *   m = Σ_couplings (⌈k·Ci/B⌉ + 1), at least 1              cycles in which a group is summed and scaled
 *   q = ⌈spins of the group / Q⌉ · (draw + 1)               cycles in which it is sampled
 *   n groups that are alike, weights on chip:               n·max(m, q) + min(m, q) + t_fill
 *
 * In general groups differ at the edges and weights may come late. Then, with S_i and D_i the ends of the sums and the samples of group i:
 *
 *   S_i = max(S_{i−1}, D_{i−2}, F_t where i is the first group of tile t) + m          D_i = max(S_i, D_{i−1}) + q_i
 *   F_t = max(F_{t−1}, end of the sums of tile t−2) + fetch_t                          two tiles' weights are held
 *
 * Knows nothing of the emulator's walk, which it is a witness of.
 */
import { addCycles, totalCycles } from '../add-cycles.ts';
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
  /** From the start of a draw until it can be used: 10 for philox, 0 for generators that are ready at once. */
  readonly drawCycles: number;
  /** Cycles in which the weights of one step of adders come from outside memory; 0: weights are on chip. */
  readonly cyclesPerWeightRow: number;
}

/** Channels that are summed together, over all their pixels. */
export interface ConvTile {
  /** At most A. */
  readonly channels: number;
  readonly pixels: number;
  /** k²·Ci of each coupling: inputs of one sum, of one group of the convolution. */
  readonly taps: readonly number[];
}

/** The tiles of a bank whose channels all have the same couplings. */
export function convTiles(bank: ConvTile, array: Pick<ConvArray, 'channels'>): readonly ConvTile[] {
  return Array.from({ length: Math.ceil(bank.channels / array.channels) }, (_, n) => ({
    ...bank,
    channels: Math.min(array.channels, bank.channels - n * array.channels),
  }));
}

/** The n·max(m, q) + min(m, q) + fill of groups that are alike. */
export const convUniformCycles = (o: {
  readonly groups: number;
  readonly mac: number;
  readonly sample: number;
  readonly fill: number;
}): number => o.groups * Math.max(o.mac, o.sample) + Math.min(o.mac, o.sample) + o.fill;

/** One half-sweep by cause. `sample`, `rngStall` and `weightStall` are only what is not hidden behind sums. */
export function convHalfSweepCycles(tiles: readonly ConvTile[], array: ConvArray): CycleCounts {
  /** S_{i−1}, D_{i−1}, D_{i−2}. */
  let summed = 0;
  let sampled = 0;
  let sampledBefore = 0;
  /** When the samplers began group i − 1 and group i − 2. */
  let begun = 0;
  let begunBefore = 0;
  /** F_{t−1}, and the ends of the sums of the last two tiles. */
  let fetched = 0;
  const tileSummed = [0, 0];
  const cycles = { mac: 0, scale: 0, weightStall: 0, sample: 0, rngStall: 0 };
  /** Cycles from `start` to `end` in which the array waits for samplers that began a group at `groupBegun`. */
  const wait = (start: number, end: number, groupBegun: number): void => {
    const draws = drawCyclesUntil(end - groupBegun, array) - drawCyclesUntil(start - groupBegun, array);
    cycles.rngStall += draws;
    cycles.sample += end - start - draws;
  };
  for (const tile of tiles) {
    const { mac, scale } = sumCycles(tile, array);
    if (array.cyclesPerWeightRow > 0) {
      const fetch = Math.max(1, array.cyclesPerWeightRow * mac);
      fetched = Math.max(fetched, tileSummed[0] as number) + fetch;
    }
    for (let pixel = 0; pixel < tile.pixels; pixel += array.pixels) {
      const free = Math.max(summed, sampledBefore);
      wait(summed, free, begunBefore);
      const start = pixel === 0 ? Math.max(free, fetched) : free;
      cycles.weightStall += start - free;
      cycles.mac += mac;
      cycles.scale += scale;
      summed = start + mac + scale;
      sampledBefore = sampled;
      begunBefore = begun;
      begun = Math.max(summed, sampled);
      sampled = begun + sampleCycles(tile.channels * Math.min(array.pixels, tile.pixels - pixel), array);
    }
    tileSummed.shift();
    tileSummed.push(summed);
  }
  // All is summed: the group before the last may still be sampled, then the last one is.
  const between = Math.max(summed, sampledBefore);
  wait(summed, between, begunBefore);
  wait(between, sampled, begun);
  return addCycles({ ...cycles, colorStall: array.fillCycles });
}

/** The static pass, once for each image: the same line over couplings to pinned banks, fields in place of samples. */
export function convStaticCycles(banks: readonly (readonly ConvTile[])[], array: ConvArray): CycleCounts {
  const cycles = banks.map((tiles) => totalCycles(convHalfSweepCycles(tiles, { ...array, drawCycles: 0 })));
  return addCycles({ static: cycles.reduce((sum, each) => sum + each, 0) });
}

/** The estimate of devices.md 5.5, in which everything but the longest of three is hidden: a lower bound, for machines that are not built yet. */
export function convHalfSweepEstimate(bank: ConvTile, array: Omit<ConvArray, 'drawCycles'>): number {
  const steps = bank.taps.reduce((sum, taps) => sum + Math.ceil(taps / array.taps), 0);
  const channelGroups = Math.ceil(bank.channels / array.channels);
  return (
    Math.max(
      channelGroups * Math.ceil(bank.pixels / array.pixels) * steps,
      channelGroups * steps * array.cyclesPerWeightRow,
      Math.ceil((bank.channels * bank.pixels) / array.samplers),
    ) + array.fillCycles
  );
}

/** A group without couplings still takes its field to the samplers. */
function sumCycles({ taps }: ConvTile, array: ConvArray): { readonly mac: number; readonly scale: number } {
  return {
    mac: taps.reduce((sum, each) => sum + Math.ceil(each / array.taps), 0),
    scale: Math.max(1, taps.length),
  };
}

const sampleCycles = (spins: number, { samplers, drawCycles }: ConvArray): number =>
  Math.ceil(spins / samplers) * (drawCycles + 1);

/** Of the first `cycles` of a group at the samplers, those in which they only draw: `drawCycles` of each `drawCycles + 1`. */
function drawCyclesUntil(cycles: number, { drawCycles }: ConvArray): number {
  const whole = Math.floor(cycles / (drawCycles + 1));
  return whole * drawCycles + Math.min(drawCycles, cycles - whole * (drawCycles + 1));
}
