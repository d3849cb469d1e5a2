/** Values that flow between stages, and how they change form at a block's border (semantics 2.7). */
import { HostStageError, InvalidRequestError } from '../errors/isinglass-error.ts';
import type { ValueSpec } from '../program/program-json.ts';
import { emptySpins, type PackedSpins, wordsPerRow } from '../spins/packed-spins.ts';
import type { HostTensor } from './host-runtime.ts';

export type StageValue = HostTensor | PackedSpins;

export function isSpins(value: StageValue): value is PackedSpins {
  return 'words' in value;
}

/** Elements of one image. */
export function elementsPerImage(spec: ValueSpec): number {
  return spec.shape.slice(1).reduce<number>((product, size) => product * (size === 'batch' ? 1 : size), 1);
}

/** The shape of a value of `images` images. */
export function shapeOf(spec: ValueSpec, images: number): readonly number[] {
  return spec.shape.map((size) => (size === 'batch' ? images : size));
}

/** As an ONNX graph takes it: spins become float32 ±1. */
export function toHostTensor(value: StageValue, spec: ValueSpec): HostTensor {
  if (!isSpins(value)) return value;
  return { dtype: 'f32', shape: shapeOf(spec, value.rows), data: spinsAsFloats(value) };
}

function spinsAsFloats({ rows, spinCount, words }: PackedSpins): Float32Array<ArrayBuffer> {
  const width = wordsPerRow(spinCount);
  const floats = new Float32Array(rows * spinCount);
  for (let row = 0; row < rows; row++) {
    const end = (row + 1) * spinCount;
    for (let w = 0; w < width; w++) {
      const first = row * spinCount + 32 * w;
      let word = words[row * width + w] as number;
      for (let i = first; i < Math.min(first + 32, end); i++) {
        floats[i] = 2 * (word & 1) - 1;
        word >>>= 1;
      }
    }
  }
  return floats;
}

/** As a pinned bank takes it: +1 where > 0, −1 where < 0, +1 at ±0. NaN has no spin: `producer` is the host stage to blame. */
export function toSpins(value: StageValue, spec: ValueSpec, producer?: string): PackedSpins {
  if (isSpins(value)) return value;
  const images = value.shape[0] ?? 0;
  const spinCount = elementsPerImage(spec);
  const packed = emptySpins(images, spinCount);
  const width = wordsPerRow(spinCount);
  const { data } = value;
  for (let image = 0; image < images; image++) {
    const end = (image + 1) * spinCount;
    for (let w = 0; w < width; w++) {
      const first = image * spinCount + 32 * w;
      const past = Math.min(first + 32, end);
      let up = 0;
      let down = 0;
      // No branch on the value (see `packSpins`); NaN is neither up nor down.
      for (let i = past - 1; i >= first; i--) {
        const x = data[i] as number | bigint;
        up = (up << 1) | Number(x >= 0);
        down = (down << 1) | Number(x < 0);
      }
      if ((up | down) >>> 0 !== -1 >>> (32 - (past - first))) throw notANumber(value, spec, producer);
      packed.words[image * width + w] = up;
    }
  }
  return packed;
}

function notANumber({ data }: HostTensor, spec: ValueSpec, producer: string | undefined): Error {
  const at = Array.prototype.findIndex.call(data, (x) => Number.isNaN(x));
  const size = elementsPerImage(spec);
  const message = `value "${spec.name}" is NaN at image ${Math.floor(at / size)}, element ${at % size}; allowed: numbers, whose sign is the spin`;
  if (producer === undefined) return new InvalidRequestError(message, { where: spec.name });
  return new HostStageError(`host stage "${producer}": ${message}`, { where: producer });
}

/** Images first … first + images − 1, in memory of their own. */
export function sliceImages(value: StageValue, first: number, images: number): StageValue {
  if (isSpins(value)) {
    const width = wordsPerRow(value.spinCount);
    const words = value.words.slice(first * width, (first + images) * width);
    return { words, rows: images, spinCount: value.spinCount };
  }
  const size = value.data.length / (value.shape[0] ?? 1);
  const shape = [images, ...value.shape.slice(1)];
  const [from, to] = [first * size, (first + images) * size];
  switch (value.dtype) {
    case 'f32':
      return { dtype: 'f32', shape, data: value.data.slice(from, to) };
    case 'u8':
      return { dtype: 'u8', shape, data: value.data.slice(from, to) };
    case 'i64':
      return { dtype: 'i64', shape, data: value.data.slice(from, to) };
    default:
      return value satisfies never;
  }
}

/** A zeroed value of `images` images. */
export function emptyValue(spec: ValueSpec, images: number): StageValue {
  const size = images * elementsPerImage(spec);
  const shape = shapeOf(spec, images);
  switch (spec.dtype) {
    case 'spin':
      return emptySpins(images, elementsPerImage(spec));
    case 'f32':
      return { dtype: 'f32', shape, data: new Float32Array(size) };
    case 'u8':
      return { dtype: 'u8', shape, data: new Uint8Array(size) };
    case 'i64':
      return { dtype: 'i64', shape, data: new BigInt64Array(size) };
    default:
      return spec.dtype satisfies never;
  }
}

/** Writes a batch's part of a value to where it belongs; both have the form of one spec. */
export function placeImages(whole: StageValue, part: StageValue, first: number): void {
  if (isSpins(whole) && isSpins(part)) {
    whole.words.set(part.words, first * wordsPerRow(whole.spinCount));
  } else if (!isSpins(whole) && !isSpins(part)) {
    const at = first * (part.data.length / (part.shape[0] ?? 1));
    if (whole.dtype === 'f32' && part.dtype === 'f32') whole.data.set(part.data, at);
    if (whole.dtype === 'u8' && part.dtype === 'u8') whole.data.set(part.data, at);
    if (whole.dtype === 'i64' && part.dtype === 'i64') whole.data.set(part.data, at);
  }
}

/** Bytes of one image of a value. */
export function bytesPerImage(spec: ValueSpec): number {
  const elements = elementsPerImage(spec);
  switch (spec.dtype) {
    case 'spin':
      return 4 * wordsPerRow(elements);
    case 'f32':
      return 4 * elements;
    case 'u8':
      return elements;
    case 'i64':
      return 8 * elements;
    default:
      return spec.dtype satisfies never;
  }
}
