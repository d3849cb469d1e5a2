/** A driver in any language, as a provider of the suite. */
import { type Provider, unavailable } from '../provider.ts';
import { splitCommandLine } from './command-line.ts';
import { ExecDriver, type ExecOptions } from './exec-driver.ts';
import { DeviceUnavailableError } from './exec-errors.ts';

/**
 * A process for every device that the suite opens. Flags of the command line reach it as arguments `--name=value`. It may answer hello with an
 * error of code `unavailable`: then the suite does not apply. Throws InvalidRequestError when the command line cannot be read.
 */
export function execProvider(
  commandLine: string,
  o: Pick<ExecOptions, 'helloMs' | 'silenceMs' | 'graceMs'> = {},
): Provider {
  const command = splitCommandLine(commandLine);
  return {
    async create({ flags, signal }) {
      const given = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
      try {
        return await ExecDriver.open({ ...o, command: [...command, ...given], signal });
      } catch (error) {
        if (error instanceof DeviceUnavailableError) return unavailable(error.message);
        throw error;
      }
    },
  };
}
