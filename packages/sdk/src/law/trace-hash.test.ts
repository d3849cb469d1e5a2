import { expect, test } from 'vitest';
import { arithmeticVectors } from '../../test/oracle-vectors.ts';
import { fnv1a64 } from './trace-hash.ts';

const { fnv1a } = arithmeticVectors();

/** FNV-1a over single bytes, from its definition: the vectors are texts of any length, a trace is whole words. */
function fnvOfBytes(bytes: Uint8Array): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}

test('words hash as their little-endian bytes by FNV-1a-64', () => {
  for (const { text, hash } of fnv1a) expect(fnvOfBytes(new TextEncoder().encode(text)), text).toBe(hash);
  const bytes = Uint8Array.from({ length: 64 }, (_, n) => (n * 151) & 255);
  const words = Array.from({ length: 16 }, (_, n) => new DataView(bytes.buffer).getUint32(4 * n, true));
  expect(fnv1a64(words)).toBe(fnvOfBytes(bytes));
});

test('no words hash to the offset basis', () => {
  expect(fnv1a64([])).toBe('cbf29ce484222325');
});
