/** What a device made of a vector, against what the vector expects. */
import type { DriverReadout } from '../contract/driver.ts';
import { fnv1a64 } from '../law/trace-hash.ts';
import { type PackedSpins, wordsPerRow } from '../spins/packed-spins.ts';
import type { VectorRun } from './vector-run.ts';

/** One disagreement: where in the vector, and both values there. */
export interface VectorDifference {
  readonly where: string;
  readonly expected: string;
  readonly actual: string;
}

/** The trace hash (semantics 1.9) of every row; `banks` are all banks in declared order. */
export function traceRowHashes(banks: Readonly<Record<string, PackedSpins>>): readonly string[] {
  const all = Object.values(banks);
  const rows = all[0]?.rows ?? 0;
  return Array.from({ length: rows }, (_, row) => fnv1a64(all.flatMap((bank) => [...rowWords(bank, row)])));
}

/** Compares one call of a trace listener; sweeps that the vector does not list are not looked at. */
export function compareTrace(
  { block, expected }: VectorRun,
  sweep: number,
  banks: Readonly<Record<string, PackedSpins>>,
): readonly VectorDifference[] {
  const differences: VectorDifference[] = [];
  const declared = block.banks.map((bank) => bank.id).join(', ');
  const given = Object.keys(banks).join(', ');
  if (given !== declared) differences.push({ where: `trace[${sweep}]`, expected: declared, actual: given });
  for (const [id, wanted] of Object.entries(expected.states[sweep] ?? {})) {
    const found = banks[id];
    if (found !== undefined) pushFirst(differences, `states[${sweep}].${id}`, wanted.words, found.words);
  }
  const hashes = expected.traceHashes.get(sweep);
  if (hashes !== undefined) pushFirst(differences, `traceHashes (sweep ${sweep})`, hashes, traceRowHashes(banks));
  return differences;
}

/** Compares the readouts of a run, in the order of the vector's run. */
export function compareReadouts(
  { run, expected }: VectorRun,
  readouts: readonly DriverReadout[],
): readonly VectorDifference[] {
  const differences: VectorDifference[] = [];
  expected.readouts.forEach((wanted, index) => {
    const found = readouts[index];
    const name = `readouts[${index}] (${run.readouts[index]?.observable} of ${run.readouts[index]?.bank})`;
    if (wanted.sums !== undefined) pushFirst(differences, `${name}.sums`, wanted.sums, found?.sums ?? []);
    if (wanted.signs !== undefined)
      pushFirst(differences, `${name}.signs`, wanted.signs.words, found?.signs?.words ?? []);
    if (wanted.states !== undefined) {
      pushFirst(differences, `${name}.states`, wanted.states.words, found?.states?.words ?? []);
    }
  });
  return differences;
}

function rowWords({ words, spinCount }: PackedSpins, row: number): Uint32Array {
  const stride = wordsPerRow(spinCount);
  return words.subarray(row * stride, (row + 1) * stride);
}

/** The first place where two lists differ, their length included. */
function pushFirst<T extends number | string>(
  differences: VectorDifference[],
  where: string,
  expected: ArrayLike<T>,
  actual: ArrayLike<T>,
): void {
  if (expected.length !== actual.length) {
    differences.push({ where: `${where}.length`, expected: String(expected.length), actual: String(actual.length) });
    return;
  }
  for (let i = 0; i < expected.length; i++) {
    if (expected[i] !== actual[i]) {
      differences.push({ where: `${where}[${i}]`, expected: String(expected[i]), actual: String(actual[i]) });
      return;
    }
  }
}
