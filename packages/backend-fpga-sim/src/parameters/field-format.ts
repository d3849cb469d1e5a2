/** Number formats s{i}.{f} of local fields: a sign, i integer bits and f fraction bits, as the field writes s{5}{10}. */

export interface FieldFormat {
  readonly integerBits: number;
  readonly fractionBits: number;
}

/** `s5.10`; `s{5}{10}` is read too. null where it is neither, or beyond 3 … 18 integer bits (a field is clamped at 8) or 4 … 12 fraction bits (semantics 4.2). */
export function parseFieldFormat(text: string): FieldFormat | null {
  const match = /^s(?:(\d{1,2})\.(\d{1,2})|\{(\d{1,2})\}\{(\d{1,2})\})$/.exec(text);
  if (match === null) return null;
  const integerBits = Number(match[1] ?? match[3]);
  const fractionBits = Number(match[2] ?? match[4]);
  const held = integerBits >= 3 && integerBits <= 18 && fractionBits >= 4 && fractionBits <= 12;
  return held ? { integerBits, fractionBits } : null;
}

export const fieldFormatText = ({ integerBits, fractionBits }: FieldFormat): string =>
  `s${integerBits}.${fractionBits}`;

/** Bits of a field, with the sign. */
export const fieldBits = ({ integerBits, fractionBits }: FieldFormat): number => 1 + integerBits + fractionBits;
