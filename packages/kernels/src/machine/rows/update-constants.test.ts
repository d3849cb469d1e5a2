import { activation, activationTable } from '@isinglass/sdk';
import { describe, expect, it } from 'vitest';
import {
  fieldLimitOf,
  fitsShortTable,
  inverseTableBytes,
  thresholdTableBytes,
  writeInverseTable,
  writeThresholdTable,
} from './update-constants.ts';

const fractionBitsAll = [4, 5, 6, 7, 8, 9, 10, 11, 12];
const shortOnes = fractionBitsAll.filter(fitsShortTable);

it('all fraction bits but the largest have the 16-bit form', () => {
  expect(shortOnes).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
});

describe.each(shortOnes)('with %i fraction bits', (fractionBits) => {
  const table = activationTable(fractionBits);
  const limit = fieldLimitOf(fractionBits);
  const T = (u: number): number => activation(table, fractionBits, u);

  it('x > inverse[r] is r < T, for every field and the draws about its T', () => {
    const address = 64;
    const i16 = new Int16Array((address + inverseTableBytes) / 2 + 1).fill(7);
    writeInverseTable(i16, address, fractionBits);
    // An entry's index is the draw as it lies in memory, r − 32768, read without sign.
    const isUp = (u: number, r: number): boolean =>
      u + 32767 - limit > (i16[address / 2 + ((r - 32768) & 0xffff)] as number);
    const wrong: { u: number; r: number }[] = [];
    for (let u = -limit; u <= limit; u++) {
      for (const r of [0, T(u) - 1, T(u), T(u) + 1, 65535]) {
        if (r >= 0 && r <= 65535 && isUp(u, r) !== r < T(u)) wrong.push({ u, r });
      }
    }
    expect(wrong).toEqual([]);
    // Nothing beside it is written.
    expect([i16[address / 2 - 1], i16.at(-1)]).toEqual([7, 7]);
  });

  it('no entry is less than one below the least x, none as large as the greatest', () => {
    const i16 = new Int16Array(inverseTableBytes / 2);
    writeInverseTable(i16, 0, fractionBits);
    expect(i16.every((entry) => entry >= 32766 - 2 * limit && entry < 32767)).toBe(true);
  });
});

it.each(fractionBitsAll)('the table of T is that of the law, 65536 as 65535, %i fraction bits', (fractionBits) => {
  const limit = fieldLimitOf(fractionBits);
  const i16 = new Int16Array(thresholdTableBytes(fractionBits) / 2);
  writeThresholdTable(i16, 0, fractionBits);
  const table = activationTable(fractionBits);
  const expected = Int16Array.from(i16, (_, n) => Math.min(65535, activation(table, fractionBits, n - limit)) - 32768);
  expect(Buffer.compare(Buffer.from(i16.buffer), Buffer.from(expected.buffer))).toBe(0);
});
