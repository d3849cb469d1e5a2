/** Checks of the chapter capability. */
import { capBoundary } from './capability/cap-boundary.ts';
import { capFrozen } from './capability/cap-frozen.ts';
import type { Check } from './check.ts';

export const capabilityChecks: readonly Check[] = [capFrozen, capBoundary];
