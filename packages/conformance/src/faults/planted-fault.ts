/** A planted fault: a device that is wrong in one stated way, what must find it, and its twin that must pass. */
import type { Driver } from '@isinglass/sdk';
import { type Level, levels } from '../checks/check.ts';

export interface PlantedFault {
  /** `M01+10%`: number of the catalogue and variant; faults beyond the catalogue have a word. */
  readonly id: string;
  /** What is wrong, one sentence. */
  readonly title: string;
  /** How far from right, in the unit of the fault; `total` where it has no size. */
  readonly effect: string;
  /** Ids of the checks that must find it, by the level at which they do, cheapest first. */
  readonly killedBy: Readonly<Partial<Record<Level, readonly string[]>>>;
  /** What cannot see it by design: ids of checks, or words. */
  readonly blind: readonly string[];
  /** `sampler`: inside the update; `decorator`: around a device that is right. */
  readonly how: 'sampler' | 'decorator';
  /** A fresh device with the fault. */
  readonly create: () => Driver;
  /** The same fault with an effect far below the resolution of its checks. */
  readonly twin?: { readonly effect: string; readonly create: () => Driver };
  /** Calls of this device hang: the time that they are waited for, in milliseconds. */
  readonly deadlineMs?: number;
}

/** A fault of the catalogue that no driver can be given, and why. */
export interface UnreachableFault {
  readonly id: string;
  readonly title: string;
  readonly reason: string;
}

/** The lowest level at which it must be found. */
export const levelOf = ({ killedBy }: PlantedFault): Level =>
  levels.find((level) => (killedBy[level] ?? []).length > 0) ?? 'certify';

/** The id of the twin of a fault. */
export const twinId = (id: string): string => `${id}~`;
