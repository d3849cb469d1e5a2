/** PNG files as u8 images `[C, H, W]`, converted to the number of channels that the program takes. */
import { InvalidRequestError } from '@isinglass/sdk';
import { convertIndexedToRgb, type DecodedPng, decode, hasPngSignature } from 'fast-png';

export interface PngImage {
  readonly shape: readonly [channels: number, height: number, width: number];
  /** Channel planes, row-major. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/** Whether the bytes begin as a PNG file does. */
export function isPng(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && hasPngSignature(bytes);
}

/**
 * One image with 1 (grey) or 3 (RGB) channels. RGB becomes grey by the Rec. 601 luma, grey becomes RGB by repetition;
 * an alpha channel must be opaque everywhere; 16-bit samples are scaled to 8 bits.
 */
export function readPng(bytes: Uint8Array, channels: 1 | 3, where: string): PngImage {
  const { width, height, samples, data } = decoded(bytes, where);
  const out = new Uint8Array(channels * width * height);
  const pixels = width * height;
  const coloured = samples >= 3;
  for (let p = 0; p < pixels; p++) {
    const at = p * samples;
    const red = data[at] as number;
    const green = coloured ? (data[at + 1] as number) : red;
    const blue = coloured ? (data[at + 2] as number) : red;
    if (samples % 2 === 0 && data[at + samples - 1] !== 255) {
      const place = `pixel ${p % width}, ${Math.floor(p / width)}`;
      throw wrong(where, `is transparent at ${place}; flatten it onto a background first`);
    }
    if (channels === 3) {
      out[p] = red;
      out[pixels + p] = green;
      out[2 * pixels + p] = blue;
    } else {
      out[p] = coloured ? Math.round(0.299 * red + 0.587 * green + 0.114 * blue) : red;
    }
  }
  return { shape: [channels, height, width], data: out };
}

/** Interleaved 8-bit samples: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA. */
function decoded(bytes: Uint8Array, where: string) {
  const png = decodedPng(bytes, where);
  const { width, height } = png;
  if (png.palette !== undefined) {
    const samples = png.palette[0]?.length ?? 3;
    return { width, height, samples, data: new Uint8Array(convertIndexedToRgb(png)) };
  }
  if (png.transparency !== undefined) throw wrong(where, 'has a transparent color; flatten it onto a background first');
  return { width, height, samples: png.channels, data: eightBit(png) };
}

function decodedPng(bytes: Uint8Array, where: string): DecodedPng {
  try {
    return decode(bytes, { checkCrc: true });
  } catch (cause) {
    throw new InvalidRequestError(`${where} cannot be decoded as PNG: ${String(cause)}`, { where, cause });
  }
}

/** Samples of any depth on 0 … 255. Depths below 8 are packed, every row beginning at a byte. */
function eightBit({ data, depth, width, height, channels }: DecodedPng): Uint8Array {
  const count = width * height * channels;
  if (depth === 8) return new Uint8Array(data.buffer, data.byteOffset, count);
  const out = new Uint8Array(count);
  if (depth === 16) return out.map((_, i) => Math.round((data[i] as number) / 257));
  const perByte = 8 / depth;
  const rowBytes = Math.ceil((width * channels) / perByte);
  const top = 2 ** depth - 1;
  return out.map((_, i) => {
    const row = Math.floor(i / (width * channels));
    const column = i % (width * channels);
    const byte = data[row * rowBytes + Math.floor(column / perByte)] as number;
    return ((byte >> (8 - depth * ((column % perByte) + 1))) & top) * (255 / top);
  });
}

function wrong(where: string, fact: string): InvalidRequestError {
  return new InvalidRequestError(`${where} ${fact}`, { where });
}
