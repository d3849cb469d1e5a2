/**
 * IDX, the format of MNIST: two zero bytes, an element type, the rank, one big-endian u32 per axis, then the elements,
 * row-major. Gzipped files are unpacked first.
 */
import { gunzipSync } from 'node:zlib';
import { type HostTensor, InvalidRequestError } from '@isinglass/sdk';

const bytesMax = 4 * 2 ** 30;

/** Whether the bytes begin as a gzip stream does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The unpacked bytes; `where` names the file in errors. */
export function gunzip(bytes: Uint8Array, where: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(gunzipSync(bytes, { maxOutputLength: bytesMax }));
  } catch (cause) {
    throw new InvalidRequestError(`${where}: the gzip stream cannot be unpacked: ${String(cause)}`, { where, cause });
  }
}

/** Whether the bytes begin as an IDX file does. */
export function isIdx(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0 && bytes[1] === 0 && (bytes[3] as number) >= 1;
}

/** Elements of type u8 (0x08) and f32 (0x0d, converted to the machine's byte order). */
export function readIdx(bytes: Uint8Array, where: string): HostTensor {
  if (!isIdx(bytes)) throw wrong(where, 'is not an IDX file: the first two bytes are not zero');
  const type = bytes[2] as number;
  const rank = bytes[3] as number;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dataAt = 4 + 4 * rank;
  if (bytes.length < dataAt) throw wrong(where, `ends inside the header of ${dataAt} bytes`);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const count = shape.reduce((product, size) => product * size, 1);
  const elementBytes = type === 0x08 ? 1 : type === 0x0d ? 4 : 0;
  if (elementBytes === 0) {
    throw wrong(where, `has elements of IDX type 0x${type.toString(16)}; 0x08 (u8) and 0x0d (f32) can be read`);
  }
  if (bytes.length - dataAt !== count * elementBytes) {
    const needed = `shape [${shape}] needs ${count * elementBytes} bytes of data`;
    throw wrong(where, `${needed}, the file has ${bytes.length - dataAt}`);
  }
  if (type === 0x08) return { dtype: 'u8', shape, data: new Uint8Array(bytes.subarray(dataAt)) };
  return { dtype: 'f32', shape, data: Float32Array.from({ length: count }, (_, i) => view.getFloat32(dataAt + 4 * i)) };
}

function wrong(where: string, fact: string): InvalidRequestError {
  return new InvalidRequestError(`${where} ${fact}`, { where });
}
