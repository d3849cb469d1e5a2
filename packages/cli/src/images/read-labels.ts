/** The true classes of images: one integer per image, from IDX (also gzipped) or `.npy`. */
import { InvalidRequestError } from '@isinglass/sdk';
import { firstItems, readTensorFile } from './read-images.ts';

export interface ReadLabelsOptions {
  /** How many images they label; more labels than images are an error unless `limit` cut the images. */
  readonly images: number;
  readonly limit?: number;
}

/** Throws when a label is none of the classes that the program tells apart: it could never be right. */
export function checkLabels(labels: readonly number[], classes: number, where: string): void {
  const place = labels.findIndex((label) => label < 0 || label >= classes);
  if (place < 0) return;
  throw new InvalidRequestError(
    `${where} has the label ${labels[place]} at image ${place}; the program tells ${classes} classes apart, 0 to ${classes - 1}`,
    { where },
  );
}

export function readLabels(path: string, { images, limit }: ReadLabelsOptions): readonly number[] {
  const tensor = firstItems(readTensorFile(path), limit);
  if (tensor.shape.length !== 1 || tensor.dtype === 'f32') {
    throw new InvalidRequestError(`${path} holds ${tensor.dtype} of shape [${tensor.shape}]; labels are integers [N]`, {
      where: path,
    });
  }
  const labels = Array.from(tensor.data, Number);
  if (labels.length === images) return labels;
  throw new InvalidRequestError(`${path} holds ${labels.length} labels for ${images} images`, { where: path });
}
