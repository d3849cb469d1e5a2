/** The couplings of a block, spelled out pair by pair (semantics 3.4, 3.6): small blocks only. */
import type { ConvForm, Coupling, Program, ProgramTensor, TensorRef } from '@isinglass/sdk';

/** Pairs of spins with weights, by index in their banks; stored zeros are left out. */
export interface CouplingLinks {
  readonly coupling: Coupling;
  readonly links: readonly Link[];
}

export interface Link {
  /** Index in the bank `from`. */
  readonly from: number;
  /** Index in the bank `to`. */
  readonly to: number;
  /** The stored integer under the fixed law, J before gains under the real law. */
  readonly w: number;
}

/** Throws RangeError when the program has no such tensor. */
export function tensorOf({ tensors }: Pick<Program, 'tensors'>, { tensor }: TensorRef): ProgramTensor {
  const found = tensors.get(tensor);
  if (found === undefined) throw new RangeError(`the program has no tensor ${tensor}`);
  return found;
}

/** Elements as float64; exact for every type that a verified program references here. */
export function elementsOf(program: Pick<Program, 'tensors'>, ref: TensorRef): Float64Array {
  return Float64Array.from(tensorOf(program, ref).data as ArrayLike<number | bigint>, Number);
}

/** Every pair that a coupling joins; a pair within one bank (`from = to`) appears once. */
export function couplingLinks(
  program: Pick<Program, 'tensors'>,
  coupling: Coupling,
  shapes: { readonly from: readonly number[]; readonly to: readonly number[] },
): CouplingLinks {
  const links = [...allLinks(program, coupling, shapes)].filter(({ w }) => w !== 0);
  return { coupling, links };
}

function* allLinks(
  program: Pick<Program, 'tensors'>,
  { form }: Coupling,
  shapes: { readonly from: readonly number[]; readonly to: readonly number[] },
): Generator<Link> {
  switch (form.kind) {
    case 'conv':
      yield* convLinks(form, elementsOf(program, form.kernel), shapes, tensorOf(program, form.kernel).shape);
      return;
    case 'dense': {
      const matrix = elementsOf(program, form.matrix);
      const columns = product(shapes.from);
      for (const [n, w] of matrix.entries()) yield { to: Math.floor(n / columns), from: n % columns, w };
      return;
    }
    case 'sparse': {
      const [rowStart, column, value] = [form.rowStart, form.column, form.value].map((ref) => elementsOf(program, ref));
      for (let to = 0; to + 1 < (rowStart?.length ?? 0); to++) {
        for (let n = rowStart?.[to] as number; n < (rowStart?.[to + 1] as number); n++) {
          yield { to, from: column?.[n] as number, w: value?.[n] as number };
        }
      }
      return;
    }
    case 'diagonal':
      for (const [n, w] of elementsOf(program, form.value).entries()) yield { to: n, from: n, w };
      return;
    default:
      form satisfies never;
  }
}

/** One tap of one axis: output position, tap, input position, all inside their axes. */
type AxisTouch = readonly [output: number, tap: number, input: number];

/** Tap t of output o touches input o·stride + t·dilation − padBegin; outside there is no coupling. */
function axisTouches(
  o: { readonly inputs: number; readonly outputs: number; readonly taps: number },
  geometry: { readonly stride: number; readonly dilation: number; readonly padBegin: number },
): AxisTouch[] {
  const touches: AxisTouch[] = [];
  for (let output = 0; output < o.outputs; output++) {
    for (let tap = 0; tap < o.taps; tap++) {
      const input = output * geometry.stride + tap * geometry.dilation - geometry.padBegin;
      if (input >= 0 && input < o.inputs) touches.push([output, tap, input]);
    }
  }
  return touches;
}

function* convLinks(
  { strides, pads, dilations, groups }: ConvForm,
  kernel: Float64Array,
  shapes: { readonly from: readonly number[]; readonly to: readonly number[] },
  kernelShape: readonly number[],
): Generator<Link> {
  const [outChannels = 0, inPerGroup = 0, ...taps] = kernelShape;
  const [inputs, outputs] = [shapes.from.slice(1), shapes.to.slice(1)];
  const outPerGroup = outChannels / groups;
  /** Flat positions over all axes. */
  let touches: AxisTouch[] = [[0, 0, 0]];
  for (const [axis, size] of taps.entries()) {
    const here = axisTouches(
      { inputs: inputs[axis] as number, outputs: outputs[axis] as number, taps: size },
      { stride: strides[axis] as number, dilation: dilations[axis] as number, padBegin: pads[axis] as number },
    );
    touches = touches.flatMap(([o, t, i]) =>
      here.map(
        ([output, tap, input]): AxisTouch => [
          o * (outputs[axis] as number) + output,
          t * size + tap,
          i * (inputs[axis] as number) + input,
        ],
      ),
    );
  }
  const [inPositions, outPositions, tapCount] = [product(inputs), product(outputs), product(taps)];
  for (let oc = 0; oc < outChannels; oc++) {
    for (let ic = 0; ic < inPerGroup; ic++) {
      const channel = Math.floor(oc / outPerGroup) * inPerGroup + ic;
      for (const [o, t, i] of touches) {
        const w = kernel[(oc * inPerGroup + ic) * tapCount + t] as number;
        yield { to: oc * outPositions + o, from: channel * inPositions + i, w };
      }
    }
  }
}

/** Elements of a shape. */
export function product(shape: readonly number[]): number {
  return shape.reduce((all, size) => all * size, 1);
}
