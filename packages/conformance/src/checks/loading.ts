/** Checks of the chapter loading. */
import type { Check } from './check.ts';

export const loadingChecks: readonly Check[] = [];
