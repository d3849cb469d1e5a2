/** `exec:COMMAND LINE` as a device URI: a driver in any language, as a process. */
import { type Backend, contractVersion, InvalidRequestError } from '@isinglass/sdk';
import { splitCommandLine } from './command-line.ts';
import { ExecDriver } from './exec-driver.ts';

const scheme = 'exec';

/** Everything after `exec:` is the command line, verbatim; quoted as a shell reads it, without a shell. */
export function execCommand(uri: string): readonly [string, ...string[]] {
  if (!uri.startsWith(`${scheme}:`)) {
    throw new InvalidRequestError(`uri is ${JSON.stringify(uri)}; allowed: exec:COMMAND LINE`, { where: 'uri' });
  }
  return splitCommandLine(uri.slice(scheme.length + 1));
}

/** Nothing can be listed: what there is, is what commands there are. */
export const execBackend: Backend = {
  scheme,
  contract: contractVersion,
  async enumerate(o) {
    o?.signal?.throwIfAborted();
    return [];
  },
  async open(uri, { signal }) {
    return ExecDriver.open({ command: execCommand(uri), ...(signal === undefined ? {} : { signal }) });
  },
};
