/** Checks of the chapter resources. */
import type { Check } from './check.ts';

export const resourcesChecks: readonly Check[] = [];
