/** Biases as one value per spin (semantics 3.5). */
import { spinCountOf } from '../program/block-layout.ts';
import type { Program } from '../program/program.ts';
import type { Bias } from '../program/program-json.ts';
import { biasTensorOf } from './tensor-values.ts';

/**
 * The border class of every index of one axis: class n begins at `starts[n]` and ends before `starts[n + 1]`.
 *
 * @example borderClasses([0, 1, 4], 5) → 0, 1, 1, 1, 2
 */
export function borderClasses(starts: readonly number[], size: number): Uint32Array<ArrayBuffer> {
  const classes = new Uint32Array(size);
  starts.forEach((start, n) => {
    classes.fill(n, start);
  });
  return classes;
}

/**
 * `values` of the bias, expanded to one number per spin of its bank in flat row-major order; the gain is not applied. A
 * fresh array.
 */
export function biasValues(
  bias: Bias,
  bank: { readonly shape: readonly number[] },
  tensors: Program['tensors'],
): Float32Array<ArrayBuffer> {
  const values = biasTensorOf(tensors, bias.values);
  switch (bias.form) {
    case 'spin':
      return values.slice();
    case 'channel': {
      const perChannel = spinCountOf(bank) / (bank.shape[0] as number);
      return Float32Array.from(
        { length: spinCountOf(bank) },
        (_, spin) => values[Math.floor(spin / perChannel)] as number,
      );
    }
    case 'border':
      return borderValues(values, bias.border.starts, bank.shape);
    default:
      return bias satisfies never;
  }
}

function borderValues(
  values: Float32Array,
  starts: readonly (readonly number[])[],
  shape: readonly number[],
): Float32Array<ArrayBuffer> {
  const [channels, ...sizes] = shape as [number, ...number[]];
  // A bank [C, L] is one row of height 1 per channel.
  const classes = starts.map((axis, n) => borderClasses(axis, sizes[n] as number));
  const x = classes.at(-1) as Uint32Array;
  const y = classes.length === 2 ? (classes[0] as Uint32Array) : new Uint32Array(1);
  const xCount = starts.at(-1)?.length ?? 1;
  const yCount = classes.length === 2 ? (starts[0]?.length ?? 1) : 1;
  const out = new Float32Array(channels * y.length * x.length);
  let spin = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (const yClass of y) {
      for (const xClass of x) out[spin++] = values[(channel * yCount + yClass) * xCount + xClass] as number;
    }
  }
  return out;
}
