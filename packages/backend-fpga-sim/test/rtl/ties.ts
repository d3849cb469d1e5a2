/**
 * Numbers that are equal to their threshold, which random runs hardly ever draw: tables of one entry, of which the threshold is the number that some spin
 * draws, one less, and one more. The machine draws philox, whose numbers anybody can tell beforehand.
 */
import { type BankLayout, type Block, blockLayout, philox4x32, philoxKey, spinDraw } from '@isinglass/sdk';
import { Dice } from '@isinglass/sdk/testing';
import { expect } from 'vitest';
import { addressOf, type Hardware } from '../../src/host/hardware.ts';
import { header } from '../../src/lane/lane-memory-map.ts';
import { type BusRun, busRun } from '../lane/bus-run.ts';

interface Pair {
  readonly emulator: Hardware;
  readonly rtl: Hardware;
}

/** Of the first free spins of a block that is in both machines, with its couplings and biases. How many tables made a spin of the emulator change its mind. */
export async function compareTies(
  { emulator, rtl }: Pair,
  { block, image }: { readonly block: Block; readonly image: { readonly slots: number; readonly spinWords: number } },
  { spins, seed }: { readonly spins: number; readonly seed: number },
): Promise<number> {
  const free = blockLayout(block).find(({ bank }) => bank.role === 'free') as BankLayout;
  const dice = new Dice(seed, 31);
  const run: BusRun = {
    seed: dice.bits64(),
    image: dice.word(),
    blockAndChain: dice.word(),
    sweepOffset: 0,
    burnIn: 0,
    stride: 1,
    start: 'given',
    spins: Uint32Array.from({ length: image.spinWords }, () => dice.word()),
    temperatures: null,
    conditionalSums: true,
    pieces: [1],
  };
  let changes = 0;
  for (let spin = free.offset; spin < free.offset + Math.min(spins, free.spinCount); spin++) {
    const number = numberOf(run, spin);
    for (const threshold of [number, 65_536 - number]) {
      let before: Uint32Array | undefined;
      for (const entry of [threshold - 1, threshold, threshold + 1]) {
        for (const machine of [emulator, rtl]) {
          await machine.write(addressOf('phases', header.tableLast), Uint32Array.of(0));
          await machine.write(addressOf('table'), Uint32Array.of(Math.max(0, Math.min(65_536, entry))));
        }
        const expected = await busRun(emulator, run, image, 0);
        expect({ spin, entry, steps: await busRun(rtl, run, image, 0) }).toEqual({ spin, entry, steps: expected });
        const states = expected[0]?.spins ?? new Uint32Array();
        if (before?.some((word, n) => word !== states[n])) changes++;
        before = states;
      }
    }
  }
  return changes;
}

/** What a spin draws in the first sweep (semantics 5). */
function numberOf({ seed, image, blockAndChain }: BusRun, spin: number): number {
  const words = new Uint32Array(4);
  const [low, high] = philoxKey(seed);
  philox4x32(spin >>> 3, 1, image, blockAndChain, low, high, words);
  return spinDraw(words, spin);
}
