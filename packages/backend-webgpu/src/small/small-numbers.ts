/** What small-sweeps looks up by number: T; numbers of images; first items of colors; M and sh of couplings; b_t of a round of sweeps. */
import { activationTable } from '@isinglass/sdk';
import type { RunContext } from '../machine/run-sweeps.ts';
import type { SmallBlock } from './small-block.ts';

/** Where each of them begins; 0: no temperatures. */
export type NumbersAt = Readonly<
  Record<'images_at' | 'colors_at' | 'multipliers_at' | 'temperatures_at' | 'temperature_slots', number>
>;

/** Temperatures have room for those of one round, and are 0 still (see TemperatureRounds). */
export function smallNumbers(
  { host, block, run, law }: RunContext,
  { colorStarts, couplings }: SmallBlock,
): { readonly numbers: GPUBuffer; readonly at: NumbersAt } {
  const { images, temperatures } = run;
  const table = activationTable(block.fractionBits);
  const multipliers = couplings.flatMap((id) => {
    const term = law.terms.get(id);
    return term === undefined ? [0, 0] : [term.factor, term.shift];
  });
  const images_at = table.length;
  const colors_at = images_at + images.length;
  const multipliers_at = colors_at + colorStarts.length;
  const end = multipliers_at + multipliers.length;
  const slots = Math.min(temperatures?.length ?? 0, host.gpu.pieces.dispatchSweepsMax);
  const numbers = new Uint32Array(end + slots);
  numbers.set(table);
  numbers.set(images, images_at);
  numbers.set(colorStarts, colors_at);
  numbers.set(multipliers, multipliers_at);
  const temperatures_at = temperatures === null ? 0 : end;
  return {
    numbers: host.filled('numbers', numbers),
    at: { images_at, colors_at, multipliers_at, temperatures_at, temperature_slots: slots },
  };
}
