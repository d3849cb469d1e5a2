/**
 * The file level of a vector: what the sdk makes of the program, before any device. The order of comparison is that of
 * the clauses, so that the first difference names the clause to look at.
 */
import { blockCounts, blockLayout, type FixedBlock, fixedBlock, type Program } from '@isinglass/sdk';
import { fixedStaticFields } from '@isinglass/sdk/reference';
import type { Vector, VectorDifference, VectorRun } from '@isinglass/sdk/testing';
import { activationHash } from './activation-hash.ts';
import { firstDifference } from './first-difference.ts';

/** Undefined: everything agrees. */
export function fileDifference(program: Program, vector: Vector, ready: VectorRun): VectorDifference | undefined {
  const { expected } = vector;
  const { block, run } = ready;
  const hash = firstDifference('programHash', [expected.programHash], [program.hash]);
  if (hash !== undefined) return hash;
  const constants = fixedBlock(program, block, run.gains);
  const offsets = blockLayout(block).map(({ bank, offset }) => [bank.id, offset] as const);
  const { nominal, actual, free } = blockCounts(block, program.tensors);
  return (
    compareEntries('offsets', Object.entries(expected.offsets), offsets) ??
    compareEntries('counts', Object.entries(expected.counts), Object.entries({ nominal, actual, free })) ??
    multiplierDifference(ready, constants) ??
    perBank('B', ready.expected.biases, constants.biases) ??
    firstDifference('tableSha256', [expected.tableSha256], [activationHash(constants.fractionBits)]) ??
    firstDifference('temperatures', ready.expected.temperatures, run.temperatures ?? constant(run.sweeps)) ??
    perBank('H', ready.expected.staticFields, fixedStaticFields(program, block, run)) ??
    firstDifference('fieldBound', [expected.fieldBound], [constants.fieldBound])
  );
}

type Entries = readonly (readonly [string, number])[];

/** Numbers by name; the order of the names is of no account. */
function compareEntries(where: string, expected: Entries, actual: Entries): VectorDifference | undefined {
  const text = (entries: Entries) => entries.map(([name, value]) => `${name}: ${value}`).sort();
  return firstDifference(where, text(expected), text(actual));
}

function multiplierDifference({ expected }: VectorRun, { multipliers }: FixedBlock): VectorDifference | undefined {
  for (const [id, { M, sh }] of expected.multipliers) {
    const found = multipliers.get(id);
    const difference = firstDifference(
      `multipliers.${id} (M, sh)`,
      [M, sh],
      [found?.M ?? Number.NaN, found?.sh ?? Number.NaN],
    );
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function perBank(
  where: string,
  expected: ReadonlyMap<string, ArrayLike<number>>,
  actual: ReadonlyMap<string, ArrayLike<number>>,
): VectorDifference | undefined {
  for (const [bank, values] of expected) {
    const difference = firstDifference(`${where}.${bank}`, values, actual.get(bank) ?? []);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function constant(sweeps: number): Uint32Array {
  return new Uint32Array(sweeps).fill(65536);
}
