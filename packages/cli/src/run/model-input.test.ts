import { expect, it } from 'vitest';
import { normalisedPixels } from './model-input.ts';

it('pixels are normalised by the numbers of their channel, in float32, whatever the type they come in', () => {
  const shape = [2, 3, 1, 2];
  const pixels = Uint8Array.from({ length: 12 }, (_, i) => 23 * i);
  const input = { dtype: 'u8', scale: 1 / 255, mean: [0.1, 0.2, 0.3], std: [0.5, 0.25, 2] } as const;
  const expected = Float32Array.from(pixels, (pixel, i) => {
    const channel = Math.floor(i / 2) % 3;
    return (pixel / 255 - (input.mean[channel] as number)) / (input.std[channel] as number);
  });
  const found = normalisedPixels({ dtype: 'u8', shape, data: pixels }, input);
  expect(found).toMatchObject({ dtype: 'f32', shape });
  found.data.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] as number, 6);
  });
  const data = BigInt64Array.from(pixels, BigInt);
  expect(normalisedPixels({ dtype: 'i64', shape, data }, input)).toEqual(found);
  expect(normalisedPixels({ dtype: 'f32', shape, data: Float32Array.from(pixels) }, input)).toEqual(found);
  expect(pixels[1]).toBe(23);
});

it('pixels without numbers of their own are scaled to 0 … 1', () => {
  const { data } = normalisedPixels({ dtype: 'u8', shape: [1, 2], data: Uint8Array.from([0, 255]) }, { dtype: 'u8' });
  expect([...data]).toEqual([0, 1]);
});
