/** The constants of a bank's update in memory: names and offsets of row-update.as.ts, and what goes there. */
import { rowConstants } from '../../row-update/row-update.exports.ts';

export function writeSpinsConstants(
  buffer: SharedArrayBuffer,
  address: number,
  o: {
    /** Address of the threshold table, and the largest field that it knows. */
    readonly table: number;
    readonly limit: number;
    /** Address of the inverse table; 0: not there. */
    readonly inverse: number;
    readonly M: number;
    readonly sh: number;
  },
): void {
  const i16 = (name: keyof typeof rowConstants, values: (n: number) => number): void => {
    new Int16Array(buffer, address + rowConstants[name], 8).set(Array.from({ length: 8 }, (_, n) => values(n)));
  };
  const i32 = (name: keyof typeof rowConstants, count: number, value: number): void => {
    new Int32Array(buffer, address + rowConstants[name], count).fill(value);
  };
  const { limit, table, inverse, M, sh } = o;
  const floor = 32767 - 2 * limit;
  i16('cap', () => 32767 - limit);
  i16('floor', () => floor);
  // x = 32767 is a field of `limit` or more, the only one where T is 65536.
  i16('always', () => 32766);
  i16('oddBytes', () => 0xff00);
  const half = Math.floor(M / 2);
  i16('multiplier', (n) => (n & 1 ? M - half : half));
  i32('roundShift', 1, sh - 1);
  i32('table', 1, table - 2 * floor);
  i32('table32', 1, table + 2 * limit);
  i32('inverse', 1, inverse);
  i32('limit32', 4, limit);
  i32('floor32', 4, -limit);
  i32('always32', 4, limit - 1);
  i16('sign', () => -32768);
}
