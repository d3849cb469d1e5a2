/**
 * How a coupling's half sums are computed from one end, decided from its weights before anything is allocated:
 *
 * - which kernel: `halfSums4`, `2` or `1` where any 4, 2 or 1 neighbouring quads of the stream have Σ|w| ≤ 255 (their byte sums cannot wrap),
 *   else `carriedHalfSums`, exact for any int8 weights;
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

export interface HalfSumPlan {
  readonly kernel: HalfSumKernel;
  readonly segments: readonly Segment[];
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
      work += length;
    }
    if (work > weightsPerSlice) {
      work = 0;
      yield;
    }
  }
  // Streams shorter than a group are never grouped: any sum will do.
  const kernel = kernelFor(most1, length < 2 ? most1 : most2, length < 4 ? most2 : most4, length);
  const bytesPerQuad = kernel === 'carriedHalfSums' ? 128 : 64;
  const segments = segmentsOf(source, kernel, sumMax);
  return {
    kernel,
    segments,
    sumMax,
    bytesPerQuad,
    tableBytes: streams * length * bytesPerQuad,
    geometryBytes: geometryBytes(source, segments.length),
  };
}

/** Quads looked at between two yields: about half a millisecond. */
const weightsPerSlice = 2 ** 16;

function kernelFor(most1: number, most2: number, most4: number, length: number): HalfSumKernel {
  if (most1 > 255) return 'carriedHalfSums';
  if (length >= 4 && most4 <= 255) return 'halfSums4';
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

/** Records of pixels and classes, bases, and constants of as many classes (see half-sum-map.ts). */
function geometryBytes({ axes: [y, x], streams, perUnit }: HalfSumSource, segments: number): number {
  if (perUnit) return segments * streams * (8 + 32 + 32) + 128 * 4;
  const pixels = y.classOf.length * x.classOf.length;
  const classes = y.classes.length * x.classes.length;
  const runs = sum(y.classes) * sum(x.classes);
  return segments * (8 * pixels + 16 * (classes + runs) + 32 * streams * classes) + 128 * 4;
}

function sum(classes: readonly (readonly unknown[])[]): number {
  return classes.reduce((total, taps) => total + taps.length, 0);
}
