/** Values of flags. What cannot be read is a usage error that says what is allowed. */
import { InvalidArgumentError } from 'commander';

/** Sweeps are numbered in 32 bits (semantics 5.1). */
export const sweepsMax = 2 ** 32 - 1;

/** A parser for integers `min` … `max` (inclusive). */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    throw new InvalidArgumentError(`It must be an integer ${range}.`);
  };
}

/** Bytes, at least one: `1000000`, `64K`, `100M`, `64G`, `1T`, in powers of 1024. */
export function byteCount(text: string): number {
  const match = /^(\d+)([KMGT]?)$/.exec(text);
  const value = match === null ? 0 : Number(match[1]) * 1024 ** ' KMGT'.indexOf(match[2] || ' ');
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a number of bytes such as 1000000, 64K, 100M, 64G or 1T.');
}

/** A decimal number or a fraction such as `1/255`; finite. */
export function real(text: string): number {
  const parts = text.split('/');
  const [numerator = Number.NaN, denominator = 1] = parts.map(decimal);
  const value = numerator / denominator;
  if (parts.length <= 2 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It must be a number such as 0.2 or a fraction such as 1/255.');
}

/** A number or fraction above zero. */
export function positive(text: string): number {
  const value = real(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('It must be above zero.');
}

/** One value, or several separated by commas. */
export function list<T>(parse: (text: string) => T): (text: string) => readonly T[] {
  return (text) => text.split(',').map((part) => parse(part.trim()));
}

/** One value for every block, or a list with one per block. */
export function perBlock<T>(parse: (text: string) => T): (text: string) => T | readonly T[] {
  return (text) => {
    const values = list(parse)(text);
    const [only] = values;
    return only !== undefined && values.length === 1 ? only : values;
  };
}

/** 0 … 2⁶⁴ − 1, decimal or 0x…. */
export function seed(text: string): bigint {
  const value = /^(\d+|0x[0-9a-f]+)$/i.test(text) ? BigInt(text) : -1n;
  if (value >= 0n && value < 2n ** 64n) return value;
  throw new InvalidArgumentError('It must be an integer from 0 to 18446744073709551615 (2^64 - 1).');
}

function decimal(text: string): number {
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : Number.NaN;
}
