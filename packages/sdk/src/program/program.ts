import type { ProgramJson } from './program-json.ts';

/** Element types of a safetensors file; the ones a program may use are named at each reference. */
export type Dtype =
  | 'BOOL'
  | 'U8'
  | 'I8'
  | 'U16'
  | 'I16'
  | 'F16'
  | 'BF16'
  | 'U32'
  | 'I32'
  | 'F32'
  | 'U64'
  | 'I64'
  | 'F64';

export type TensorData =
  | Uint8Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/** Row-major; F16 and BF16 are held as their bits in a Uint16Array. */
export interface ProgramTensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** A verified program. Only `readProgram` and `createProgram` make one; tensors are never written afterwards. */
export interface Program {
  readonly json: ProgramJson;
  readonly tensors: ReadonlyMap<string, ProgramTensor>;
  /** Lower-case hex SHA-256 of semantics 8.3. */
  readonly hash: string;
}
