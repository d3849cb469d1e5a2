/** Options of a `cpu` device URI: `cpu?memoryMiB=4096&rowsMax=256`. */
import { InvalidRequestError } from '@isinglass/sdk';

export interface CpuOptions {
  /** Bytes of arrays that loaded blocks and one run may take together. */
  readonly memoryBytesMax: number;
  /** Rows (images × chains) of one run; Infinity: as many as fit into memory. */
  readonly rowsMax: number;
}

/** Typed arrays of a default Node process reach this without complaint. */
const memoryMiBDefault = 2048;

/** The machines of this backend. `cpu` is the fastest there is, for now the scalar one; `cpu:scalar` is always the witness. */
export const devices = ['cpu', 'cpu:scalar'] as const;

const known = {
  memoryMiB: 'MiB of arrays, at least 1',
  rowsMax: 'images × chains of one run, at least 1',
} as const;

/** The options of a URI; throws InvalidRequestError for another device or an unknown option, naming the known ones. */
export function parseCpuUri(uri: string): CpuOptions {
  const [device = '', query = ''] = split(uri);
  if (!devices.some((name) => name === device)) {
    throw new InvalidRequestError(`no device ${JSON.stringify(device)}; there are ${devices.join(', ')}`, {
      where: 'uri',
    });
  }
  const given = new Map<string, number>();
  for (const [key, value] of new URLSearchParams(query)) {
    if (!(key in known)) {
      throw new InvalidRequestError(
        `${uri}: unknown option ${JSON.stringify(key)}; known: ${Object.keys(known).join(', ')}`,
        {
          where: 'uri',
        },
      );
    }
    if (given.has(key)) throw new InvalidRequestError(`${uri}: option ${key} is given twice`, { where: 'uri' });
    if (!/^[1-9]\d{0,14}$/.test(value)) {
      const meaning = known[key as keyof typeof known];
      throw new InvalidRequestError(
        `${uri}: option ${key} is ${JSON.stringify(value)}; allowed: a whole number, ${meaning}`,
        {
          where: 'uri',
        },
      );
    }
    given.set(key, Number(value));
  }
  return {
    memoryBytesMax: (given.get('memoryMiB') ?? memoryMiBDefault) * 2 ** 20,
    rowsMax: given.get('rowsMax') ?? Number.POSITIVE_INFINITY,
  };
}

function split(uri: string): readonly string[] {
  const mark = uri.indexOf('?');
  return mark < 0 ? [uri] : [uri.slice(0, mark), uri.slice(mark + 1)];
}
