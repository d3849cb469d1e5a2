/** Checks of the chapter schedule. */
import type { Check } from './check.ts';

export const scheduleChecks: readonly Check[] = [];
