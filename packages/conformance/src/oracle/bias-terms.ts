/** Biases of a block, spin by spin (semantics 3.5). */
import type { Bias, Program } from '@isinglass/sdk';
import { elementsOf, product } from './coupling-links.ts';

/** h of every spin of a bank as one of its biases gives it, before gains; float32 widened to float64. */
export function biasTerms(program: Pick<Program, 'tensors'>, bias: Bias, shape: readonly number[]): Float64Array {
  const values = elementsOf(program, bias.values);
  const spins = product(shape);
  const [channels = 1, ...axes] = shape;
  const positions = spins / channels;
  switch (bias.form) {
    case 'spin':
      return values;
    case 'channel':
      return Float64Array.from({ length: spins }, (_, n) => values[Math.floor(n / positions)] as number);
    case 'border': {
      const { starts } = bias.border;
      const classes = product(starts.map((list) => list.length));
      return Float64Array.from({ length: spins }, (_, n) => {
        const channel = Math.floor(n / positions);
        return values[channel * classes + borderClass(n % positions, axes, starts)] as number;
      });
    }
    default:
      return bias satisfies never;
  }
}

/** Flat class of a flat position: on each axis the last start at or before the index. */
function borderClass(position: number, axes: readonly number[], starts: readonly (readonly number[])[]): number {
  let rest = position;
  let flat = 0;
  let factor = 1;
  for (let axis = axes.length - 1; axis >= 0; axis--) {
    const index = rest % (axes[axis] as number);
    rest = Math.floor(rest / (axes[axis] as number));
    const list = starts[axis] as readonly number[];
    flat += factor * (list.filter((start) => start <= index).length - 1);
    factor *= list.length;
  }
  return flat;
}
