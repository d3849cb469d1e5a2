/** P122 and the sizes and ranges of sparse tensors (semantics 3.6). */
import type { ProgramTensor } from '../program.ts';
import type { ViolationList } from '../violation.ts';
import type { CouplingGeometry } from './context.ts';
import type { Ends } from './couplings.ts';

export interface SparseTensors {
  /** U32 or U64. */
  readonly rowStart: ProgramTensor;
  /** U32. */
  readonly column: ProgramTensor;
  readonly value: ProgramTensor;
}

/** The rows if all of them are valid, else undefined; `at` is the path of the form. */
export function sparseRows(
  tensors: SparseTensors,
  ends: Ends,
  at: string,
  found: ViolationList,
): CouplingGeometry | undefined {
  const before = found.count;
  const rowStart = tensors.rowStart.data;
  const column = tensors.column.data;
  if (!(column instanceof Uint32Array)) return undefined;
  if (!(rowStart instanceof Uint32Array || rowStart instanceof BigUint64Array)) return undefined;
  const values = tensors.value.data.length;
  if (rowStart.length !== ends.to.spinCount + 1) {
    found.add(
      'P121',
      `${at}.rowStart`,
      `${rowStart.length} row starts for ${ends.to.spinCount} rows; one more belongs`,
    );
  }
  if (column.length !== values) found.add('P121', `${at}.value`, `${values} values for ${column.length} columns`);
  const outside = column.findIndex((index) => index >= ends.from.spinCount);
  if (outside >= 0) {
    const range = `the bank has spins 0 … ${ends.from.spinCount - 1}`;
    found.add('P105', `${at}.column`, `entry ${outside} is column ${column[outside]}, ${range}`);
  }
  if (found.count > before) return undefined;
  const fault = rowStartFault(rowStart, column.length);
  if (fault !== undefined) found.add('P122', `${at}.rowStart`, fault);
  else checkColumns(rowStart, column, ends.from === ends.to, (message) => found.add('P122', `${at}.column`, message));
  return found.count > before ? undefined : { kind: 'sparse', rowStart, column };
}

function rowStartFault(rowStart: Uint32Array | BigUint64Array, entries: number): string | undefined {
  if (Number(rowStart[0]) !== 0) return `row 0 starts at ${rowStart[0]}, not 0`;
  for (let row = 1; row < rowStart.length; row++) {
    const start = rowStart[row] as number | bigint;
    const before = rowStart[row - 1] as number | bigint;
    if (start < before) return `row ${row} starts at ${start}, before row ${row - 1} at ${before}`;
  }
  const last = rowStart[rowStart.length - 1];
  return Number(last) === entries ? undefined : `the rows end at ${last}, there are ${entries} entries`;
}

function checkColumns(
  rowStart: Uint32Array | BigUint64Array,
  column: Uint32Array,
  symmetric: boolean,
  refuse: (message: string) => void,
): void {
  let risingFault: string | undefined;
  let triangleFault: string | undefined;
  let end = 0;
  for (let row = 0; row + 1 < rowStart.length; row++) {
    const begin = end;
    end = Number(rowStart[row + 1]);
    for (let n = begin; n < end; n++) {
      const at = column[n] as number;
      if (n > begin && at <= (column[n - 1] as number)) {
        risingFault ??= `columns ${column[n - 1]}, ${at} of row ${row} do not rise`;
      }
      if (symmetric && at <= row) triangleFault ??= `row ${row} has column ${at}; with from = to, row < column`;
    }
  }
  if (risingFault !== undefined) refuse(risingFault);
  if (triangleFault !== undefined) refuse(triangleFault);
}
