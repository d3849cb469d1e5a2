/** Checks of the chapter concurrency. */
import type { Check } from './check.ts';

export const concurrencyChecks: readonly Check[] = [];
