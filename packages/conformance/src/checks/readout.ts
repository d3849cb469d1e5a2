/** Checks of the chapter readout. */
import type { Check } from './check.ts';

export const readoutChecks: readonly Check[] = [];
