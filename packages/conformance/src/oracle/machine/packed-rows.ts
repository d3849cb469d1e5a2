/** Between packed banks (semantics 1.1, 2.6) and states by flat number. */
import { emptySpins, type PackedSpins, wordsPerRow } from '@isinglass/sdk';
import type { BankPlace } from '../block-structure.ts';

/** States of several rows; `spins` of all banks. */
export interface StateRows {
  readonly count: number;
  readonly spins: number;
  readonly states: Int8Array;
}

/** Packs one bank of every row. */
export function packBank({ count, spins, states }: StateRows, bank: Pick<BankPlace, 'first' | 'spins'>): PackedSpins {
  const packed = emptySpins(count, bank.spins);
  for (let row = 0; row < count; row++) packRow(packed, row, states, row * spins + bank.first);
  return packed;
}

/** Packs the spins of `values` from `offset` on into one row that is still all −1: bit 1 where positive. */
export function packRow(
  { words, spinCount }: PackedSpins,
  row: number,
  values: ArrayLike<number>,
  offset: number,
): void {
  const first = row * wordsPerRow(spinCount);
  for (let spin = 0; spin < spinCount; spin++) {
    if ((values[offset + spin] as number) > 0)
      words[first + (spin >>> 5)] = (words[first + (spin >>> 5)] as number) | (1 << (spin & 31));
  }
}

/** Unpacks one bank into every row; `sourceRow` says which packed row a row takes. */
export function placeBank(
  { count, spins, states }: StateRows,
  bank: Pick<BankPlace, 'first' | 'spins'>,
  { words }: PackedSpins,
  sourceRow: (row: number) => number,
): void {
  const stride = wordsPerRow(bank.spins);
  for (let row = 0; row < count; row++) {
    const from = sourceRow(row) * stride;
    for (let spin = 0; spin < bank.spins; spin++) {
      const up = ((words[from + (spin >>> 5)] as number) >>> (spin & 31)) & 1;
      states[row * spins + bank.first + spin] = 2 * up - 1;
    }
  }
}
