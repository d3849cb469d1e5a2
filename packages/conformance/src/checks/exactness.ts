/** Checks of the chapter exactness: what devices promise that declare `stable` or `exact`, over generated programs. */
import type { Check } from './check.ts';
import { exactBits } from './exactness/exact-bits.ts';
import { stableResume } from './exactness/stable-resume.ts';
import { stableSplits } from './exactness/stable-splits.ts';

export const exactnessChecks: readonly Check[] = [exactBits, stableSplits, stableResume];
