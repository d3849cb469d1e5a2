import { expect, test } from 'vitest';
import { ConstantsOfGains } from './constants-of-gains.ts';
import { Slicer } from './slicer.ts';

function counting() {
  let made = 0;
  const constants = new ConstantsOfGains(function* (gains) {
    yield;
    if (gains.delta === 0) throw new Error('no gain is 0');
    return { number: ++made, gains };
  });
  const of = (gains: Record<string, number>) => new Slicer([]).drain(constants.of(gains));
  return { constants, of };
}

test('the same gains, in whatever order, have the same constants; others have new ones', async () => {
  const { of } = counting();
  const first = await of({ delta: 0.5, other: 1 });
  expect(await of({ other: 1, delta: 0.5 })).toBe(first);
  expect(await of({ other: 1, delta: 0.25 })).toMatchObject({ number: 2, gains: { delta: 0.25 } });
  expect(await of({ delta: 0.5, other: 1 })).toMatchObject({ number: 3 });
});

test('what cannot be made is not remembered, and forgets nothing', async () => {
  const { constants, of } = counting();
  const first = await of({ delta: 1 });
  await expect(of({ delta: 0 })).rejects.toThrow('no gain is 0');
  expect(await of({ delta: 1 })).toBe(first);
  constants.forget();
  expect(await of({ delta: 1 })).toMatchObject({ number: 2 });
});
