import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { activation, activationTable, feedForwardMean, plusDrawsOfReal } from './activation.ts';
import { oracleArithmetic } from './fixtures/oracle-vectors.ts';

test('tables are those of the Python oracle', () => {
  expect(oracleArithmetic.tables.map(({ k }) => k)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12]);
  for (const { k, sha256, at } of oracleArithmetic.tables) {
    const table = activationTable(k);
    const bytes = new Uint8Array(Uint32Array.from(table).buffer);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    for (const [j, T] of at) expect(activation(table, j)).toBe(T);
  }
});

test('the BigInt table is the one that Math.exp gives', () => {
  for (let k = 4; k <= 12; k++) {
    const limit = 8 * 2 ** k;
    const table = activationTable(k);
    const byFloat = table.map((_, n) => Math.round(65536 / (1 + Math.exp((-2 * (n - limit)) / 2 ** k))));
    expect(table).toEqual(byFloat);
  }
});

test('samples and feed-forward means are those of the Python oracle', () => {
  for (const [k, u, r, spin] of oracleArithmetic.sample) {
    expect(r < activation(activationTable(k), u) ? 1 : -1, `k ${k}, u ${u}, r ${r}`).toBe(spin);
  }
  for (const [k, u, mean] of oracleArithmetic.mean) expect(feedForwardMean(activationTable(k), u)).toBe(mean);
});

test('the real law counts the numbers r with (r + 0.5)/65536 below σ(2x)', () => {
  for (const x of [-20, -5.8, -1, -1e-5, 0, 1e-5, 0.3, 2, 5.8, 20]) {
    const sigma = 1 / (1 + Math.exp(-2 * x));
    let n = 0;
    for (let r = 0; r < 65536; r++) if ((r + 0.5) / 65536 < sigma) n++;
    expect(plusDrawsOfReal(x)).toBe(n);
  }
});
