/** Checks of the chapter randomness: seeds are used and repeat, bits are random. Row 53 is an export without a verdict: randomness/export-bits.ts. */
import type { Check } from './check.ts';
import { rngComplexity } from './randomness/rng-complexity.ts';
import { rngWhite } from './randomness/rng-white.ts';
import { seedNeighbours } from './randomness/seed-neighbours.ts';
import { seedRepeat } from './randomness/seed-repeat.ts';
import { seedUse } from './randomness/seed-use.ts';

export const randomnessChecks: readonly Check[] = [seedRepeat, seedUse, seedNeighbours, rngComplexity, rngWhite];
