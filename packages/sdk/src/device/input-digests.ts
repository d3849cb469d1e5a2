/** Telling one image's pinned spins from another's, to see that a kept state goes on with the inputs it was made with. */
import { wordsPerRow } from '../spins/packed-spins.ts';
import type { ResolvedRun } from './resolved-run.ts';

/** 64 bits per image, equal for equal pinned spins. */
export function inputDigests(run: Pick<ResolvedRun, 'block' | 'inputs' | 'images'>): readonly string[] {
  const banks = run.block.banks.flatMap((bank) => run.inputs[bank.id] ?? []);
  return Array.from(run.images, (_, image) => {
    let a = 0x811c9dc5;
    let b = 0x9e3779b9;
    for (const { words, spinCount } of banks) {
      const width = wordsPerRow(spinCount);
      for (let w = image * width; w < (image + 1) * width; w++) {
        const word = words[w] as number;
        a = Math.imul(a ^ word ^ (a >>> 15), 0x01000193);
        b = Math.imul(b ^ word ^ (b >>> 13), 0x85ebca6b);
      }
    }
    return `${a >>> 0}.${b >>> 0}`;
  });
}
