/** A TensorProto's elements as typed data, wherever the file keeps them (compiler.md, protobufjs). */
import type Long from 'long';
import { type Elements, type ElementType, elementTypeInfo, elementTypeOf, firstNaN } from './element-type.ts';
import type { isinglass } from './generated/onnx.js';
import { modelError, quoted } from './model-error.ts';
import type { ExternalRegion } from './model-source.ts';
import type { Tensor } from './onnx-model.ts';

export type TensorProto = isinglass.onnx.TensorProto.$Properties;

/** Dimensions beyond this cannot be indexed; it also keeps products exact. */
const dimMax = 2 ** 31 - 1;
/** No network has more axes; a bound keeps work on shapes small, whatever a file says. */
export const rankMax = 32;

/** Whether the elements are in another file. */
export function isExternal(proto: TensorProto): boolean {
  return proto.dataLocation === 1;
}

/** What of which file an external tensor needs; sizes are checked, nothing is read. */
export function externalRegion(proto: TensorProto, name: string): ExternalRegion {
  const { type, count } = header(proto, name);
  const entries = new Map((proto.externalData ?? []).map(({ key, value }) => [key ?? '', value ?? '']));
  const place = `the external data of tensor ${quoted(name)}`;
  const number = (key: string): number | undefined => {
    const text = entries.get(key);
    if (text === undefined) return undefined;
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(value)) throw modelError(name, `${place}: ${key} ${quoted(text)} is not a whole number`);
    return value;
  };
  const location = entries.get('location');
  if (location === undefined) throw modelError(name, `${place} names no location`);
  return {
    tensor: name,
    location,
    offset: number('offset') ?? 0,
    length: number('length'),
    needed: count * elementTypeInfo(type).bytes,
    checksum: entries.get('checksum'),
  };
}

/** The tensor; `external` are its bytes where the file keeps them elsewhere. NaN among its elements is an error. */
export function readTensor(proto: TensorProto, name: string, external: Uint8Array | undefined): Tensor {
  const { type, dims, count } = header(proto, name);
  const raw = external ?? (proto.rawData?.length ? proto.rawData : undefined);
  const elements =
    raw === undefined ? fromTypedField(proto, name, type, count) : fromBytes(raw, name, type, dims, count);
  const nan = firstNaN(type, elements);
  if (nan >= 0) throw modelError(name, `tensor ${quoted(name)} holds NaN (element ${nan} of ${count})`);
  return { name, type, dims, elements };
}

function header(proto: TensorProto, name: string): { type: ElementType; dims: readonly number[]; count: number } {
  const type = elementTypeOf(proto.dataType ?? 0);
  if (type === undefined) {
    throw modelError(
      name,
      `tensor ${quoted(name)} has the element type ${proto.dataType ?? 0}, which is not supported (strings, complex numbers and types below 8 bits are not)`,
    );
  }
  const dims = (proto.dims ?? []).map((d) => dimension(d, name));
  if (dims.length > rankMax) throw modelError(name, `tensor ${quoted(name)} has rank ${dims.length}, above ${rankMax}`);
  const count = dims.reduce((product, d) => product * d, 1);
  // An empty tensor may have one huge dim beside a zero; no tensor has more elements than memory has bytes.
  if (!Number.isSafeInteger(count * 8)) throw modelError(name, `tensor ${quoted(name)} is too large: dims ${dims}`);
  return { type, dims, count };
}

/** A Long as a checked dimension. */
export function dimension(d: Long, where: string): number {
  const value = d.toNumber();
  if (!(value >= 0 && value <= dimMax)) throw modelError(where, `${quoted(where)} has the dimension ${d.toString()}`);
  return value;
}

/** Little-endian bytes as elements: a view where they are aligned, else a copy. */
function fromBytes(raw: Uint8Array, name: string, type: ElementType, dims: readonly number[], count: number): Elements {
  const { bytes, array } = elementTypeInfo(type);
  if (raw.length !== count * bytes) {
    throw modelError(
      name,
      `tensor ${quoted(name)} of ${type} with dims [${dims}] needs ${count * bytes} bytes and has ${raw.length}`,
    );
  }
  const { buffer, byteOffset } = raw;
  return byteOffset % bytes === 0 && buffer instanceof ArrayBuffer
    ? new array(buffer, byteOffset, count)
    : new array(Uint8Array.from(raw).buffer, 0, count);
}

function fromTypedField(proto: TensorProto, name: string, type: ElementType, count: number): Elements {
  const { bytes, array, field, min, max } = elementTypeInfo(type);
  const values: readonly (number | Long)[] = proto[field] ?? [];
  if (values.length !== count) {
    throw modelError(
      name,
      `tensor ${quoted(name)} of ${type} needs ${count} elements in ${field} (or raw_data) and has ${values.length}`,
    );
  }
  const elements = new array(new ArrayBuffer(count * bytes), 0, count);
  const wide = elements instanceof BigInt64Array || elements instanceof BigUint64Array;
  for (let i = 0; i < count; i++) {
    const value = values[i] ?? 0;
    if (wide) {
      elements[i] = BigInt(value.toString());
    } else {
      const narrow = typeof value === 'number' ? value : value.toNumber();
      // The 16-bit floating-point types are bits here, without a range of their own.
      if (narrow < (min ?? (bytes === 2 ? 0 : -Infinity)) || narrow > (max ?? (bytes === 2 ? 65535 : Infinity))) {
        throw modelError(name, `tensor ${quoted(name)}: element ${i} is ${narrow}, outside the range of ${type}`);
      }
      elements[i] = narrow;
    }
  }
  return elements;
}
