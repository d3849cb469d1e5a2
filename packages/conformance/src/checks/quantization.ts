/** Checks of quantization: what the device holds instead of the numbers that it was asked to hold, and whether it samples that. */
import type { Check } from './check.ts';
import { quantizedLaw } from './quantization/quantized-law.ts';
import { readback } from './quantization/readback.ts';
import { step } from './quantization/step.ts';

export const quantizationChecks: readonly Check[] = [readback, quantizedLaw, step];
