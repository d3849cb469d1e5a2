/** Checks of the chapter distribution. */
import type { Check } from './check.ts';

export const distributionChecks: readonly Check[] = [];
