/** Checks of the chapter randomness. */
import type { Check } from './check.ts';

export const randomnessChecks: readonly Check[] = [];
