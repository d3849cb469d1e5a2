/** Checks of the chapter pins. */
import type { Check } from './check.ts';
import { pinConditional } from './pins/pin-conditional.ts';
import { pinHold } from './pins/pin-hold.ts';
import { pinInert } from './pins/pin-inert.ts';
import { pinTransfer } from './pins/pin-transfer.ts';

export const pinsChecks: readonly Check[] = [pinHold, pinConditional, pinTransfer, pinInert];
