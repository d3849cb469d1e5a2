/** Checks of the chapter exactness. */
import type { Check } from './check.ts';

export const exactnessChecks: readonly Check[] = [];
