/** Checks of the chapter quantization. */
import type { Check } from './check.ts';

export const quantizationChecks: readonly Check[] = [];
