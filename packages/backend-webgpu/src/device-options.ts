/** Options of a `webgpu` device URI: `webgpu?adapter=nvidia&power=high-performance&memoryMiB=4096&products=planes`. */
import { DeviceOptions } from '@isinglass/sdk';

export interface WebgpuOptions {
  /** A part of the adapter's name; undefined: the one that the implementation takes first. */
  readonly adapter: string | undefined;
  readonly power: GPUPowerPreference | undefined;
  /** Bytes of buffers that loaded blocks and one run may take together. */
  readonly memoryBytesMax: number;
  /** Rows (images × chains) of one run; Infinity: as many as fit into memory and buffers. */
  readonly rowsMax: number;
  /** `auto`: packed where the implementation has the instruction, else planes. */
  readonly products: 'auto' | 'packed' | 'planes';
  /** `small`: many sweeps of a small block are one dispatch. `nothing`: every block goes color by color. */
  readonly fuse: 'small' | 'nothing';
  /** Invocations of a workgroup. */
  readonly workgroup: number;
}

/** No implementation says how much memory a GPU has; those that people own have this much to spare. */
const memoryMiBDefault = 1024;

/** Two waves of the widest GPUs, and no more than every implementation allows. */
const workgroupDefault = 64;

const known = {
  adapter: 'a part of the name of a GPU',
  power: 'high-performance or low-power',
  memoryMiB: 'a whole number, MiB of buffers, at least 1',
  rowsMax: 'a whole number, images × chains of one run, at least 1',
  products: 'packed (four int8 at a time) or planes (bit by bit)',
  fuse: 'small (many sweeps of a small block are one dispatch) or nothing',
  workgroup: '32, 64, 128 or 256',
} as const;

/** Throws InvalidRequestError for an unknown option or value, naming what is allowed. */
export function parseWebgpuUri(uri: string): WebgpuOptions {
  const given = new DeviceOptions(uri, { devices: ['webgpu'], known });
  const workgroup = given.oneOf('workgroup', ['32', '64', '128', '256']);
  return {
    adapter: given.text('adapter'),
    power: given.oneOf('power', ['high-performance', 'low-power']),
    memoryBytesMax: (given.wholeNumber('memoryMiB') ?? memoryMiBDefault) * 2 ** 20,
    rowsMax: given.wholeNumber('rowsMax') ?? Number.POSITIVE_INFINITY,
    products: given.oneOf('products', ['packed', 'planes']) ?? 'auto',
    fuse: given.oneOf('fuse', ['small', 'nothing']) ?? 'small',
    workgroup: workgroup === undefined ? workgroupDefault : Number(workgroup),
  };
}
