/** Runs the suite as a job says, in this process. */
import type { Report, ReportRecord } from '@isinglass/conformance';
import type { Backend, Logger } from '@isinglass/sdk';
import { deviceUnderTest } from './device-under-test.ts';
import { asUsage, conformance } from './suite.ts';
import type { SuiteJob } from './suite-messages.ts';

export interface RunJobOptions {
  readonly logger: Logger;
  backends(): Promise<readonly Backend[]>;
  readonly signal: AbortSignal;
  readonly onCase: (o: { readonly case: string; readonly done: number; readonly total: number }) => void;
  readonly onRecord: (record: ReportRecord) => void | Promise<void>;
}

/** Throws as `runSuite` does, and InvalidRequestError for a device that is not named right or not found. */
export async function runJob(
  { device, seed, backend: _, logLevel: __, ...job }: SuiteJob,
  o: RunJobOptions,
): Promise<Report> {
  const { catalogue, runSuite } = await conformance();
  const { provider, name, opened, flags } = await deviceUnderTest(device, o);
  const { signal, onCase, onRecord } = o;
  return asUsage(() =>
    runSuite({
      ...job,
      ...(seed === undefined ? {} : { seed: BigInt(seed) }),
      provider,
      device: name,
      opened,
      flags,
      checks: catalogue,
      signal,
      onCase,
      onRecord,
    }),
  );
}
