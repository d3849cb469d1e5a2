/** Checks of the chapter serialization. */
import type { Check } from './check.ts';

export const serializationChecks: readonly Check[] = [];
