/** Checks of the chapter capability. */
import type { Check } from './check.ts';

export const capabilityChecks: readonly Check[] = [];
