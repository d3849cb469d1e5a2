/**
 * Whether a device, as its profile describes it, can hold a program and run it as the program asks by default. Placement
 * (tiles, topology, mirrors) is private to a driver and found by its own `plan()`. A limit that the vendor does not
 * publish never counts as met: the finding has `available: null`, and `isUnstated` tells it from a plain misfit.
 */
import type { Misfit } from '../contract/driver.ts';
import type { Program } from '../program/program.ts';
import { checkDefaults } from './check-defaults.ts';
import { checkHolding } from './check-holding.ts';
import type { DeviceProfile } from './device-profile.ts';

/** All findings at once, in program order; empty: it fits. */
export function checkFit(program: Program, profile: DeviceProfile): readonly Misfit[] {
  return [...checkHolding(program, profile), ...checkDefaults(program, profile)];
}

/** Whether a finding says "the vendor does not publish this limit" rather than "too much". */
export function isUnstated(misfit: Misfit): boolean {
  return misfit.available === null;
}
