/**
 * Order of two names by their UTF-8 bytes (semantics 8.1, 8.3), which is the order of their code points. JavaScript's
 * own order is by UTF-16 code units and puts U+E000 … U+FFFF after the characters beyond.
 */
export function compareNames(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Surrogates rank above all other code units, because they spell the code points above U+FFFF. */
function rank(codeUnit: number): number {
  return codeUnit >= 0xd800 && codeUnit < 0xe000 ? codeUnit + 0x10000 : codeUnit;
}
