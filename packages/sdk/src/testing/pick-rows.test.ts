import { expect, test } from 'vitest';
import { pickRows } from './pick-rows.ts';

test('rows are picked from every bank, in any order and more than once, and are copies', () => {
  const narrow = { words: Uint32Array.of(1, 2, 3), rows: 3, spinCount: 5 };
  const wide = { words: Uint32Array.of(10, 11, 20, 21, 30, 31), rows: 3, spinCount: 33 };
  const picked = pickRows({ narrow, wide }, Uint32Array.of(2, 0, 2));
  expect(picked).toEqual({
    narrow: { words: Uint32Array.of(3, 1, 3), rows: 3, spinCount: 5 },
    wide: { words: Uint32Array.of(30, 31, 10, 11, 30, 31), rows: 3, spinCount: 33 },
  });
  picked.narrow?.words.fill(9);
  expect(narrow.words).toEqual(Uint32Array.of(1, 2, 3));
  expect(pickRows({ narrow }, [])).toEqual({ narrow: { words: new Uint32Array(0), rows: 0, spinCount: 5 } });
});
