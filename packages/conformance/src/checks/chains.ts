/** Checks of the chapter chains. */
import type { Check } from './check.ts';

export const chainsChecks: readonly Check[] = [];
