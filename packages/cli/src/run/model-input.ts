/**
 * What the original network is given for a program's images. A program that takes pixels normalises them in its first
 * host stage; the network wants them normalised, by the numbers that the program's provenance keeps.
 */
import type { PixelInput } from '@isinglass/compiler';
import { type HostTensor, InvalidRequestError, type Program } from '@isinglass/sdk';
import { isRecord, pixelNumbers } from '../compile/pixel-input.ts';

/** The images themselves, or normalised floats when they are pixels. */
export function modelInput(program: Program, images: HostTensor): HostTensor {
  return images.dtype === 'u8' ? normalisedPixels(images, normalisationOf(program)) : images;
}

/** `(pixel · scale − mean) / std`; `images` are `[N, C, …]` where mean or std have one number per channel. */
export function normalisedPixels(images: HostTensor, { scale = 1 / 255, mean = 0, std = 1 }: PixelInput): HostTensor {
  const [, channels = 1, ...rest] = images.shape;
  const size = rest.reduce((product, axis) => product * axis, 1);
  const of = (values: number | readonly number[], channel: number): number =>
    typeof values === 'number' ? values : (values[channel] ?? Number.NaN);
  const data = images.dtype === 'i64' ? Float32Array.from(images.data, Number) : new Float32Array(images.data);
  for (let first = 0; first < data.length; first += size) {
    const channel = (first / size) % channels;
    const [shift, width] = [of(mean, channel), of(std, channel)];
    for (let i = first; i < first + size; i++) data[i] = ((data[i] as number) * scale - shift) / width;
  }
  return { dtype: 'f32', shape: images.shape, data };
}

/** The compiler keeps the options that it was given, as they were. */
function normalisationOf(program: Program): PixelInput {
  const { options } = program.json.provenance;
  const input = isRecord(options) ? options.input : undefined;
  if (isRecord(input) && input.dtype === 'u8') return pixelNumbers(input, 'provenance.options.input');
  throw new InvalidRequestError(
    'the program takes pixels but its provenance does not say how they are normalised: compile it with --input or --card',
    { where: 'provenance.options.input' },
  );
}
