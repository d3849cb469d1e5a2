/** Checks of single arguments: each error names the field, its value and what is allowed. */
import { InvalidRequestError } from '../errors/isinglass-error.ts';
import { type PackedSpins, rowWithDirtyPadding, wordsPerRow } from '../spins/packed-spins.ts';

export function invalid(field: string, value: unknown, allowed: string): InvalidRequestError {
  return new InvalidRequestError(`${field} is ${shown(value)}; allowed: ${allowed}`, { where: field });
}

/** Short, whatever it is: a message never prints a million numbers. */
function shown(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name} of ${value.byteLength} bytes`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}

/** An integer from `min` to `max`, both included. */
export function integerIn(
  field: string,
  value: unknown,
  bounds: { readonly min: number; readonly max: number },
): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < bounds.min || value > bounds.max) {
    throw invalid(field, value, `an integer from ${bounds.min} to ${bounds.max}`);
  }
  return value;
}

/** One of a few words. */
export function oneOf<T extends string | number>(field: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw invalid(field, value, allowed.join(', '));
  return found;
}

/** Unsigned words in memory of their own. */
export function checkWords(field: string, value: unknown, length?: number): asserts value is Uint32Array<ArrayBuffer> {
  if (!(value instanceof Uint32Array) || !(value.buffer instanceof ArrayBuffer)) {
    throw invalid(field, value, 'a Uint32Array over an ArrayBuffer that is not shared');
  }
  if (length !== undefined && value.length !== length) {
    throw invalid(`${field}.length`, value.length, `${length}`);
  }
}

/** Packed spins of exactly this many rows and spins, with zero padding bits [P32]. */
export function checkSpins(
  field: string,
  value: PackedSpins,
  expected: { readonly rows: number; readonly spinCount: number },
): void {
  if (typeof value !== 'object' || value === null) throw invalid(field, value, 'packed spins');
  if (value.rows !== expected.rows) throw invalid(`${field}.rows`, value.rows, `${expected.rows}`);
  if (value.spinCount !== expected.spinCount) {
    throw invalid(`${field}.spinCount`, value.spinCount, `${expected.spinCount}, the spins of the bank`);
  }
  checkWords(`${field}.words`, value.words, expected.rows * wordsPerRow(expected.spinCount));
  const row = rowWithDirtyPadding(value);
  if (row >= 0) {
    const used = expected.spinCount & 31;
    throw new InvalidRequestError(
      `${field}: row ${row} has padding bits that are not zero; allowed: zeros above bit ${used - 1} of a row's last word`,
      { where: field },
    );
  }
}

/** A record with exactly the wanted keys: names what is missing and what is too much. */
export function checkKeys(field: string, value: unknown, wanted: readonly string[], what: string): void {
  if (typeof value !== 'object' || value === null) throw invalid(field, value, `an object by ${what}`);
  const given = Object.keys(value);
  const missing = wanted.filter((key) => !given.includes(key));
  const extra = given.filter((key) => !wanted.includes(key));
  if (missing.length === 0 && extra.length === 0) return;
  const found = [
    ...(missing.length > 0 ? [`lacks ${missing.join(', ')}`] : []),
    ...(extra.length > 0 ? [`has ${extra.join(', ')} too much`] : []),
  ].join(' and ');
  throw new InvalidRequestError(
    `${field} ${found}; allowed: exactly one entry per ${what}: ${wanted.join(', ') || 'none'}`,
    {
      where: `${field}.${missing[0] ?? extra[0]}`,
    },
  );
}
