/** What a program in strong fields must show, by the suite's own law. */
import type { Program } from '@isinglass/sdk';
import { blockOf, spinCount } from '../lab/block-run.ts';
import { blockLaw } from '../oracle/block-law.ts';

/** P(+1) · 65536 from which an update counts as certain, since majorities over sweeps make it so. */
const certain = 60_000;

/**
 * States of the free banks after `sweeps` sweeps, one image. Throws RangeError where an update is not certain, which is a mistake in the program of the
 * check.
 */
export function certainAnswer(
  program: Program,
  o: {
    readonly block?: number;
    /** ±1 by pinned bank. */
    readonly inputs?: Readonly<Record<string, ArrayLike<number>>>;
    /** Default all −1. */
    readonly start?: Readonly<Record<string, ArrayLike<number>>>;
    readonly gains?: Readonly<Record<string, number>>;
    readonly sweeps?: number;
  } = {},
): Readonly<Record<string, Int8Array>> {
  const index = o.block ?? 0;
  const law = blockLaw(program, { block: index, gains: o.gains ?? {} });
  const states = new Int8Array(law.banks.reduce((sum, { spins }) => sum + spins, 0)).fill(-1);
  for (const { id, first } of law.banks) states.set(Array.from(o.inputs?.[id] ?? o.start?.[id] ?? []), first);
  for (let sweep = 0; sweep < (o.sweeps ?? 1); sweep++) {
    for (const spin of law.colors.flat()) {
      const up = law.up(spin, states);
      if (up < certain && up > 65536 - certain)
        throw new RangeError(`spin ${spin} is up with probability ${up} / 65536`);
      states[spin] = up >= certain ? 1 : -1;
    }
  }
  const free = blockOf(program, index).banks.filter(({ role }) => role === 'free');
  return Object.fromEntries(
    free.map((bank) => {
      const first = law.banks.find(({ id }) => id === bank.id)?.first ?? 0;
      return [bank.id, states.slice(first, first + spinCount(bank))];
    }),
  );
}
