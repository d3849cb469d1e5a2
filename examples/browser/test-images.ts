/** The MNIST test set that the repository ships: 10,000 images in two IDX files. */
import { fetchBytes } from './fetch-bytes.ts';
import { imageSide } from './program.ts';

/** Images are fetched with the first call of `testImage`. */
export const testImageCount = 10_000;

/** IDX: a magic number and a size per dimension, four bytes each, then the data. */
const imagesHeaderBytes = 16;
const labelsHeaderBytes = 8;

let fetched: Promise<readonly [images: Uint8Array<ArrayBuffer>, labels: Uint8Array<ArrayBuffer>]> | undefined;

export interface TestImage {
  /** Row by row from the top, 255 is ink. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** The digit that it shows. */
  readonly label: number;
}

/** One image, by its number from 0. */
export async function testImage(index: number): Promise<TestImage> {
  fetched ??= Promise.all([fetchBytes('test-images.idx3.gz'), fetchBytes('test-labels.idx1.gz')]);
  const [images, labels] = await fetched;
  const size = imageSide * imageSide;
  const start = imagesHeaderBytes + index * size;
  const label = labels[labelsHeaderBytes + index];
  if (label === undefined || start + size > images.length) throw new RangeError(`there is no test image ${index}`);
  return { pixels: images.slice(start, start + size), label };
}
