/** Element types of ONNX tensors that a model may use, and how they are held. */
import { bfloat16ToNumber, float16ToNumber, numberToBfloat16, numberToFloat16 } from './half.ts';

/** Row-major elements. bool is 0 or 1 in bytes; float16 and bfloat16 are their bits. */
export type Elements =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array;

interface ElementTypeInfo {
  /** TensorProto.DataType */
  readonly code: number;
  readonly bytes: number;
  readonly array: new (buffer: ArrayBuffer, byteOffset?: number, length?: number) => Elements;
  /** The typed field of TensorProto that holds it where raw_data does not. */
  readonly field: 'floatData' | 'doubleData' | 'int32Data' | 'int64Data' | 'uint64Data';
  readonly kind: 'float' | 'int';
  /** Range of the integers. */
  readonly min?: number;
  readonly max?: number;
}

export const elementTypes = {
  float32: { code: 1, bytes: 4, array: Float32Array, field: 'floatData', kind: 'float' },
  uint8: { code: 2, bytes: 1, array: Uint8Array, field: 'int32Data', kind: 'int', min: 0, max: 255 },
  int8: { code: 3, bytes: 1, array: Int8Array, field: 'int32Data', kind: 'int', min: -128, max: 127 },
  uint16: { code: 4, bytes: 2, array: Uint16Array, field: 'int32Data', kind: 'int', min: 0, max: 65535 },
  int16: { code: 5, bytes: 2, array: Int16Array, field: 'int32Data', kind: 'int', min: -32768, max: 32767 },
  int32: { code: 6, bytes: 4, array: Int32Array, field: 'int32Data', kind: 'int', min: -(2 ** 31), max: 2 ** 31 - 1 },
  int64: { code: 7, bytes: 8, array: BigInt64Array, field: 'int64Data', kind: 'int', min: -(2 ** 53), max: 2 ** 53 },
  bool: { code: 9, bytes: 1, array: Uint8Array, field: 'int32Data', kind: 'int', min: 0, max: 1 },
  float16: { code: 10, bytes: 2, array: Uint16Array, field: 'int32Data', kind: 'float' },
  float64: { code: 11, bytes: 8, array: Float64Array, field: 'doubleData', kind: 'float' },
  uint32: { code: 12, bytes: 4, array: Uint32Array, field: 'uint64Data', kind: 'int', min: 0, max: 2 ** 32 - 1 },
  uint64: { code: 13, bytes: 8, array: BigUint64Array, field: 'uint64Data', kind: 'int', min: 0, max: 2 ** 53 },
  bfloat16: { code: 16, bytes: 2, array: Uint16Array, field: 'int32Data', kind: 'float' },
} as const satisfies Readonly<Record<string, ElementTypeInfo>>;

export type ElementType = keyof typeof elementTypes;

const byCode = new Map<number, ElementType>(
  (Object.keys(elementTypes) as ElementType[]).map((type) => [elementTypes[type].code, type]),
);

/** The element type of a TensorProto.DataType; undefined for strings, complex numbers, and the types below 8 bits. */
export function elementTypeOf(code: number): ElementType | undefined {
  return byCode.get(code);
}

/** Properties of an element type, with the optional ones visible. */
export function elementTypeInfo(type: ElementType): ElementTypeInfo {
  return elementTypes[type];
}

export function isFloat(type: ElementType): boolean {
  return elementTypes[type].kind === 'float';
}

/** Elements as float64; exact but for 64-bit integers beyond 2⁵³, which become the nearest number. */
export function toNumbers(type: ElementType, elements: Elements): Float64Array<ArrayBuffer> {
  if (type === 'float32' || type === 'float64') return new Float64Array(elements as Float32Array | Float64Array);
  const numbers = new Float64Array(elements.length);
  for (let i = 0; i < elements.length; i++) {
    const e = elements[i] ?? 0;
    numbers[i] =
      typeof e === 'bigint'
        ? Number(e)
        : type === 'float16'
          ? float16ToNumber(e)
          : type === 'bfloat16'
            ? bfloat16ToNumber(e)
            : e;
  }
  return numbers;
}

/** Index of the first NaN, or −1. */
export function firstNaN(type: ElementType, elements: Elements): number {
  switch (type) {
    case 'float32':
    case 'float64':
      return (elements as Float32Array | Float64Array).findIndex((e) => Number.isNaN(e));
    case 'float16':
      return (elements as Uint16Array).findIndex((bits) => Number.isNaN(float16ToNumber(bits)));
    case 'bfloat16':
      return (elements as Uint16Array).findIndex((bits) => Number.isNaN(bfloat16ToNumber(bits)));
    default:
      return -1;
  }
}

/** Numbers as elements, rounded to the nearest where the type is a floating-point one; integers must be in range. */
export function fromNumbers(type: ElementType, numbers: Float64Array): Elements {
  switch (type) {
    case 'int64':
      return BigInt64Array.from(numbers, (n) => BigInt(n));
    case 'uint64':
      return BigUint64Array.from(numbers, (n) => BigInt(n));
    case 'float16':
      return Uint16Array.from(numbers, numberToFloat16);
    case 'bfloat16':
      return Uint16Array.from(numbers, numberToBfloat16);
    default:
      return new narrowArrays[type](numbers);
  }
}

const narrowArrays = {
  float32: Float32Array,
  float64: Float64Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  bool: Uint8Array,
} as const;

/** The nearest number that a floating-point type can hold. */
export function roundTo(type: ElementType, value: number): number {
  switch (type) {
    case 'float32':
      return Math.fround(value);
    case 'float16':
      return float16ToNumber(numberToFloat16(value));
    case 'bfloat16':
      return bfloat16ToNumber(numberToBfloat16(value));
    default:
      return value;
  }
}
