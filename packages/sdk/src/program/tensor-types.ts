/** The element types of a safetensors file, and typed arrays for them. All machines that matter are little-endian. */
import type { Dtype, ProgramTensor, TensorData } from './program.ts';

interface ElementType {
  readonly bytes: number;
  readonly array: new (buffer: ArrayBuffer, byteOffset: number, length: number) => TensorData;
}

const elementTypes: Readonly<Record<Dtype, ElementType>> = {
  BOOL: { bytes: 1, array: Uint8Array },
  U8: { bytes: 1, array: Uint8Array },
  I8: { bytes: 1, array: Int8Array },
  U16: { bytes: 2, array: Uint16Array },
  I16: { bytes: 2, array: Int16Array },
  F16: { bytes: 2, array: Uint16Array },
  BF16: { bytes: 2, array: Uint16Array },
  U32: { bytes: 4, array: Uint32Array },
  I32: { bytes: 4, array: Int32Array },
  F32: { bytes: 4, array: Float32Array },
  U64: { bytes: 8, array: BigUint64Array },
  I64: { bytes: 8, array: BigInt64Array },
  F64: { bytes: 8, array: Float64Array },
};

export function isDtype(name: unknown): name is Dtype {
  return typeof name === 'string' && Object.hasOwn(elementTypes, name);
}

/** Bytes of one element. */
export function elementBytes(dtype: Dtype): number {
  return elementTypes[dtype].bytes;
}

/** The tensor in bytes `begin … end` of `file`: a view where alignment allows, else a copy of these bytes alone. */
export function tensorFrom(
  file: Uint8Array<ArrayBuffer>,
  place: { readonly begin: number; readonly end: number; readonly dtype: Dtype; readonly shape: readonly number[] },
): ProgramTensor {
  const { bytes, array } = elementTypes[place.dtype];
  const at = file.byteOffset + place.begin;
  const aligned = at % bytes === 0;
  const buffer = aligned ? file.buffer : file.slice(place.begin, place.end).buffer;
  const data = new array(buffer, aligned ? at : 0, (place.end - place.begin) / bytes);
  return { dtype: place.dtype, shape: place.shape, data };
}

/** Whether `data` is the typed array that holds `dtype`. */
export function holdsDtype(data: TensorData, dtype: Dtype): boolean {
  return data instanceof elementTypes[dtype].array;
}

/** The bytes of a tensor, without copying. */
export function tensorBytes(tensor: ProgramTensor): Uint8Array<ArrayBuffer> {
  return new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
}

/** Elements of a shape: 1 for rank 0. Above 2⁵³ the product is only known to be that large. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A shape for a message; a long one is cut. */
export function shapeText(shape: readonly (number | string | null)[]): string {
  const sizes = shape.slice(0, 8).map((size) => size ?? '?');
  return `[${sizes.join(', ')}${shape.length > 8 ? ', …' : ''}]`;
}
