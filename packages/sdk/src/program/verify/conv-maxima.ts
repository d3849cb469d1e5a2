/**
 * The largest sum over the taps of a convolution that any spin sees, in closed form: O(kernel), whatever the maps' size.
 *
 *   max over spins of  Σ_{in-bounds taps} term(w)          term ≥ 0, for example |w|, or 1 for a weight that is not zero
 *
 * Along an axis, the taps that reach a position are consecutive members of a progression: of all taps for an output; of
 * the taps with one residue modulo the stride for an input. Only at ends of a tap's range of positions does the set
 * change, so a few positions per tap show every set. Sums over two such ranges come from a table of prefix sums.
 */
import { type ConvAxis, outputsOfTap } from '../../couplings/conv-axis.ts';
import type { Side } from '../../couplings/coupling-view.ts';
import type { WeightData } from '../../couplings/tensor-values.ts';
import type { ConvGeometry } from './context.ts';

export function convMaximum(
  conv: ConvGeometry,
  kernel: WeightData,
  side: Side,
  term: (weight: number) => number,
): number {
  const taps = conv.y.taps * conv.x.taps;
  const channels = conv.groups * (side === 'to' ? conv.toPerGroup : conv.fromPerGroup);
  const ys = reaches(conv.y, side);
  const xs = reaches(conv.x, side);
  let maximum = 0;
  for (let channel = 0; channel < channels; channel++) {
    const sums = tapSums(conv, kernel, { side, channel, taps }, term);
    for (const y of ys) {
      for (const x of xs) maximum = Math.max(maximum, largestRectangle(sums, conv.x.taps, y, x));
    }
  }
  return maximum;
}

/** Members first … last − 1 of a progression. */
type Range = readonly [first: number, last: number];

/** Taps of one progression, and the ranges of it that reach some position. */
interface Reach {
  readonly taps: readonly number[];
  readonly ranges: readonly Range[];
}

/** Σ term(w) per tap over the channels on the other side of one channel. */
function tapSums(
  { fromPerGroup, toPerGroup }: ConvGeometry,
  kernel: WeightData,
  of: { readonly side: Side; readonly channel: number; readonly taps: number },
  term: (weight: number) => number,
): Float64Array {
  const { side, channel, taps } = of;
  const sums = new Float64Array(taps);
  const others = side === 'to' ? fromPerGroup : toPerGroup;
  // Kernel rows (oc, ic) of this channel: consecutive for an output, one per output channel of its group for an input.
  const firstRow =
    side === 'to'
      ? channel * fromPerGroup
      : Math.floor(channel / fromPerGroup) * toPerGroup * fromPerGroup + (channel % fromPerGroup);
  const rowStep = side === 'to' ? 1 : fromPerGroup;
  for (let n = 0; n < others; n++) {
    const start = (firstRow + n * rowStep) * taps;
    for (let tap = 0; tap < taps; tap++) sums[tap] = (sums[tap] as number) + term(kernel[start + tap] as number);
  }
  return sums;
}

function reaches(axis: ConvAxis, side: Side): readonly Reach[] {
  const taps = Array.from({ length: axis.taps }, (_, tap) => tap);
  if (side === 'to') return [outputReach(axis, taps)];
  const byResidue = Map.groupBy(taps, (tap) => (tap * axis.dilation) % axis.stride);
  return [...byResidue.values()].map((progression) => inputReach(axis, progression));
}

/** Bounds of taps fall: a later tap is in bounds at earlier outputs. */
function outputReach(axis: ConvAxis, taps: readonly number[]): Reach {
  const bounds = taps.map((tap) => outputsOfTap(axis, tap));
  const positions = bounds.flatMap(({ first, last }) => [first, last + 1]).filter((o) => o < axis.outputSize);
  const ranges = positions.map((o): Range => {
    return [countLeading(bounds, ({ first }) => first > o), countLeading(bounds, ({ last }) => last >= o)];
  });
  return { taps, ranges: distinct(ranges) };
}

/** Bounds of taps rise; all positions of a progression are congruent modulo the stride. */
function inputReach(axis: ConvAxis, taps: readonly number[]): Reach {
  const bounds = taps.map((tap) => {
    const first = tap * axis.dilation - axis.padBegin;
    return { first, last: first + (axis.outputSize - 1) * axis.stride };
  });
  const residue = (((bounds[0]?.first ?? 0) % axis.stride) + axis.stride) % axis.stride;
  const positions = [residue, ...bounds.flatMap(({ first, last }) => [first, last + axis.stride])];
  const ranges = positions
    .filter((i) => i >= 0 && i < axis.inputSize)
    .map((i): Range => [countLeading(bounds, ({ last }) => last < i), countLeading(bounds, ({ first }) => first <= i)]);
  return { taps, ranges: distinct(ranges) };
}

function distinct(ranges: readonly Range[]): readonly Range[] {
  return [...new Map(ranges.map((range) => [range.join(), range])).values()].filter(([first, last]) => first < last);
}

/** How many leading members satisfy a condition that holds for a leading part only. */
function countLeading<T>(list: readonly T[], holds: (member: T) => boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(list[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The largest sum over a range of taps in y and one in x, by prefix sums over the two progressions. */
function largestRectangle(sums: Float64Array, xTaps: number, y: Reach, x: Reach): number {
  const width = x.taps.length + 1;
  const prefix = new Float64Array((y.taps.length + 1) * width);
  y.taps.forEach((ky, row) => {
    let line = 0;
    x.taps.forEach((kx, column) => {
      line += sums[ky * xTaps + kx] as number;
      prefix[(row + 1) * width + column + 1] = (prefix[row * width + column + 1] as number) + line;
    });
  });
  const at = (row: number, column: number) => prefix[row * width + column] as number;
  let maximum = 0;
  for (const [top, bottom] of y.ranges) {
    for (const [left, right] of x.ranges) {
      maximum = Math.max(maximum, at(bottom, right) - at(top, right) - at(bottom, left) + at(top, left));
    }
  }
  return maximum;
}
