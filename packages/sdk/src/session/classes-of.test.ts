import { expect, test } from 'vitest';
import { InvalidRequestError } from '../errors/isinglass-error.ts';
import { emptySpins } from '../spins/packed-spins.ts';
import { classesOf } from './classes-of.ts';

const f32 = (shape: readonly number[], numbers: readonly number[]) =>
  ({ dtype: 'f32', shape, data: Float32Array.from(numbers) }) as const;

test('the class of an image is its largest logit, the first of equals, also where all are negative', () => {
  expect(classesOf(f32([3, 3], [0, 2, 1, -3, -1, -2, 5, 5, 4]))).toEqual([1, 1, 0]);
  expect(classesOf(f32([0, 3], []))).toEqual([]);
  expect(classesOf(f32([1, 2], [Number.NEGATIVE_INFINITY, 0]))).toEqual([1]);
});

test('what has no classes is refused with what it is', () => {
  const refused = (value: Parameters<typeof classesOf>[0], text: RegExp): void => {
    expect(() => classesOf(value)).toThrow(InvalidRequestError);
    expect(() => classesOf(value)).toThrow(text);
  };
  refused(undefined, /no output/);
  refused(emptySpins(2, 7), /2 rows of 7 spins/);
  refused(f32([2, 1, 1], [1, 2]), /f32 \[2, 1, 1\]/);
  refused({ dtype: 'u8', shape: [1, 1], data: new Uint8Array(1) }, /u8/);
  refused(f32([2, 2], [0, 1, 0, Number.NaN]), /logit 1 of image 1/);
});
