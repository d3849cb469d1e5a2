/** Checks of schedules: starts, burn-in, strides, temperatures, runs that continue or follow others. */
import type { Check } from './check.ts';
import { clean } from './schedule/clean.ts';
import { ramp } from './schedule/ramp.ts';
import { split } from './schedule/split.ts';
import { steps } from './schedule/steps.ts';
import { zero } from './schedule/zero.ts';

export const scheduleChecks: readonly Check[] = [zero, steps, ramp, split, clean];
