/**
 * How one-row kernels sum a term, decided from its weights before anything is allocated. Quads are four inputs of one tap; the weights of a channel are a stream
 * `[tap][quad]`.
 *
 *   which kernel    `rowHalfSums4`, `2` or `1` where any 4, 2 or 1 neighbouring quads of a stream have Σ|w| ≤ 255, so that sums of bytes cannot wrap;
 *                   else `rowWideHalfSums`, which takes any weights of 8 bits
 *   in what passes  a half sum is 16 bits: where Σ|w| of a channel is more, quads are summed in several passes
 */
import type { RowHalfSumsKernels } from '@isinglass/kernels';
import type { ScheduledTerm } from '../conv-schedule.ts';

export interface TermPlan {
  readonly kernel: keyof RowHalfSumsKernels;
  /** Of the table of a quad for 16 channels. */
  readonly bytesPerQuad: 256 | 512;
  /** Groups of 16 channels. */
  readonly groups: number;
  /** ⌈inputs / 4⌉. */
  readonly quads: number;
  /** First quad of each pass. */
  readonly passes: readonly number[];
  /** No |A| is larger. */
  readonly sumMax: number;
}

/** Channels that one table is for. */
export const channelsPerGroup = 16;

/** |A| below this can be scaled by the kernel. */
const sumsBelow = 2 ** 21;
const halfSumsBelow = 2 ** 16;
/** Four weights of 8 bits. */
const quadMax = 4 * 128;
/** Weights looked at between two yields: about half a millisecond. */
const weightsPerSlice = 2 ** 17;

/** null: not by kernels. */
export function* planTerm(
  weights: Int8Array,
  term: ScheduledTerm,
  channels: number,
): Generator<void, TermPlan | null, void> {
  const quads = Math.ceil(term.inputs / 4);
  const most = new Neighbours();
  let work = 0;
  for (let channel = 0; channel < channels; channel++) {
    most.beginChannel();
    for (let tap = 0; tap < term.taps; tap++) {
      const first = term.weight + channel * term.weightsPerChannel + tap;
      for (let quad = 0; quad < quads; quad++) {
        let sum = 0;
        const end = Math.min(term.inputs, 4 * quad + 4);
        for (let input = 4 * quad; input < end; input++) {
          sum += Math.abs(weights[first + input * term.weightsPerInput] as number);
        }
        most.add(sum);
      }
    }
    work += term.taps * term.inputs;
    if (work < weightsPerSlice) continue;
    work = 0;
    yield;
  }
  const passes = passesOf(quads, term.taps, most.total);
  if (passes === null || most.total >= sumsBelow) return null;
  const kernel =
    most.of4 <= 255 ? 'rowHalfSums4' : most.of2 <= 255 ? 'rowHalfSums2' : most.of1 <= 255 ? 'rowHalfSums1' : null;
  return {
    kernel: kernel ?? 'rowWideHalfSums',
    bytesPerQuad: kernel === null ? 512 : 256,
    groups: Math.ceil(channels / channelsPerGroup),
    quads,
    passes,
    sumMax: most.total,
  };
}

function passesOf(quads: number, taps: number, sumMax: number): readonly number[] | null {
  if (sumMax < halfSumsBelow) return [0];
  const atOnce = Math.floor((halfSumsBelow - 1) / (taps * quadMax));
  if (atOnce === 0) return null;
  return Array.from({ length: Math.ceil(quads / atOnce) }, (_, n) => n * atOnce);
}

/** The largest sums of 1, 2 and 4 neighbours of a stream, and of all of it. */
class Neighbours {
  of1 = 0;
  of2 = 0;
  of4 = 0;
  total = 0;
  #last: [number, number, number] = [0, 0, 0];
  #sum = 0;

  beginChannel(): void {
    this.#last = [0, 0, 0];
    this.#sum = 0;
  }

  add(sum: number): void {
    const [a, b, c] = this.#last;
    this.of1 = Math.max(this.of1, sum);
    this.of2 = Math.max(this.of2, sum + a);
    this.of4 = Math.max(this.of4, sum + a + b + c);
    this.#sum += sum;
    this.total = Math.max(this.total, this.#sum);
    this.#last = [sum, a, b];
  }
}
