import { expect, test } from 'vitest';
import type { ProgramTensor } from '../program/program.ts';
import type { Bias } from '../program/program-json.ts';
import { biasValues, borderClasses } from './bias-values.ts';

const values = { tensor: 'h' };
function tensors(shape: number[], data: number[]): ReadonlyMap<string, ProgramTensor> {
  return new Map([['h', { dtype: 'F32', shape, data: Float32Array.from(data) }]]);
}

test('a class begins at its start and ends before the next', () => {
  expect([...borderClasses([0, 1, 4], 5)]).toEqual([0, 1, 1, 1, 2]);
  expect([...borderClasses([0], 3)]).toEqual([0, 0, 0]);
});

test('a spin bias is one value per spin and the caller owns the copy', () => {
  const t = tensors([2, 2], [1, 2, 3, 4]);
  const expanded = biasValues({ bank: 'b', gain: 'one', form: 'spin', values }, { shape: [2, 2] }, t);
  expect([...expanded]).toEqual([1, 2, 3, 4]);
  expanded[0] = 9;
  expect(t.get('h')?.data[0]).toBe(1);
});

test('a channel bias repeats over the map', () => {
  const bias: Bias = { bank: 'b', gain: 'one', form: 'channel', values };
  expect([...biasValues(bias, { shape: [2, 1, 3] }, tensors([2], [5, 6]))]).toEqual([5, 5, 5, 6, 6, 6]);
});

test('a border bias takes the value of its row and column class', () => {
  const bias: Bias = {
    bank: 'b',
    gain: 'one',
    form: 'border',
    values,
    border: {
      starts: [
        [0, 2],
        [0, 1, 2],
      ],
    },
  };
  const t = tensors([2, 2, 3], [11, 12, 13, 14, 15, 16, 21, 22, 23, 24, 25, 26]);
  // biome-ignore format: a map per line group
  expect([...biasValues(bias, { shape: [2, 3, 4] }, t)]).toEqual([
    11, 12, 13, 13,   11, 12, 13, 13,   14, 15, 16, 16,
    21, 22, 23, 23,   21, 22, 23, 23,   24, 25, 26, 26,
  ]);
});

test('a border bias of a rank-2 bank has classes along its one axis', () => {
  const bias: Bias = { bank: 'b', gain: 'one', form: 'border', values, border: { starts: [[0, 3]] } };
  expect([...biasValues(bias, { shape: [2, 4] }, tensors([2, 2], [1, 2, 3, 4]))]).toEqual([1, 1, 1, 2, 3, 3, 3, 4]);
});
