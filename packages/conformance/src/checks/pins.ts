/** Checks of the chapter pins. */
import type { Check } from './check.ts';

export const pinsChecks: readonly Check[] = [];
