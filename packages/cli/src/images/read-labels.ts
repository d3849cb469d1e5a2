/** The true classes of images: one integer per image, from IDX (also gzipped) or `.npy`. */
import { InvalidRequestError } from '@isinglass/sdk';
import { firstItems, readTensorFile } from './read-images.ts';

export interface ReadLabelsOptions {
  /** How many images they label; more labels than images are an error unless `limit` cut the images. */
  readonly images: number;
  readonly limit?: number;
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
