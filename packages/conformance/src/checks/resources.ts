/** Checks of the chapter resources. */
import type { Check } from './check.ts';
import { resLeak } from './resources/res-leak.ts';
import { resWide } from './resources/res-wide.ts';

export const resourcesChecks: readonly Check[] = [resLeak, resWide];
