/**
 * The container of a program file (semantics 8.1): a safetensors file whose metadata holds the program's JSON.
 *
 *   u64 header length │ JSON header, padded with spaces to a multiple of 8 │ tensor bytes, no holes
 *
 * Reading allocates nothing that grows with a number in the file before that number is checked against the file's
 * size: tensors are views of the file where their alignment allows.
 */
import { memberPath } from './json-path.ts';
import { compareNames } from './name-order.ts';
import type { Dtype, ProgramTensor } from './program.ts';
import { parseStrictJson } from './strict-json.ts';
import { elementBytes, elementCount, isDtype, shapeText, tensorBytes, tensorFrom } from './tensor-types.ts';
import { type Violation, ViolationList } from './violation.ts';

/** The reference implementation of safetensors refuses headers above this many bytes. */
const headerBytesMax = 100_000_000;
const metadataName = '__metadata__';

export interface Container {
  /** The program's JSON as it stands in the metadata, not yet parsed. */
  readonly programText: string;
  /** In the order of the header. */
  readonly tensors: ReadonlyMap<string, ProgramTensor>;
}

export type ContainerReading =
  | ({ readonly kind: 'container' } & Container)
  | { readonly kind: 'invalid'; readonly violations: readonly Violation[] };

interface TensorPlace {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** Takes a file apart. Every P101 of the header is listed. */
export function readContainer(input: Uint8Array): ContainerReading {
  const file = ownBytes(input);
  const found = new ViolationList();
  const refuse = (where: string, message: string) => found.add('P101', where, message);
  const container = takeApart(file, refuse);
  if (container === undefined || found.count > 0) return { kind: 'invalid', violations: found.list() };
  return { kind: 'container', ...container };
}

type Refuse = (where: string, message: string) => void;

function takeApart(file: Uint8Array<ArrayBuffer>, refuse: Refuse): Container | undefined {
  const header = readHeader(file, refuse);
  if (header === undefined) return undefined;
  const programText = readMetadata(header.json[metadataName], refuse);
  const entries = Object.entries(header.json).filter(([name]) => name !== metadataName);
  const places = entries.map(([name, entry]) => readPlace(name, entry, refuse));
  const known = places.filter((place) => place !== undefined);
  // A tensor of unknown place leaves a hole that is not a fault of its neighbours.
  if (known.length < places.length) return undefined;
  checkLayout(known, file.length - header.end, refuse);
  if (programText === undefined) return undefined;
  const inFile = (place: TensorPlace) => {
    const at = { ...place, begin: header.end + place.begin, end: header.end + place.end };
    return at.end <= file.length && (at.end - at.begin) % elementBytes(place.dtype) === 0
      ? tensorFrom(file, at)
      : undefined;
  };
  const tensors = new Map<string, ProgramTensor>();
  for (const place of known) {
    const tensor = inFile(place);
    if (tensor !== undefined) tensors.set(place.name, tensor);
  }
  return { programText, tensors };
}

/** The bytes as a view of memory that is not shared: shared memory could change after it was checked. */
function ownBytes(input: Uint8Array): Uint8Array<ArrayBuffer> {
  return input.buffer instanceof ArrayBuffer ? (input as Uint8Array<ArrayBuffer>) : new Uint8Array(input);
}

function readHeader(
  file: Uint8Array<ArrayBuffer>,
  refuse: Refuse,
): { readonly json: Readonly<Record<string, unknown>>; readonly end: number } | undefined {
  if (file.length < 8) {
    refuse(`byte ${file.length}`, `the file ends inside the header length: ${file.length} bytes of at least 8`);
    return undefined;
  }
  const length = new DataView(file.buffer, file.byteOffset, 8).getBigUint64(0, true);
  const rest = file.length - 8;
  if (length > BigInt(rest)) {
    refuse('bytes 0-7', `the header length is ${length}, the rest of the file has ${rest} bytes`);
    return undefined;
  }
  if (length > BigInt(headerBytesMax)) {
    refuse('bytes 0-7', `the header length is ${length}, above ${headerBytesMax}`);
    return undefined;
  }
  if (length % 8n !== 0n) {
    refuse('bytes 0-7', `the header length ${length} is not a multiple of 8`);
    return undefined;
  }
  const end = 8 + Number(length);
  const json = parseHeader(file.subarray(8, end), refuse);
  return json === undefined ? undefined : { json, end };
}

function parseHeader(bytes: Uint8Array, refuse: Refuse): Readonly<Record<string, unknown>> | undefined {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    refuse('header', 'the header is not UTF-8');
    return undefined;
  }
  if (!text.startsWith('{')) {
    refuse('byte 8', 'the header does not begin with {');
    return undefined;
  }
  const parsed = parseStrictJson(text, { integersOnly: true, root: 'header' });
  if (parsed.kind === 'not-json') {
    const byte = 8 + new TextEncoder().encode(text.slice(0, parsed.position)).length;
    refuse(`byte ${byte}`, `the header is not JSON: ${parsed.message}`);
    return undefined;
  }
  const json = text.trimEnd();
  if (!/^ *$/.test(text.slice(json.length))) {
    refuse('header', 'the header is padded with something else than spaces');
    return undefined;
  }
  for (const fault of parsed.faults) refuse(fault.where, fault.message);
  return parsed.faults.length > 0 || !isObject(parsed.value) ? undefined : parsed.value;
}

