import type { DriverRun, PackedSpins } from '@isinglass/sdk';
import { describe, expect, test } from 'vitest';
import { blockConstants } from './block-constants.ts';
import { blockStructure } from './block-structure.ts';
import { FixedMachine } from './fixed-machine.ts';
import { caseNames, hexWords, oracleCase, oracleRun, traceHash } from './fixtures/oracle-vectors.ts';

describe('the vectors of the Python oracle', () => {
  test('there are 18 of them', () => expect(caseNames.length).toBe(18));

  test.each(caseNames)('%s: constants', async (name) => {
    const { vector, program } = await oracleCase(name);
    const structure = blockStructure(program, vector.block);
    const { multipliers, B, fieldBound } = blockConstants(structure, vector.request.gains ?? {});
    expect(fieldBound).toBe(vector.expected.fieldBound);
    const byId = structure.couplings.map(({ coupling }, n) => [coupling.id, multipliers[n]]);
    expect(Object.fromEntries(byId)).toEqual(vector.expected.multipliers);
    for (const { id, free, first, spins } of structure.banks) {
      if (free) expect([...B.slice(first, first + spins)]).toEqual(vector.expected.B[id]);
    }
  });

  test.each(caseNames)('%s: every traced sweep, sum, sign and state', async (name) => {
    const oracle = await oracleCase(name);
    const { vector, program, block } = oracle;
    const { traceSweeps, traceHashes, sums, signs, stateReadouts } = vector.expected;
    const run = oracleRun(oracle);
    const rows = run.images.length * run.chains;
    const hashes: string[][] = Array.from({ length: rows }, () => []);
    const trace = (sweep: number, banks: Readonly<Record<string, PackedSpins>>): void => {
      if (!traceSweeps.includes(sweep)) return;
      for (let row = 0; row < rows; row++) hashes[row]?.push(rowHash(banks, row));
    };
    const loaded = await new FixedMachine().load(program, {});
    const q: DriverRun = { ...run, trace, signal: new AbortController().signal };
    const { readouts } = await loaded.run(q);
    expect(hashes).toEqual(traceHashes);
    for (const [n, { id, observable }] of block.readouts.entries()) {
      const found = readouts[n];
      if (observable === 'state') {
        expect(found?.states?.words).toEqual(hexWords((stateReadouts[id] ?? []).flat(3)));
      } else {
        expect(found?.sums).toEqual(Int32Array.from(sums[id]?.flat() ?? []));
        expect(found?.signs?.words).toEqual(hexWords(signs[id]?.flat() ?? []));
      }
    }
  });
});

/** Of all banks of one row, in declared order. */
function rowHash(banks: Readonly<Record<string, PackedSpins>>, row: number): string {
  const words = Object.values(banks).flatMap(({ words, rows }) => {
    const stride = words.length / rows;
    return [...words.subarray(row * stride, (row + 1) * stride)];
  });
  return traceHash(Uint32Array.from(words));
}
