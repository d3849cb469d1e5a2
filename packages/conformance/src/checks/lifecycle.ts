/** Checks of the chapter lifecycle. */
import type { Check } from './check.ts';
import { closedInFlight } from './lifecycle/closed-in-flight.ts';
import { lifeCycle } from './lifecycle/life-cycle.ts';
import { lifeIsolation } from './lifecycle/life-isolation.ts';
import { lifeRecover } from './lifecycle/life-recover.ts';

export const lifecycleChecks: readonly Check[] = [lifeCycle, closedInFlight, lifeIsolation, lifeRecover];
