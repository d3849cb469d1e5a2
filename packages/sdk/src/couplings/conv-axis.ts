/**
 * One spatial axis of a convolution (semantics 3.4): which input each tap of each output touches.
 *
 *   input(o, t) = o·stride + t·dilation − padBegin            outside 0 … inputSize − 1 there is no coupling
 *
 * Axes are independent: the couplings of a rank-2 convolution are all pairs of a coupling in y and one in x.
 */
export interface ConvAxis {
  readonly inputSize: number;
  readonly outputSize: number;
  readonly taps: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padBegin: number;
}

/** One in-bounds tap of a spin, and the position on the other side that it reaches. */
export interface TapHit {
  readonly tap: number;
  readonly position: number;
}

/** An axis that does nothing: the missing y axis of a rank-1 convolution. */
export const trivialAxis: ConvAxis = { inputSize: 1, outputSize: 1, taps: 1, stride: 1, dilation: 1, padBegin: 0 };

/** The output size that the geometry must have: ⌊(size + pads − dilation·(k−1) − 1)/stride⌋ + 1. */
export function convOutputSize(axis: Omit<ConvAxis, 'outputSize'> & { readonly padEnd: number }): number {
  const span = axis.dilation * (axis.taps - 1) + 1;
  return Math.floor((axis.inputSize + axis.padBegin + axis.padEnd - span) / axis.stride) + 1;
}

/** The outputs `first … last` (inclusive, empty when first > last) whose tap `tap` is in bounds. */
export function outputsOfTap(axis: ConvAxis, tap: number): { readonly first: number; readonly last: number } {
  const shift = axis.padBegin - tap * axis.dilation;
  return {
    first: Math.max(0, Math.ceil(shift / axis.stride)),
    last: Math.min(axis.outputSize - 1, Math.floor((axis.inputSize - 1 + shift) / axis.stride)),
  };
}

/** Pairs of an output and an in-bounds tap, in closed form. */
export function pairsInBounds(axis: ConvAxis): number {
  let pairs = 0;
  for (let tap = 0; tap < axis.taps; tap++) {
    const { first, last } = outputsOfTap(axis, tap);
    pairs += Math.max(0, last - first + 1);
  }
  return pairs;
}

/** The in-bounds taps of output `o`, with the inputs that they touch, inputs rising. */
export function tapsOfOutput(axis: ConvAxis, o: number): TapHit[] {
  const hits: TapHit[] = [];
  for (let tap = 0; tap < axis.taps; tap++) {
    const position = o * axis.stride + tap * axis.dilation - axis.padBegin;
    if (position >= 0 && position < axis.inputSize) hits.push({ tap, position });
  }
  return hits;
}

/** The taps that touch input `i`, with the outputs that they belong to, outputs rising: the adjoint of tapsOfOutput. */
export function tapsOfInput(axis: ConvAxis, i: number): TapHit[] {
  const hits: TapHit[] = [];
  for (let tap = axis.taps - 1; tap >= 0; tap--) {
    const position = (i + axis.padBegin - tap * axis.dilation) / axis.stride;
    if (Number.isInteger(position) && position >= 0 && position < axis.outputSize) hits.push({ tap, position });
  }
  return hits;
}
