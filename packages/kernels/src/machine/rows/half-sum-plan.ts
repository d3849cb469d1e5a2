/**
 * How a coupling's half sums are computed from one end, decided from its weights before anything is allocated:
 *
 * - which kernel: `halfSums4`, `2` or `1` where any 4, 2 or 1 neighbouring quads of the stream have Σ|w| ≤ 255 (their byte sums cannot wrap),
 *   else `carriedHalfSums`, exact for any int8 weights. Four are the fastest; where they are too much here and there, some quads are taken out
 *   of the stream, channel by channel, and summed as singles;
 * - how many segments: V must stay below 2¹⁶ and carries below 2⁸, so a spin with very many couplings is summed in several passes.
 */
import type { HalfSumSource } from './half-sum-source.ts';

export type HalfSumKernel = 'halfSums1' | 'halfSums2' | 'halfSums4' | 'carriedHalfSums';

/** Taps (by order) and quads of a stream that one pass sums over. */
export interface Segment {
  readonly firstTap: number;
  readonly endTap: number;
  readonly firstQuad: number;
  readonly endQuad: number;
}

/** One quad of a stream, and which of the four receiving channels have their weights here instead (bit c). */
export interface Single {
  readonly tap: number;
  readonly quad: number;
  readonly channels: number;
}

export interface HalfSumPlan {
  readonly kernel: HalfSumKernel;
  readonly segments: readonly Segment[];
  /** Per stream: what is summed as singles; empty where nothing is. */
  readonly singles: readonly (readonly Single[])[];
  /** No unit's Σ|w| is larger; an upper bound that ignores borders. */
  readonly sumMax: number;
  /** Bytes of the table of one quad: four channels of 16 entries, twice that with carries. */
  readonly bytesPerQuad: 64 | 128;
  readonly tableBytes: number;
  readonly geometryBytes: number;
}

/** A pass never exceeds this, whatever the weights: 4·127 per quad and carry. */
const quadsPerCarriedPass = 128;

/** One look at all weights, in slices. */
export function* planHalfSums(source: HalfSumSource): Generator<void, HalfSumPlan, void> {
  const { streams, taps, quads } = source;
  const length = taps * quads;
  const weights = new Int32Array(4 * length);
  const sums = new Int32Array(length);
  let [most1, most2, most4, sumMax, work] = [0, 0, 0, 0, 0];
  const taken = Array.from({ length: streams }, () => new Map<number, number>());
  for (let stream = 0; stream < streams; stream++) {
    for (let channel = 0; channel < 4; channel++) {
      source.fillWeights(stream, channel, weights);
      let total = 0;
      for (let n = 0; n < length; n++) {
        const at = 4 * n;
        const sum =
          Math.abs(weights[at] as number) +
          Math.abs(weights[at + 1] as number) +
          Math.abs(weights[at + 2] as number) +
          Math.abs(weights[at + 3] as number);
        sums[n] = sum;
        total += sum;
        most1 = Math.max(most1, sum);
        if (n >= 1) most2 = Math.max(most2, sum + (sums[n - 1] as number));
        if (n >= 3) {
          most4 = Math.max(most4, sum + (sums[n - 1] as number) + (sums[n - 2] as number) + (sums[n - 3] as number));
        }
      }
      sumMax = Math.max(sumMax, total);
      takeOut(sums, quads, channel, taken[stream] as Map<number, number>);
      work += length;
    }
    if (work > weightsPerSlice) {
      work = 0;
      yield;
    }
  }
  const whole = sumMax < 2 ** 16;
  const singlesWanted = taken.reduce((sum, { size }) => sum + size, 0);
  const kernel = kernelFor({
    most1,
    most2,
    most4,
    length,
    fewSingles: whole && singlesWanted <= singlesShareMax * streams * length,
  });
  const bytesPerQuad = kernel === 'carriedHalfSums' ? 128 : 64;
  const segments = segmentsOf(source, kernel, sumMax);
  const singles =
    kernel === 'halfSums4' && most4 > 255
      ? taken.map((ofStream) =>
          [...ofStream].map(([n, channels]) => ({ tap: Math.floor(n / quads), quad: n % quads, channels })),
        )
      : [];
  const singleCount = singles.reduce((sum, { length: count }) => sum + count, 0);
  return {
    kernel,
    segments,
    singles,
    sumMax,
    bytesPerQuad,
    tableBytes: streams * length * bytesPerQuad + 64 * singleCount,
    geometryBytes: geometryBytes(source, segments.length, singles),
  };
}

