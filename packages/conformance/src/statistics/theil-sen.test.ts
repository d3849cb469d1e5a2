import { expect, it } from 'vitest';
import { RandomStream } from '../random/random-stream.ts';
import { theilSenSlope } from './theil-sen.ts';

it('a line has its slope, and one outlier in five points does not change it', () => {
  const x = [0, 1, 2, 3, 4];
  expect(theilSenSlope(x, [1, 3, 5, 7, 9])).toEqual({ slope: 2, low: 2, high: 2 });
  expect(theilSenSlope(x, [1, 3, 5, 7, 900]).slope).toBe(2);
  expect(theilSenSlope([0, 0, 1], [0, 5, 2]).slope).toBe(-0.5);
});

it('a slope needs two different x', () => {
  expect(() => theilSenSlope([1, 1], [0, 1])).toThrow(RangeError);
  expect(() => theilSenSlope([1], [0])).toThrow(RangeError);
  expect(() => theilSenSlope([1, 2], [0])).toThrow(RangeError);
});

/** H0: the interval covers 0.25 with 0.999; 200 lines of 60 points. More than 4 misses: below 2e-6. */
it('the interval covers the slope', () => {
  const random = new RandomStream(6n, 'slope');
  let missed = 0;
  for (let line = 0; line < 200; line++) {
    const x = Array.from({ length: 60 }, (_, n) => n);
    const y = x.map((each) => 0.25 * each + 10 * (random.uniform() + random.uniform()));
    const { slope, low, high } = theilSenSlope(x, y);
    expect(low).toBeLessThan(slope);
    expect(high).toBeGreaterThan(slope);
    if (low > 0.25 || high < 0.25) missed++;
  }
  expect(missed).toBeLessThanOrEqual(4);
});
