/** Checks of the dynamics: which states a sweep leads to, and in what order spins are updated. */
import type { Check } from './check.ts';
import { domino } from './dynamics/domino.ts';
import { equalTime } from './dynamics/equal-time.ts';
import { frozen } from './dynamics/frozen.ts';
import { hold } from './dynamics/hold.ts';
import { oneSweep } from './dynamics/one-sweep.ts';

export const dynamicsChecks: readonly Check[] = [oneSweep, hold, domino, equalTime, frozen];
