/**
 * NumPy's `.npy`, versions 1 to 3: magic, version, header length, a Python dict literal, then the elements.
 *
 * Read here rather than with the package npyjs (1.2.0): that one takes `fortran_order` arrays as if they were
 * row-major, does not compare the data's length with the shape, and brings a fetch polyfill.
 */
import { type HostTensor, InvalidRequestError } from '@isinglass/sdk';

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
// The header is a Python dict literal with exactly these keys, in any order.
const descrEntry = /'descr'\s*:\s*'([^']*)'/;
const fortranEntry = /'fortran_order'\s*:\s*(True|False)/;
const shapeEntry = /'shape'\s*:\s*\(([\d\s,]*)\)/;

/** Whether the bytes begin as an `.npy` file does. */
export function isNpy(bytes: Uint8Array): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

/** Arrays of `u1`, `f4` and `i8` in row-major order; everything else is refused with the line of Python that helps. */
export function readNpy(bytes: Uint8Array, where: string): HostTensor {
  if (!isNpy(bytes)) throw wrong(where, 'is not an .npy file');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6] ?? 0;
  if (version < 1 || version > 3) throw wrong(where, `has .npy version ${version}; 1 to 3 are known`);
  if (bytes.length < 12) throw wrong(where, 'ends inside the .npy header');
  const headerAt = version === 1 ? 10 : 12;
  const dataAt = headerAt + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (dataAt > bytes.length) throw wrong(where, 'ends inside the .npy header');
  const text = new TextDecoder('latin1').decode(bytes.subarray(headerAt, dataAt));
  const descr = descrEntry.exec(text)?.[1];
  const fortran = fortranEntry.exec(text)?.[1];
  const shapeText = shapeEntry.exec(text)?.[1];
  if (descr === undefined || fortran === undefined || shapeText === undefined) {
    throw wrong(where, `has an .npy header that cannot be read: ${text.trim().slice(0, 120)}`);
  }
  const shape = shapeText
    .split(',')
    .map((size) => size.trim())
    .filter((size) => size !== '')
    .map(Number);
  if (fortran === 'True' && shape.length > 1) {
    throw wrong(where, 'is stored in Fortran order; save it with numpy.save(f, numpy.ascontiguousarray(a))');
  }
  return elements(new Uint8Array(bytes.subarray(dataAt)), descr, shape, where);
}

/** Version 1.0, `<f4`, row-major. */
export function writeNpy(array: {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}): Uint8Array<ArrayBuffer> {
  const shape = array.shape.length === 1 ? `${array.shape[0]},` : array.shape.join(', ');
  const dict = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape}), }`;
  // NumPy pads the header with spaces so that the data begins at a multiple of 64.
  const length = 64 * Math.ceil((10 + dict.length + 1) / 64);
  const bytes = new Uint8Array(length + 4 * array.data.length);
  const view = new DataView(bytes.buffer);
  bytes.set(magic);
  bytes[6] = 1;
  view.setUint16(8, length - 10, true);
  bytes.set(new TextEncoder().encode(`${dict.padEnd(length - 11)}\n`), 10);
  array.data.forEach((value, i) => {
    view.setFloat32(length + 4 * i, value, true);
  });
  return bytes;
}

function elements(data: Uint8Array<ArrayBuffer>, descr: string, shape: readonly number[], where: string): HostTensor {
  const count = shape.reduce((product, size) => product * size, 1);
  const sized = (bytesEach: number) => {
    if (data.length === count * bytesEach) return data.buffer;
    throw wrong(where, `shape (${shape}) of ${descr} needs ${count * bytesEach} bytes, the file has ${data.length}`);
  };
  switch (descr) {
    case '|u1':
    case '<u1':
      sized(1);
      return { dtype: 'u8', shape, data };
    case '<f4':
      return { dtype: 'f32', shape, data: new Float32Array(sized(4)) };
    case '<i8':
      return { dtype: 'i64', shape, data: new BigInt64Array(sized(8)) };
    default: {
      const remedy = 'convert with a.astype(numpy.uint8), numpy.float32 or numpy.int64';
      throw wrong(where, `has elements of type '${descr}'; |u1, <f4 and <i8 can be read: ${remedy}`);
    }
  }
}

function wrong(where: string, fact: string): InvalidRequestError {
  return new InvalidRequestError(`${where} ${fact}`, { where });
}
