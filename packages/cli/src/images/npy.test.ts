import { describe, expect, it } from 'vitest';
import { isNpy, readNpy, writeNpy } from './npy.ts';

/** A file as numpy.save writes it, with any header text. */
function npy(o: { version?: number; header: string; data: Uint8Array }): Uint8Array {
  const version = o.version ?? 1;
  const text = `${o.header}\n`;
  const bytes = new Uint8Array((version === 1 ? 10 : 12) + text.length + o.data.length);
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), version, 0]);
  const view = new DataView(bytes.buffer);
  if (version === 1) view.setUint16(8, text.length, true);
  else view.setUint32(8, text.length, true);
  bytes.set(new TextEncoder().encode(text), version === 1 ? 10 : 12);
  bytes.set(o.data, bytes.length - o.data.length);
  return bytes;
}

const header = (descr: string, shape: string, fortran = 'False') =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;

describe('npy', () => {
  it('reads u1, f4 and i8 of versions 1 and 2', () => {
    const data = Uint8Array.of(1, 2, 3, 4, 5, 6);
    for (const version of [1, 2]) {
      expect(readNpy(npy({ version, header: header('|u1', '(2, 3)'), data }), 'f')).toEqual({
        dtype: 'u8',
        shape: [2, 3],
        data,
      });
    }
    const floats = new Uint8Array(Float32Array.of(0.5, -2).buffer);
    expect(readNpy(npy({ header: header('<f4', '(2,)'), data: floats }), 'f')).toEqual({
      dtype: 'f32',
      shape: [2],
      data: Float32Array.of(0.5, -2),
    });
    const integers = new Uint8Array(BigInt64Array.of(-7n).buffer);
    expect(readNpy(npy({ header: header('<i8', '(1,)'), data: integers }), 'f')).toEqual({
      dtype: 'i64',
      shape: [1],
      data: BigInt64Array.of(-7n),
    });
  });

  it('reads what it writes, the data beginning at a multiple of 64', () => {
    const array = { shape: [2, 2], data: Float32Array.of(1, -0.25, 3e-9, 4) };
    const bytes = writeNpy(array);
    expect(isNpy(bytes)).toBe(true);
    expect((bytes.length - 16) % 64).toBe(0);
    expect(readNpy(bytes, 'f')).toEqual({ dtype: 'f32', ...array });
    // A Buffer's slice is a view of a shared pool: the elements must be copied out.
    expect(readNpy(Buffer.from(bytes), 'f')).toEqual({ dtype: 'f32', ...array });
    expect(readNpy(writeNpy({ shape: [1], data: Float32Array.of(2) }), 'f').shape).toEqual([1]);
  });

  it('refuses Fortran order, which means other numbers, but not for one axis, where it means the same', () => {
    const data = Uint8Array.of(1, 2, 3, 4);
    expect(() => readNpy(npy({ header: header('|u1', '(2, 2)', 'True'), data }), 'f')).toThrow(/ascontiguousarray/);
    expect(readNpy(npy({ header: header('|u1', '(4,)', 'True'), data }), 'f').data).toEqual(data);
  });

  it('refuses other element types with the remedy', () => {
    const data = new Uint8Array(16);
    expect(() => readNpy(npy({ header: header('<f8', '(2,)'), data }), 'f')).toThrow(/astype/);
    expect(() => readNpy(npy({ header: header('>f4', '(4,)'), data }), 'f')).toThrow(/'>f4'/);
  });

  it('refuses data that does not fill the shape, and headers that are cut or are not a dict', () => {
    const whole = npy({ header: header('|u1', '(4,)'), data: new Uint8Array(4) });
    expect(readNpy(whole, 'f').shape).toEqual([4]);
    for (const damaged of [whole.subarray(0, whole.length - 1), whole.subarray(0, 20), whole.subarray(0, 9)]) {
      expect(() => readNpy(damaged, 'f')).toThrow(/^f /);
    }
    expect(() => readNpy(whole.subarray(0, 10), 'f')).toThrow(/ends inside the \.npy header/);
    expect(() => readNpy(npy({ header: "{'descr': '|u1'}", data: new Uint8Array(4) }), 'f')).toThrow(/cannot be read/);
    expect(() => readNpy(npy({ version: 4, header: header('|u1', '(4,)'), data: new Uint8Array(4) }), 'f')).toThrow(
      /version 4/,
    );
  });
});
