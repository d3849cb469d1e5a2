/**
 * How a coupling's half sums are computed for one row from one end, decided from its weights before anything is allocated:
 *
 * - which kernel: `rowHalfSums4`, `2` or `1` where any 4, 2 or 1 neighbouring quads of the stream have Σ|w| ≤ 255 (their byte sums cannot
 *   wrap), else `rowWideHalfSums`, exact for any int8 weights;
 * - how many segments: V must stay below 2¹⁶, so a spin with very many couplings is summed in several passes.
 */
import type { SpinSumSource } from './spin-sum-source.ts';

export type SpinSumKernel = 'rowHalfSums1' | 'rowHalfSums2' | 'rowHalfSums4' | 'rowWideHalfSums';

/** Taps (by order) and quads of a stream that one pass sums over. */
export interface SpinSegment {
  readonly firstTap: number;
  readonly endTap: number;
  readonly firstQuad: number;
  readonly endQuad: number;
}

export interface SpinSumPlan {
  readonly kernel: SpinSumKernel;
  readonly segments: readonly SpinSegment[];
  /** No spin's Σ|w| is larger; an upper bound that ignores borders. */
  readonly sumMax: number;
  /** Bytes of the table of one quad: 16 entries of 16 channels, in bytes or in 16-bit numbers. */
  readonly bytesPerQuad: 256 | 512;
}

/** A pass never exceeds 2¹⁶, whatever the weights: 4·127 per quad. */
const quadsPerPass = 128;
/** Quads looked at between two yields: about half a millisecond. */
const quadsPerSlice = 2 ** 16;

/** One look at all weights, in slices. */
export function* planSpinSums(source: SpinSumSource): Generator<void, SpinSumPlan, void> {
  const { streams, taps, quads } = source;
  const length = taps * quads;
  const weights = new Int32Array(4 * length);
  const sums = new Int32Array(length);
  let [most1, most2, most4, sumMax, work] = [0, 0, 0, 0, 0];
  for (let stream = 0; stream < streams; stream++) {
    for (let lane = 0; lane < 16; lane++) {
      source.fillWeights(stream, lane, weights);
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
        const two = sum + (n >= 1 ? (sums[n - 1] as number) : 0);
        const four = two + (n >= 2 ? (sums[n - 2] as number) : 0) + (n >= 3 ? (sums[n - 3] as number) : 0);
        if (sum > most1) most1 = sum;
        if (two > most2) most2 = two;
        if (four > most4) most4 = four;
      }
      sumMax = Math.max(sumMax, total);
      work += length;
      if (work > quadsPerSlice) {
        work = 0;
        yield;
      }
    }
  }
  const kernel = most4 <= 255 ? 'rowHalfSums4' : most2 <= 255 ? 'rowHalfSums2' : most1 <= 255 ? 'rowHalfSums1' : null;
  return {
    kernel: kernel ?? 'rowWideHalfSums',
    segments: segmentsOf(source, sumMax),
    sumMax,
    bytesPerQuad: kernel === null ? 512 : 256,
  };
}

function segmentsOf({ taps, quads }: SpinSumSource, sumMax: number): SpinSegment[] {
  if (sumMax < 2 ** 16) return [{ firstTap: 0, endTap: taps, firstQuad: 0, endQuad: quads }];
  const tapsAtOnce = Math.min(taps, quadsPerPass);
  const quadsAtOnce = Math.max(1, Math.floor(quadsPerPass / tapsAtOnce));
  const segments: SpinSegment[] = [];
  for (let firstTap = 0; firstTap < taps; firstTap += tapsAtOnce) {
    for (let firstQuad = 0; firstQuad < quads; firstQuad += quadsAtOnce) {
      const endTap = Math.min(taps, firstTap + tapsAtOnce);
      segments.push({ firstTap, endTap, firstQuad, endQuad: Math.min(quads, firstQuad + quadsAtOnce) });
    }
  }
  return segments;
}
