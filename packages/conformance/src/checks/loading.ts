/** Checks of the chapter loading. */
import type { Check } from './check.ts';
import { loadAtomic } from './loading/load-atomic.ts';
import { loadBorrowed } from './loading/load-borrowed.ts';
import { loadRelabel } from './loading/load-relabel.ts';
import { loadResident } from './loading/load-resident.ts';

export const loadingChecks: readonly Check[] = [loadAtomic, loadRelabel, loadBorrowed, loadResident];
