/** FNV-1a-64 of a packed state (semantics 1.9). */
const offsetBasis = 0xcbf29ce484222325n;
const prime = 0x100000001b3n;

/** 16 hex digits. `words` are read as little-endian bytes, whatever the machine's order. */
export function fnv1a64(words: Iterable<number>): string {
  let hash = offsetBasis;
  for (const word of words) {
    for (let shift = 0; shift < 32; shift += 8) {
      hash = ((hash ^ BigInt((word >>> shift) & 255)) * prime) & 0xffffffffffffffffn;
    }
  }
  return hash.toString(16).padStart(16, '0');
}