/** The program's text, when the metadata has exactly `format` and `isinglass`. */
function readMetadata(metadata: unknown, refuse: Refuse): string | undefined {
  const at = `header.${metadataName}`;
  if (!isObject(metadata)) {
    refuse(at, 'the metadata is missing: this is not a program file');
    return undefined;
  }
  for (const key of Object.keys(metadata)) {
    if (key !== 'format' && key !== 'isinglass') refuse(memberPath(at, key), 'unknown metadata key');
  }
  if (metadata.format !== 'isg') refuse(`${at}.format`, `format is ${shown(metadata.format)}, not "isg"`);
  if (typeof metadata.isinglass === 'string') return metadata.isinglass;
  refuse(`${at}.isinglass`, 'the program text is missing');
  return undefined;
}

function readPlace(name: string, entry: unknown, refuse: Refuse): TensorPlace | undefined {
  const at = memberPath('header', name);
  if (!isObject(entry)) {
    refuse(at, 'an object with dtype, shape and data_offsets belongs here');
    return undefined;
  }
  for (const key of Object.keys(entry)) {
    if (!['dtype', 'shape', 'data_offsets'].includes(key)) refuse(memberPath(at, key), 'unknown key');
  }
  const { dtype, shape, data_offsets: offsets } = entry;
  const known = isDtype(dtype);
  if (!known) refuse(`${at}.dtype`, `no such dtype: ${shown(dtype)}`);
  const sized = isSizes(shape);
  if (!sized) refuse(`${at}.shape`, 'a list of integers ≥ 0 belongs here');
  const [begin, end] = isSizes(offsets) && offsets.length === 2 ? offsets : [];
  const placed = begin !== undefined && end !== undefined && begin <= end;
  if (!placed) refuse(`${at}.data_offsets`, 'two integers 0 ≤ begin ≤ end belong here');
  if (!known || !sized || !placed) return undefined;
  const bytes = elementBytes(dtype);
  if (elementCount(shape) * bytes !== end - begin) {
    const needed = `${elementCount(shape)} elements of ${bytes} bytes`;
    refuse(`${at}.shape`, `shape ${shapeText(shape)} has ${needed}, the tensor has ${end - begin} bytes`);
  }
  return { name, dtype, shape, begin, end };
}

/** No holes, no overlap, every tensor aligned, and the last one ends where the file ends. */
function checkLayout(places: readonly TensorPlace[], dataBytes: number, refuse: Refuse): void {
  // Of tensors with one begin: empty ones first, then the longest, which the others overlap.
  const isEmpty = (p: TensorPlace) => (p.begin === p.end ? 0 : 1);
  const order = places.toSorted((a, b) => a.begin - b.begin || isEmpty(a) - isEmpty(b) || b.end - a.end);
  let at = 0;
  for (const place of order) {
    const where = `${memberPath('header', place.name)}.data_offsets`;
    if (place.begin < at)
      refuse(where, `begins at byte ${place.begin}, inside the tensor before it, which ends at ${at}`);
    if (place.begin > at)
      refuse(where, `begins at byte ${place.begin}; ${place.begin - at} bytes before it belong to no tensor`);
    at = Math.max(at, place.end);
  }
  // One misaligned tensor misaligns those after it: the first in the file is the one to move.
  const misaligned = order.find((place) => place.begin % elementBytes(place.dtype) !== 0);
  if (misaligned !== undefined) {
    const { name, dtype, begin } = misaligned;
    const where = `${memberPath('header', name)}.data_offsets`;
    refuse(where, `${dtype} data begins at byte ${begin}, which is not a multiple of ${elementBytes(dtype)}`);
  }
  if (at > dataBytes) refuse('last byte', `the tensors have ${at} bytes, the file has ${dataBytes} after its header`);
  if (at < dataBytes) refuse('end', `${dataBytes - at} bytes follow the last tensor`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** Puts a file together, tensors by descending element size and then by name, so that each is aligned. */
export function writeContainer(container: Container): Uint8Array<ArrayBuffer> {
  const order = [...container.tensors].sort(
    ([a, x], [b, y]) => elementBytes(y.dtype) - elementBytes(x.dtype) || compareNames(a, b),
  );
  let at = 0;
  const entries = order.map(([name, { dtype, shape, data }]) => {
    const entry = { dtype, shape, data_offsets: [at, at + data.byteLength] };
    at += data.byteLength;
    return `${JSON.stringify(name)}:${JSON.stringify(entry)}`;
  });
  const metadata = JSON.stringify({ format: 'isg', isinglass: container.programText });
  const header = new TextEncoder().encode(`{${[`"${metadataName}":${metadata}`, ...entries].join(',')}}`);
  const headerBytes = 8 * Math.ceil(header.length / 8);
  const file = new Uint8Array(8 + headerBytes + at);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.fill(0x20, 8, 8 + headerBytes);
  file.set(header, 8);
  at = 8 + headerBytes;
  for (const [, tensor] of order) {
    file.set(tensorBytes(tensor), at);
    at += tensor.data.byteLength;
  }
  return file;
}
