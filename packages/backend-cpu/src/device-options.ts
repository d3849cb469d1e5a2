/** Options of a `cpu` device URI: `cpu?threads=4&simd=baseline&memoryMiB=3000&rowsMax=256`. */
import type { SimdVariant } from '@isinglass/kernels';
import { InvalidRequestError, UnsupportedError } from '@isinglass/sdk';
import { deviceMemoryMiBMax } from './memory/device-memory.ts';
import { type Processor, thisProcessor } from './processor.ts';

export interface CpuOptions {
  readonly device: (typeof devices)[number];
  /** Bytes that loaded blocks and one run may take together. */
  readonly memoryBytesMax: number;
  /** Rows (images × chains) of one run; Infinity: as many as fit into memory. */
  readonly rowsMax: number;
  /** Threads that compute, beside the one that answers the caller; 1 on `cpu:scalar`, which is that one. */
  readonly threads: number;
  /** The build of the kernels; null: scalar code only. */
  readonly simd: SimdVariant | null;
}

/** The machines of this backend: `cpu` is the fastest there is, `cpu:scalar` always the witness. */
export const devices = ['cpu', 'cpu:scalar'] as const;

/** Memory that a default process grants without complaint. */
const memoryMiBDefault = 2048;

/** Beyond this, threads wait for memory more than they compute. */
const threadsDefaultMax = 16;

const known = {
  memoryMiB: 'a whole number, MiB of arrays, at least 1',
  rowsMax: 'a whole number, images × chains of one run, at least 1',
  threads: 'a whole number from 1 to 64',
  simd: 'baseline or relaxed',
} as const;

type Option = keyof typeof known;

/**
 * The options of a URI on a processor. Throws InvalidRequestError for another device, an unknown option or a value that no
 * processor takes, naming what is allowed; UnsupportedError for what this processor does not have.
 */
export function parseCpuUri(uri: string, processor: Processor = thisProcessor()): CpuOptions {
  const [name = '', query = ''] = split(uri);
  const device = devices.find((candidate) => candidate === name);
  if (device === undefined) throw refused(`no device ${JSON.stringify(name)}; there are ${devices.join(', ')}`);
  const given = readOptions(uri, query);
  const limits = {
    device,
    memoryBytesMax: (wholeNumber(uri, given, 'memoryMiB') ?? memoryMiBDefault) * 2 ** 20,
    rowsMax: wholeNumber(uri, given, 'rowsMax') ?? Number.POSITIVE_INFINITY,
  };
  if (device === 'cpu:scalar') {
    const foreign = (['threads', 'simd'] as const).find((option) => given.has(option));
    if (foreign !== undefined) {
      throw refused(`${uri}: option ${foreign} is one of cpu; cpu:scalar is scalar code in one thread`);
    }
    return { ...limits, threads: 1, simd: null };
  }
  if (limits.memoryBytesMax > deviceMemoryMiBMax * 2 ** 20) {
    throw refused(
      `${uri}: memoryMiB is at most ${deviceMemoryMiBMax}, which is what kernels can address; cpu:scalar takes more`,
    );
  }
  const simd = simdOption(uri, given.get('simd'), processor);
  return { ...limits, simd, threads: simd === null ? 1 : threadsOption(uri, given, processor) };
}

function simdOption(uri: string, value: string | undefined, { variants }: Processor): SimdVariant | null {
  if (value === undefined) return variants[0] ?? null;
  if (value !== 'baseline' && value !== 'relaxed') throw badValue(uri, 'simd', value);
  if (!variants.includes(value)) {
    const present = variants.length === 0 ? 'no WebAssembly SIMD' : `only simd=${variants.join(', ')}`;
    throw new UnsupportedError(`simd=${value}`, `${uri}: this engine has ${present}`, { where: 'uri' });
  }
  return value;
}

function threadsOption(uri: string, given: ReadonlyMap<Option, string>, processor: Processor): number {
  const threads = wholeNumber(uri, given, 'threads');
  if (threads === undefined) return Math.min(processor.parallelism, processor.threadsMax, threadsDefaultMax);
  if (threads > 64) throw badValue(uri, 'threads', String(threads));
  if (threads > processor.threadsMax) {
    throw new UnsupportedError(
      `threads=${threads}`,
      `${uri}: this engine has ${processor.threadsMax} thread for kernels`,
      {
        where: 'uri',
      },
    );
  }
  return threads;
}

function readOptions(uri: string, query: string): ReadonlyMap<Option, string> {
  const given = new Map<Option, string>();
  for (const [key, value] of new URLSearchParams(query)) {
    const option = (Object.keys(known) as Option[]).find((name) => name === key);
    if (option === undefined) {
      throw refused(`${uri}: unknown option ${JSON.stringify(key)}; known: ${Object.keys(known).join(', ')}`);
    }
    if (given.has(option)) throw refused(`${uri}: option ${option} is given twice`);
    given.set(option, value);
  }
  return given;
}

function wholeNumber(uri: string, given: ReadonlyMap<Option, string>, option: Option): number | undefined {
  const value = given.get(option);
  if (value === undefined) return undefined;
  if (!/^[1-9]\d{0,14}$/.test(value)) throw badValue(uri, option, value);
  return Number(value);
}

const badValue = (uri: string, option: Option, value: string): InvalidRequestError =>
  refused(`${uri}: option ${option} is ${JSON.stringify(value)}; allowed: ${known[option]}`);

const refused = (message: string): InvalidRequestError => new InvalidRequestError(message, { where: 'uri' });

function split(uri: string): readonly string[] {
  const mark = uri.indexOf('?');
  return mark < 0 ? [uri] : [uri.slice(0, mark), uri.slice(mark + 1)];
}
