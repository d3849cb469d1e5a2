/**
 * Images for a program's input from a file of any known kind (told by its first bytes, not by its name), or from a
 * folder of PNG files. Only what is unambiguous is converted: axes of size 1, flattening, grey and RGB.
 */
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type HostTensor, InvalidRequestError, type ValueSpec } from '@isinglass/sdk';
import { gunzip, isGzip, isIdx, readIdx } from './idx.ts';
import { readInputFile, unreadable } from './input-file.ts';
import { isNpy, readNpy } from './npy.ts';
import { isPng, readPng } from './png.ts';

export interface ReadImagesOptions {
  /** Take only the first so many. */
  readonly limit?: number;
}

/** The first axis of the result is the number of images, the others are the input's. */
export function readImages(path: string, input: ValueSpec, o: ReadImagesOptions = {}): HostTensor {
  const tensor = statOf(path).isDirectory() ? readPngFolder(path, input, o) : readImageFile(path, input);
  return firstItems(inShapeOf(tensor, input, path), o.limit);
}

function readImageFile(path: string, input: ValueSpec): HostTensor {
  const raw = readInputFile(path);
  if (isPng(raw)) return stacked([readPng(raw, channelsOf(input, path), basename(path))]);
  return readTensor(raw, path);
}

/** An IDX (also gzipped) or `.npy` file. */
export function readTensorFile(path: string): HostTensor {
  return readTensor(readInputFile(path), path);
}

function readTensor(raw: Uint8Array<ArrayBuffer>, path: string): HostTensor {
  const where = basename(path);
  const bytes = isGzip(raw) ? gunzip(raw, where) : raw;
  if (isNpy(bytes)) return readNpy(bytes, where);
  if (isIdx(bytes)) return readIdx(bytes, where);
  throw new InvalidRequestError(`${path} is neither IDX (plain or gzipped), .npy nor PNG`, { where: path });
}

/** In the order of their names, numbers by value: 2.png before 10.png. */
function readPngFolder(path: string, input: ValueSpec, { limit }: ReadImagesOptions): HostTensor {
  const names = namesIn(path)
    .filter((name) => name.toLowerCase().endsWith('.png'))
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  if (names.length === 0) throw new InvalidRequestError(`${path} holds no .png file`, { where: path });
  const channels = channelsOf(input, path);
  return stacked(names.slice(0, limit).map((name) => readPng(readInputFile(join(path, name)), channels, name)));
}

type ReadPng = ReturnType<typeof readPng>;

function stacked(images: readonly ReadPng[]): HostTensor {
  const shape = images[0]?.shape ?? [0, 0, 0];
  const size = shape.reduce((product, axis) => product * axis, 1);
  const data = new Uint8Array(images.length * size);
  images.forEach((image, n) => {
    if (image.data.length !== size || image.shape[1] !== shape[1]) {
      throw new InvalidRequestError(`image ${n} has shape [${image.shape}], image 0 [${shape}]: all must be alike`, {
        where: `image ${n}`,
      });
    }
    data.set(image.data, n * size);
  });
  return { dtype: 'u8', shape: [images.length, ...shape], data };
}

/** The channels of an input `[C, H, W]`; inputs without a channel axis take grey. */
function channelsOf(input: ValueSpec, where: string): 1 | 3 {
  const channels = input.shape.length === 4 ? input.shape[1] : 1;
  if (channels === 1 || channels === 3) return channels;
  throw new InvalidRequestError(`the program takes ${channels} channels, PNG files have 1 or 3; use .npy`, { where });
}

/** The same data under the input's shape, where only axes of size 1 differ or the input is flat. */
function inShapeOf(tensor: HostTensor, input: ValueSpec, where: string): HostTensor {
  const wanted = input.shape.slice(1).map(Number);
  const [count = 1, ...given] = tensor.shape;
  const product = (sizes: readonly number[]) => sizes.reduce((a, b) => a * b, 1);
  const essential = (sizes: readonly number[]) => sizes.filter((size) => size !== 1).join();
  const flat = wanted.length === 1 && product(given) === product(wanted);
  if (flat || essential(given) === essential(wanted)) return { ...tensor, shape: [count, ...wanted] };
  if (essential(tensor.shape) === essential(wanted)) return { ...tensor, shape: [1, ...wanted] };
  const channelsLast = essential([...given.slice(-1), ...given.slice(0, -1)]) === essential(wanted);
  const remedy = channelsLast ? '; the channels are last: transpose to [N, C, H, W]' : '';
  throw new InvalidRequestError(
    `${where} holds images of shape [${given}], the program's input ${input.name} takes [${wanted}]${remedy}`,
    { where },
  );
}

/** The first `limit` items along the first axis. */
export function firstItems(tensor: HostTensor, limit: number | undefined): HostTensor {
  const [count = 0, ...rest] = tensor.shape;
  if (limit === undefined || limit >= count) return tensor;
  const size = rest.reduce((product, axis) => product * axis, 1);
  return { ...tensor, shape: [limit, ...rest], data: tensor.data.slice(0, limit * size) } as HostTensor;
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function statOf(path: string) {
  try {
    return statSync(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}
