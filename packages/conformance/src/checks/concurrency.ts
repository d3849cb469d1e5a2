/** Checks of the chapter concurrency. */
import type { Check } from './check.ts';
import { concCancel } from './concurrency/conc-cancel.ts';
import { concClean } from './concurrency/conc-clean.ts';
import { concDeadline } from './concurrency/conc-deadline.ts';
import { concParallel } from './concurrency/conc-parallel.ts';

export const concurrencyChecks: readonly Check[] = [concParallel, concCancel, concClean, concDeadline];
