import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { arithmeticVectors } from '../../test/oracle-vectors.ts';
import { activation, activationLimit, activationTable, feedForwardMean } from './activation-table.ts';

const vectors = arithmeticVectors();

test('the tables of every fractionBits are those of the oracle', () => {
  expect(vectors.tables.map((table) => table.k)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12]);
  for (const { k, entries, sha256, ends, at } of vectors.tables) {
    const table = activationTable(k);
    const bytes = new DataView(new ArrayBuffer(4 * table.length));
    table.forEach((value, n) => {
      bytes.setUint32(4 * n, value, true);
    });
    expect(table).toHaveLength(entries);
    expect([table[0], table.at(-1)]).toEqual(ends);
    expect(at.map(([j]) => [j, table[j + activationLimit(k)]])).toEqual(at);
    expect(createHash('sha256').update(new Uint8Array(bytes.buffer)).digest('hex')).toBe(sha256);
  }
});

test('an update gives +1 exactly for the draws below the table entry of its clamped field', () => {
  expect(vectors.sampleColumns).toEqual(['k', 'u', 'r', 'spin']);
  const sampled = vectors.sample.map(([k, u, r]) => [k, u, r, r < activation(activationTable(k), k, u) ? 1 : -1]);
  expect(sampled).toEqual(vectors.sample);
});

test('feed-forward means are those of the oracle', () => {
  expect(vectors.meanColumns).toEqual(['k', 'u', 'mean']);
  expect(vectors.mean.map(([k, u]) => [k, u, feedForwardMean(activationTable(k), k, u)])).toEqual(vectors.mean);
});

test('opposite fields have complementary entries and the ends are certain', () => {
  for (let k = 4; k <= 12; k++) {
    const table = activationTable(k);
    const limit = activationLimit(k);
    for (let j = 0; j <= limit; j++) {
      if (activation(table, k, j) + activation(table, k, -j) !== 65536) expect([k, j]).toEqual('complementary');
    }
    expect([activation(table, k, limit + 1), activation(table, k, -limit - 1)]).toEqual([65536, 0]);
  }
});
