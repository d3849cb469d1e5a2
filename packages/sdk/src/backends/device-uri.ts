/**
 * Device URIs: `scheme[:name][?key=value[&key=value]]`, for example `fpga-sim:conv-m?clockMHz=250`; or `exec:` and a command line, which is taken
 * as it is, with its spaces and question marks: `exec:python3 my_driver.py --fast`.
 */
import { InvalidRequestError } from '../errors/isinglass-error.ts';

export interface DeviceUri {
  /** Chooses the backend. */
  readonly scheme: string;
  /** Chooses among the backend's devices; what it may be is the backend's. */
  readonly name: string | undefined;
  /** Percent-decoded. */
  readonly parameters: ReadonlyMap<string, string>;
}

const shape = /^([a-z][a-z0-9-]*)(?::([^?\s]+))?(?:\?([^\s]*))?$/;
const commandLine = /^(exec):\s*(\S.*)$/s;

/** The parts of a device URI; throws InvalidRequestError when it is not one. */
export function parseDeviceUri(uri: string): DeviceUri {
  const command = typeof uri === 'string' ? commandLine.exec(uri) : null;
  if (command !== null) return { scheme: command[1] as string, name: command[2], parameters: new Map() };
  const match = typeof uri === 'string' ? shape.exec(uri) : null;
  if (match === null) {
    throw new InvalidRequestError(
      `uri is ${JSON.stringify(uri)}; allowed: scheme[:name][?key=value[&key=value]] with a scheme of a-z, 0-9 and -, ` +
        'for example "cpu" or "fpga-sim:conv-m?clockMHz=250", or exec:COMMAND LINE',
      { where: 'uri' },
    );
  }
  const [, scheme = '', name, query] = match;
  return { scheme, name, parameters: parameters(uri, query ?? '') };
}

function parameters(uri: string, query: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const pair of query === '' ? [] : query.split('&')) {
    const equals = pair.indexOf('=');
    const key = equals < 0 ? '' : decoded(uri, pair.slice(0, equals));
    if (key === '') {
      throw new InvalidRequestError(`uri ${JSON.stringify(uri)}: "${pair}" is not key=value`, { where: 'uri' });
    }
    if (found.has(key)) {
      throw new InvalidRequestError(`uri ${JSON.stringify(uri)}: "${key}" is given twice`, { where: 'uri' });
    }
    found.set(key, decoded(uri, pair.slice(equals + 1)));
  }
  return found;
}

function decoded(uri: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new InvalidRequestError(`uri ${JSON.stringify(uri)}: "${text}" is not percent-encoded text`, {
      where: 'uri',
    });
  }
}
