import { expect, it } from 'vitest';
import { RandomStream } from '../random/random-stream.ts';
import { energyTestP } from './two-sample.ts';

const random = (name: string): RandomStream => new RandomStream(8n, `two-sample/${name}`);
const rows = (n: number, shift: number, stream: RandomStream): Float64Array =>
  Float64Array.from({ length: 2 * n }, () => shift + stream.uniform());

it('the statistic is the energy distance by its definition', () => {
  const [a, b] = [
    [0, 1, 4],
    [2, 7],
  ];
  const mean = (x: readonly number[], y: readonly number[]): number =>
    x.flatMap((u) => y.map((v) => Math.abs(u - v))).reduce((sum, each) => sum + each, 0) / (x.length * y.length);
  const { statistic } = energyTestP({ values: a ?? [], width: 1 }, { values: b ?? [], width: 1 }, random('exact'), 10);
  expect(statistic).toBeCloseTo(2 * mean(a ?? [], b ?? []) - mean(a ?? [], a ?? []) - mean(b ?? [], b ?? []), 12);
});

it('p is that of all splits', () => {
  // Of the 20 splits of six points, two separate them as far as {1, 2, 3} and {11, 12, 13}.
  const { p } = energyTestP(
    { values: [1, 2, 3], width: 1 },
    { values: [11, 12, 13], width: 1 },
    random('splits'),
    20_000,
  );
  // Standard deviation 0.0021; 6 of them.
  expect(Math.abs(p - 0.1)).toBeLessThan(0.013);
});

it('shifted samples are told apart, equal points are not', () => {
  const stream = random('shift');
  const a = { values: rows(40, 0, stream), width: 2 };
  expect(energyTestP(a, { values: rows(40, 0.5, stream), width: 2 }, stream, 2000).p).toBeLessThan(0.001);
  expect(energyTestP({ values: [5, 5, 5], width: 1 }, { values: [5, 5], width: 1 }, stream, 100).p).toBe(1);
});

it('rows of different widths and empty samples are refused', () => {
  expect(() => energyTestP({ values: [1, 2], width: 2 }, { values: [1], width: 1 }, random('x'))).toThrow(RangeError);
  expect(() => energyTestP({ values: [], width: 1 }, { values: [1], width: 1 }, random('x'))).toThrow(RangeError);
  expect(() => energyTestP({ values: [1, 2, 3], width: 2 }, { values: [1, 2], width: 2 }, random('x'))).toThrow(
    RangeError,
  );
});
