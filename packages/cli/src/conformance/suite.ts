/** The suite, loaded when a command needs it, and its errors as errors of the command line. */
import { InvalidRequestError } from '@isinglass/sdk';

/** The package @isinglass/conformance. */
export const conformance = (): Promise<typeof import('@isinglass/conformance')> => import('@isinglass/conformance');

const ofUsage = new Map([
  ['QueryError', 'query'],
  ['ResumeError', '--resume'],
  ['ReportError', 'report'],
  ['ReplayError', '--case'],
  ['MergeError', 'reports'],
]);

/** What the suite refuses is bad usage, of `place` if that is a file; the rest stays as it is. */
export async function asUsage<T>(work: () => Promise<T>, place?: string): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const where = cause instanceof Error ? ofUsage.get(cause.name) : undefined;
    if (where === undefined || !(cause instanceof Error)) throw cause;
    const message = place === undefined ? cause.message : `${place}: ${cause.message}`;
    throw new InvalidRequestError(message, { where: place ?? where, cause });
  }
}
