/** Options of a `webgpu` device URI: `webgpu?adapter=nvidia&power=high-performance&memoryMiB=4096&products=planes`. */
import { InvalidRequestError } from '@isinglass/sdk';

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

type Option = keyof typeof known;

/** Throws InvalidRequestError for an unknown option or value, naming what is allowed. */
export function parseWebgpuUri(uri: string): WebgpuOptions {
  const mark = uri.indexOf('?');
  const name = mark < 0 ? uri : uri.slice(0, mark);
  if (name !== 'webgpu') throw refused(`no device ${JSON.stringify(name)}; there is webgpu`);
  const given = readOptions(uri, mark < 0 ? '' : uri.slice(mark + 1));
  const power = given.get('power');
  if (power !== undefined && power !== 'high-performance' && power !== 'low-power') throw bad(uri, 'power', power);
  const products = given.get('products') ?? 'auto';
  if (products !== 'auto' && products !== 'packed' && products !== 'planes') throw bad(uri, 'products', products);
  const fuse = given.get('fuse') ?? 'small';
  if (fuse !== 'small' && fuse !== 'nothing') throw bad(uri, 'fuse', fuse);
  const workgroup = wholeNumber(uri, given, 'workgroup') ?? workgroupDefault;
  if (![32, 64, 128, 256].includes(workgroup)) throw bad(uri, 'workgroup', String(workgroup));
  return {
    adapter: given.get('adapter'),
    power,
    memoryBytesMax: (wholeNumber(uri, given, 'memoryMiB') ?? memoryMiBDefault) * 2 ** 20,
    rowsMax: wholeNumber(uri, given, 'rowsMax') ?? Number.POSITIVE_INFINITY,
    products,
    fuse,
    workgroup,
  };
}

function readOptions(uri: string, query: string): ReadonlyMap<Option, string> {
  const given = new Map<Option, string>();
  for (const [key, value] of new URLSearchParams(query)) {
    const option = (Object.keys(known) as Option[]).find((name) => name === key);
    if (option === undefined) {
      throw refused(`${uri}: unknown option ${JSON.stringify(key)}; known: ${Object.keys(known).join(', ')}`);
    }
    if (given.has(option)) throw refused(`${uri}: option ${option} is given twice`);
    if (value === '') throw bad(uri, option, value);
    given.set(option, value);
  }
  return given;
}

function wholeNumber(uri: string, given: ReadonlyMap<Option, string>, option: Option): number | undefined {
  const value = given.get(option);
  if (value === undefined) return undefined;
  if (!/^[1-9]\d{0,14}$/.test(value)) throw bad(uri, option, value);
  return Number(value);
}

const bad = (uri: string, option: Option, value: string): InvalidRequestError =>
  refused(`${uri}: option ${option} is ${JSON.stringify(value)}; allowed: ${known[option]}`);

const refused = (message: string): InvalidRequestError => new InvalidRequestError(message, { where: 'uri' });
