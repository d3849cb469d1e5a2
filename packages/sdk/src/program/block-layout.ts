/** Where a block's spins are (semantics 1.4, 5.2). */
import type { Bank, Block } from './program-json.ts';

export interface BankLayout {
  readonly bank: Bank;
  readonly spinCount: number;
  /** spinIndex of the bank's spin 0: banks in declared order, each padded to a multiple of 32. */
  readonly offset: number;
}

/** Spins of a bank: the product of its shape. */
export function spinCountOf(bank: { readonly shape: readonly number[] }): number {
  return bank.shape.reduce((product, size) => product * size, 1);
}

/** The banks of a block in declared order, with their places. */
export function blockLayout(block: Pick<Block, 'banks'>): readonly BankLayout[] {
  let offset = 0;
  return block.banks.map((bank) => {
    const spinCount = spinCountOf(bank);
    const layout = { bank, spinCount, offset };
    offset += 32 * Math.ceil(spinCount / 32);
    return layout;
  });
}
