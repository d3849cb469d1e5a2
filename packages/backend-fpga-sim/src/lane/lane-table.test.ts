import { expect, test } from 'vitest';
import { type Activation, thresholdTable } from '../arithmetic/activation.ts';
import { laneTable, lookUp, writtenOut } from './lane-table.ts';

const activations: readonly Activation[] = [
  { kind: 'exact', thresholdBits: 16 },
  { kind: 'table', entries: 16, thresholdBits: 16 },
  { kind: 'table', entries: 512, thresholdBits: 8 },
  { kind: 'table', entries: 65_536, thresholdBits: 16 },
  { kind: 'clip', fieldMax: 1, thresholdBits: 16 },
  { kind: 'clip', fieldMax: 8, thresholdBits: 8 },
];

test.for(activations.map((activation) => [JSON.stringify(activation), activation] as const))(
  '%s: half a table gives the threshold of every field',
  ([, activation]) => {
    for (const fractionBits of [4, 7, 12]) {
      const thresholds = thresholdTable(activation, fractionBits);
      const limit = (thresholds.length - 1) / 2;
      const { shift, words } = laneTable(activation, fractionBits);
      const found = thresholds.map((_, n) => lookUp(words, shift, words.length - 1, n - limit));
      expect(found).toEqual(thresholds);
      const whole = writtenOut(words, shift, words.length - 1);
      expect(whole.thresholds).toEqual(thresholds.slice(limit - whole.limit, limit + whole.limit + 1));
      for (const beyond of [0, limit - whole.limit]) {
        expect([thresholds[limit + whole.limit + beyond], thresholds[limit - whole.limit - beyond]]).toEqual([
          whole.thresholds.at(-1),
          whole.thresholds[0],
        ]);
      }
      for (const field of [limit + 1, 2 ** 26, 2 ** 31 - 1, -(2 ** 31)]) {
        const end = thresholds[field < 0 ? 0 : 2 * limit];
        expect(lookUp(words, shift, words.length - 1, field)).toBe(end);
      }
    }
  },
);
