/**
 * The reference fixed-law machine against the independent Python oracle, bit for bit. Compared in the order of the
 * oracle's README: the first that differs names the clause to look at.
 */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { blockCounts } from '../src/couplings/coupling-counts.ts';
import { activationTable } from '../src/law/activation-table.ts';
import { fixedBlock } from '../src/law/fixed-block.ts';
import { blockLayout } from '../src/program/block-layout.ts';
import { readProgram } from '../src/program/read-program.ts';
import { fixedStaticFields, runFixedLaw } from '../src/reference/index.ts';
import { compareReadouts, compareTrace, type VectorDifference } from '../src/testing/vector-check.ts';
import { vectorRun } from '../src/testing/vector-run.ts';
import { oracleVectors } from './oracle-vectors.ts';

test('the folder has every case', () => {
  expect(oracleVectors.cases.map(({ name }) => name)).toHaveLength(18);
});

describe.each(oracleVectors.cases)('$name', ({ vector, file }) => {
  const program = readProgram(file);
  const { block, run, expected } = vectorRun(vector, program);

  test('the program has the hash, counts, offsets and tables of the oracle', () => {
    expect(program.hash).toBe(vector.expected.programHash);
    expect(blockCounts(block, program.tensors)).toEqual(vector.expected.counts);
    const offsets = Object.fromEntries(blockLayout(block).map(({ bank, offset }) => [bank.id, offset]));
    expect(offsets).toEqual(vector.expected.offsets);
    const table = activationTable(block.fixed?.fractionBits ?? 0);
    const bytes = new DataView(new ArrayBuffer(4 * table.length));
    table.forEach((value, n) => {
      bytes.setUint32(4 * n, value, true);
    });
    expect(createHash('sha256').update(new Uint8Array(bytes.buffer)).digest('hex')).toBe(vector.expected.tableSha256);
  });

  test('multipliers, biases, bound, static fields, temperatures, states, traces, sums, signs are the oracle’s', () => {
    const fixed = fixedBlock(program, block, run.gains);
    expect(fixed.multipliers).toEqual(expected.multipliers);
    expect(fixed.biases).toEqual(expected.biases);
    expect(fixed.fieldBound).toBe(vector.expected.fieldBound);
    expect(fixedStaticFields(program, block, run)).toEqual(expected.staticFields);
    expect(run.temperatures ?? new Uint32Array(run.sweeps).fill(65536)).toEqual(expected.temperatures);
    const differences: VectorDifference[] = [];
    const traced: number[] = [];
    const result = runFixedLaw(program, {
      ...run,
      trace(sweep, banks) {
        traced.push(sweep);
        differences.push(...compareTrace({ block, run, expected }, sweep, banks));
      },
    });
    expect(traced).toEqual(Array.from({ length: run.sweeps + 1 }, (_, t) => t));
    expect(differences).toEqual([]);
    expect(compareReadouts({ block, run, expected }, result.readouts)).toEqual([]);
    expect(runFixedLaw(program, run).readouts).toEqual(result.readouts);
  });
});
