/** Checks of the chapter dynamics. */
import type { Check } from './check.ts';

export const dynamicsChecks: readonly Check[] = [];
