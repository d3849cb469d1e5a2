/** How long the suite waits for a device. */
import type { Level } from '../checks/check.ts';

export interface Deadlines {
  /** One call of the device: create, load, run, unload, close. */
  readonly callMs: number;
  /** All of one case. */
  readonly caseMs: number;
}

/** Far beyond what a device that answers takes: a case of `quick` is planned for a second, one of `standard` for half a minute. */
export const defaultDeadlines: Readonly<Record<Level, Deadlines>> = {
  quick: { callMs: 30_000, caseMs: 120_000 },
  standard: { callMs: 120_000, caseMs: 900_000 },
  certify: { callMs: 600_000, caseMs: 4 * 3_600_000 },
};

/** How long a device may take to close at the end of a case. */
export const closeMs = 10_000;
