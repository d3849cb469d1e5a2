/** Numbers as reports print them. */
import type { EffectRecord } from './records.ts';

/** A p-value: `0.31`, `2.1e-7`. */
export function pText(p: number): string {
  if (p < 1e-99) return '< 1e-99';
  return p >= 1e-3 ? String(Number(p.toPrecision(2))) : p.toExponential(1);
}

/** Four significant digits. */
export const numberText = (x: number): string => (Number.isFinite(x) ? String(Number(x.toPrecision(4))) : '–');

/** `β: +5.1 % (4.2 … 6.0)`: value, unit and 99.9 % interval. */
export function effectText({ name, unit, value, low, high }: EffectRecord): string {
  const end = (x: number | null, none: string): string => (x === null ? none : numberText(x));
  return `${name} ${numberText(value)} ${unit} (${end(low, '−∞')} … ${end(high, '∞')})`.replaceAll('  ', ' ');
}
