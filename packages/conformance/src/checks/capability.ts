/** Checks of the chapter capability. */
import { capBoundary } from './capability/cap-boundary.ts';
import { capDeclared } from './capability/cap-declared.ts';
import { capFrozen } from './capability/cap-frozen.ts';
import { capSites } from './capability/cap-sites.ts';
import { capTolerance } from './capability/cap-tolerance.ts';
import type { Check } from './check.ts';

export const capabilityChecks: readonly Check[] = [capFrozen, capBoundary, capDeclared, capSites, capTolerance];
