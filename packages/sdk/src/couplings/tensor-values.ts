/** The numbers behind a program's tensor references, as the couplings and biases read them. */
import { InvalidProgramError } from '../errors/isinglass-error.ts';
import type { Program, ProgramTensor } from '../program/program.ts';
import type { CouplingForm, TensorRef } from '../program/program-json.ts';

/** Stored weights: int8 integers under the fixed law, float32 couplings under the real law. */
export type WeightData = Int8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

/** Where a coupling's stored weights are, whatever its form. */
export function weightRef(form: CouplingForm): TensorRef {
  switch (form.kind) {
    case 'conv':
      return form.kernel;
    case 'dense':
      return form.matrix;
    case 'sparse':
    case 'diagonal':
      return form.value;
    default:
      return form satisfies never;
  }
}

/** The tensor that `ref` names. A verified program has it (P104). */
export function tensorOf(tensors: Program['tensors'], ref: TensorRef): ProgramTensor {
  const tensor = tensors.get(ref.tensor);
  if (tensor === undefined) {
    throw new InvalidProgramError(`The program has no tensor "${ref.tensor}".`, { where: ref.tensor });
  }
  return tensor;
}

/** The weights of a coupling: I8 or F32, not copied. */
export function weightsOf(tensors: Program['tensors'], ref: TensorRef): WeightData {
  const { data } = tensorOf(tensors, ref);
  if (data instanceof Int8Array || data instanceof Float32Array) return data;
  throw wrongType(ref, 'I8 or F32');
}

/** The values of a bias: F32, not copied. */
export function biasTensorOf(tensors: Program['tensors'], ref: TensorRef): Float32Array<ArrayBuffer> {
  const { data } = tensorOf(tensors, ref);
  if (data instanceof Float32Array) return data;
  throw wrongType(ref, 'F32');
}

/** U32 column numbers, not copied. */
export function columnsOf(tensors: Program['tensors'], ref: TensorRef): Uint32Array<ArrayBuffer> {
  const { data } = tensorOf(tensors, ref);
  if (data instanceof Uint32Array) return data;
  throw wrongType(ref, 'U32');
}

/** U32 or U64 row starts (values ≤ 2⁵³ − 1) as float64, which holds them exactly. */
export function rowStartsOf(tensors: Program['tensors'], ref: TensorRef): Float64Array<ArrayBuffer> {
  const { data } = tensorOf(tensors, ref);
  if (data instanceof Uint32Array) return Float64Array.from(data);
  if (data instanceof BigUint64Array) return Float64Array.from(data, Number);
  throw wrongType(ref, 'U32 or U64');
}

function wrongType(ref: TensorRef, allowed: string): InvalidProgramError {
  return new InvalidProgramError(`Tensor "${ref.tensor}" must be ${allowed}.`, { where: ref.tensor });
}