/** Singles per quad of a stream: with more of them, pairs are faster (W1 has 0.09). */
const singlesShareMax = 0.065;

/**
 * Quads whose Σ|w| is too much for the three before them. Groups of four begin at multiples of four where all runs do, anywhere else wherever
 * they like.
 */
function takeOut(sums: Int32Array, quads: number, channel: number, taken: Map<number, number>): void {
  const aligned = quads % 4 === 0;
  let [a, b, c] = [0, 0, 0];
  for (let n = 0; n < sums.length; n++) {
    if (aligned && n % 4 === 0) [a, b, c] = [0, 0, 0];
    let sum = sums[n] as number;
    if (a + b + c + sum > 255) {
      taken.set(n, (taken.get(n) ?? 0) | (1 << channel));
      sum = 0;
    }
    [a, b, c] = [b, c, sum];
  }
}

/** Quads looked at between two yields: about half a millisecond. */
const weightsPerSlice = 2 ** 16;

function kernelFor(o: {
  readonly most1: number;
  readonly most2: number;
  readonly most4: number;
  readonly length: number;
  readonly fewSingles: boolean;
}): HalfSumKernel {
  const { most1, most2, most4, length } = o;
  if (most1 > 255) return 'carriedHalfSums';
  if (length >= 4 && (most4 <= 255 || o.fewSingles)) return 'halfSums4';
  return most2 <= 255 ? 'halfSums2' : 'halfSums1';
}

function segmentsOf({ taps, quads }: HalfSumSource, kernel: HalfSumKernel, sumMax: number): Segment[] {
  const carried = kernel === 'carriedHalfSums';
  if (sumMax < 2 ** 16 && (!carried || taps * quads < 256)) {
    return [{ firstTap: 0, endTap: taps, firstQuad: 0, endQuad: quads }];
  }
  const tapsPerPass = Math.min(taps, quadsPerCarriedPass);
  const quadsPerPass = Math.max(1, Math.floor(quadsPerCarriedPass / tapsPerPass));
  const segments: Segment[] = [];
  for (let firstTap = 0; firstTap < taps; firstTap += tapsPerPass) {
    for (let firstQuad = 0; firstQuad < quads; firstQuad += quadsPerPass) {
      const endTap = Math.min(taps, firstTap + tapsPerPass);
      segments.push({ firstTap, endTap, firstQuad, endQuad: Math.min(quads, firstQuad + quadsPerPass) });
    }
  }
  return segments;
}

/** Records of pixels and classes, and bases (see half-sum-map.ts); constants of a run take as much as bases. */
function geometryBytes(
  { axes: [y, x], streams, perUnit }: HalfSumSource,
  segments: number,
  singles: HalfSumPlan['singles'],
): number {
  const most = singles.reduce((largest, { length }) => Math.max(largest, length), 0);
  const listed = singles.reduce((sum, { length }) => sum + length, 0);
  // Each of the three parts of a segment begins at a multiple of 64.
  const rounding = 3 * 64;
  if (perUnit) return segments * (streams * (8 + 32 + 16) + 16 * listed + rounding);
  const pixels = y.classOf.length * x.classOf.length;
  const classes = y.classes.length * x.classes.length;
  const runs = sum(y.classes) * sum(x.classes);
  // Classes are the same for all streams, but for their singles.
  const copies = most > 0 ? streams : 1;
  const records = copies * (classes * (1 + most) + runs);
  return segments * (8 * pixels + 16 * records + 16 * streams * classes + rounding);
}

function sum(classes: readonly (readonly unknown[])[]): number {
  return classes.reduce((total, taps) => total + taps.length, 0);
}
