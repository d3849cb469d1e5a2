import { createHash } from 'node:crypto';
import { activationTable } from '@isinglass/sdk';

/** Lower-case hex SHA-256 of T as u32 little-endian, from −8·2^k to 8·2^k. */
export function activationHash(fractionBits: number): string {
  const table = activationTable(fractionBits);
  const bytes = new DataView(new ArrayBuffer(4 * table.length));
  table.forEach((value, i) => {
    bytes.setUint32(4 * i, value, true);
  });
  return createHash('sha256').update(bytes).digest('hex');
}
