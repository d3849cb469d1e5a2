/** Options of a `cpu` device URI: `cpu?threads=4&simd=baseline&memoryMiB=3000&rowsMax=256`. */
import type { SimdVariant } from '@isinglass/kernels';
import { deviceMemoryMiBMax, type UriWithMemory } from '@isinglass/kernels/machine';
import { DeviceOptions, InvalidRequestError, UnsupportedError } from '@isinglass/sdk';
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

/**
 * The options of a URI on a processor. Throws InvalidRequestError for another device, an unknown option or a value that no
 * processor takes, naming what is allowed; UnsupportedError for what this processor does not have.
 */
export function parseCpuUri(uri: string, processor: Processor = thisProcessor()): CpuOptions {
  const given = new DeviceOptions(uri, { devices, known });
  const device = given.device as CpuOptions['device'];
  const limits = {
    device,
    memoryBytesMax: (given.wholeNumber('memoryMiB') ?? memoryMiBDefault) * 2 ** 20,
    rowsMax: given.wholeNumber('rowsMax') ?? Number.POSITIVE_INFINITY,
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
  const simd = simdOption(uri, given, processor);
  return { ...limits, simd, threads: simd === null ? 1 : threadsOption(uri, given, processor) };
}

/** The device that has so much memory: beyond what kernels can address there is still the scalar machine. */
export const uriWithMemory =
  ({ device }: CpuOptions): UriWithMemory =>
  (mebibytes) =>
    `${mebibytes > deviceMemoryMiBMax ? 'cpu:scalar' : device}?memoryMiB=${mebibytes}`;

type Given = DeviceOptions<keyof typeof known>;

function simdOption(uri: string, given: Given, { variants }: Processor): SimdVariant | null {
  const value = given.oneOf('simd', ['baseline', 'relaxed']);
  if (value === undefined) return variants[0] ?? null;
  if (!variants.includes(value)) {
    const present = variants.length === 0 ? 'no WebAssembly SIMD' : `only simd=${variants.join(', ')}`;
    throw new UnsupportedError(`simd=${value}`, `${uri}: this engine has ${present}`, { where: 'uri' });
  }
  return value;
}

function threadsOption(uri: string, given: Given, processor: Processor): number {
  const threads = given.wholeNumber('threads');
  if (threads === undefined) return Math.min(processor.parallelism, processor.threadsMax, threadsDefaultMax);
  if (threads > 64) throw given.bad('threads', String(threads));
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

const refused = (message: string): InvalidRequestError => new InvalidRequestError(message, { where: 'uri' });
