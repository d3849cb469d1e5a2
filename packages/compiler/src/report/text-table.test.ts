import { describe, expect, it } from 'vitest';
import { percent, shortCount, textTable } from './text-table.ts';

describe('a text table', () => {
  it('aligns words left and numbers right, without trailing blanks', () => {
    expect(
      textTable(
        ['name', 'count', 'why'],
        [
          ['k1', '5', 'a'],
          ['longer', '1000', ''],
        ],
      ),
    ).toBe(['  name    count  why', '  k1          5  a', '  longer   1000'].join('\n'));
  });
});

describe('numbers for people', () => {
  it.each([
    [0, '0'],
    [9999, '9999'],
    [10_000, '10 k'],
    [12_345, '12.35 k'],
    [999_940, '999.9 k'],
    [999_960, '1 M'],
    [5.07e9, '5.07 G'],
    [31.75e12, '31.75 T'],
  ])('writes %d as %s', (value, text) => {
    expect(shortCount(value)).toBe(text);
  });

  it('writes shares as percent', () => {
    expect([percent(0.991234), percent(1), percent(0)]).toEqual(['99.12 %', '100 %', '0 %']);
  });
});
