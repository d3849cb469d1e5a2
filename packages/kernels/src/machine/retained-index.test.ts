import { retainedIndex as ofTheSdk } from '@isinglass/sdk/machine-driver';
import { expect, test } from 'vitest';
import { retainedIndex } from './retained-index.ts';

test('threads retain the sweeps that the sdk says', () => {
  for (const burnIn of [0, 1, 2, 7]) {
    for (const stride of [1, 2, 3, 10]) {
      for (let t = 1; t <= 40; t++) expect(retainedIndex({ burnIn, stride }, t)).toBe(ofTheSdk({ burnIn, stride }, t));
    }
  }
});
