import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isIsinglassError } from '../errors/isinglass-error.ts';
import type { ProgramTensor } from '../program/program.ts';
import type { Bank, Coupling, CouplingForm } from '../program/program-json.ts';
import { type CouplingView, couplingView, type Side } from './coupling-view.ts';

const banks: Bank[] = [
  { id: 'x', role: 'pinned', shape: [5], value: 'x' },
  { id: 'y', role: 'free', shape: [2, 2], color: 0 },
  { id: 'z', role: 'free', shape: [4], color: 1 },
];

function view(ends: { from: string; to: string }, form: CouplingForm, tensors: Record<string, ProgramTensor>) {
  const coupling: Coupling = { id: 'j', ...ends, gain: 'one', form };
  return couplingView(coupling, { banks }, new Map(Object.entries(tensors)));
}

function int8(shape: number[], values: number[]): ProgramTensor {
  return { dtype: 'I8', shape, data: Int8Array.from(values) };
}

/** Compares every answer of a view with those of the matrix `J[to][from]` of stored entries (undefined: not stored). */
function expectMatrix(v: CouplingView, matrix: readonly (readonly (number | undefined)[])[], pairsStoredOnce = false) {
  const toCount = matrix.length;
  const fromCount = matrix[0]?.length ?? 0;
  expect([v.toCount, v.fromCount]).toEqual([toCount, fromCount]);
  const stored = matrix.flat().filter((w) => w !== undefined).length / (pairsStoredOnce ? 2 : 1);
  expect(v.nnz()).toEqual({ nominal: stored, actual: stored });
  for (const side of ['to', 'from'] as Side[]) {
    const count = side === 'to' ? toCount : fromCount;
    const others = side === 'to' ? fromCount : toCount;
    const lines = Array.from({ length: count }, (_, spin) =>
      Array.from({ length: others }, (_, other) => [
        other,
        side === 'to' ? matrix[spin]?.[other] : matrix[other]?.[spin],
      ])
        .filter(([, w]) => w !== undefined)
        .map(([other, w]) => [other as number, w as number] as const),
    );
    const degrees = lines.map((line) => line.filter(([, w]) => w !== 0).length);
    expect(lines.map((_, spin) => [...v.neighbours(side, spin)])).toEqual(lines);
    expect(lines.map((_, spin) => v.degree(side, spin))).toEqual(degrees);
    expect(v.maxDegree(side)).toBe(Math.max(...degrees));
    expect([...v.absoluteSums(side)]).toEqual(lines.map((line) => line.reduce((sum, [, w]) => sum + Math.abs(w), 0)));
    const states = Array.from({ length: others }, (_, n) => (n % 3 === 1 ? -1 : 1));
    const out = new Float64Array(count).fill(10);
    if (side === 'to') v.applyForward(states, out);
    else v.applyAdjoint(states, out);
    expect([...out]).toEqual(lines.map((line) => line.reduce((sum, [n, w]) => sum + w * (states[n] as number), 10)));
  }
  const csr = v.toCsr();
  let entries = 0;
  const rowEnds = matrix.map((row) => {
    entries += row.filter((w) => w !== undefined).length;
    return entries;
  });
  expect([...csr.rowStart]).toEqual([0, ...rowEnds]);
  expect([...csr.column]).toEqual(matrix.flatMap((row) => row.flatMap((w, n) => (w === undefined ? [] : [n]))));
  expect([...csr.value]).toEqual(matrix.flatMap((row) => row.filter((w) => w !== undefined)));
}

test('a dense coupling joins every spin of `to` with every spin of `from`', () => {
  const w = [1, -2, 0, 3, 4, 0, 0, 0, 5, -6, 7, 8, 9, -1, -127, 0, 2, 2, 2, 0];
  const v = view({ from: 'x', to: 'y' }, { kind: 'dense', matrix: { tensor: 'w' } }, { w: int8([4, 5], w) });
  expectMatrix(v, [w.slice(0, 5), w.slice(5, 10), w.slice(10, 15), w.slice(15, 20)]);
});

test('a diagonal coupling joins equal indices, whatever the shapes', () => {
  const v = view({ from: 'y', to: 'z' }, { kind: 'diagonal', value: { tensor: 'w' } }, { w: int8([4], [3, 0, -2, 1]) });
  const _ = undefined;
  expectMatrix(v, [
    [3, _, _, _],
    [_, 0, _, _],
    [_, _, -2, _],
    [_, _, _, 1],
  ]);
});

function sparse(rows: readonly (readonly (number | undefined)[])[], rowStartDtype: 'U32' | 'U64') {
  const starts = [0];
  const column: number[] = [];
  const value: number[] = [];
  for (const row of rows) {
    row.forEach((w, n) => {
      if (w === undefined) return;
      column.push(n);
      value.push(w);
    });
    starts.push(column.length);
  }
  const rowStart: ProgramTensor =
    rowStartDtype === 'U32'
      ? { dtype: 'U32', shape: [starts.length], data: Uint32Array.from(starts) }
      : { dtype: 'U64', shape: [starts.length], data: BigUint64Array.from(starts, BigInt) };
  return {
    form: {
      kind: 'sparse',
      rowStart: { tensor: 'rowStart' },
      column: { tensor: 'column' },
      value: { tensor: 'value' },
    } satisfies CouplingForm,
    tensors: {
      rowStart,
      column: { dtype: 'U32', shape: [column.length], data: Uint32Array.from(column) },
      value: int8([value.length], value),
    } satisfies Record<string, ProgramTensor>,
  };
}

const sparseEntry = fc.option(fc.integer({ min: -9, max: 9 }), { nil: undefined });

test('a sparse coupling between two banks has the entries that its rows list', () => {
  const matrix = fc.array(fc.array(sparseEntry, { minLength: 5, maxLength: 5 }), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(matrix, fc.constantFrom('U32' as const, 'U64' as const), (rows, dtype) => {
      const { form, tensors } = sparse(rows, dtype);
      expectMatrix(view({ from: 'x', to: 'y' }, form, tensors), rows);
    }),
    { seed: 36, numRuns: 200 },
  );
});

test('a sparse coupling inside one bank stores each pair once and joins both ways', () => {
  const upper = fc.array(fc.array(sparseEntry, { minLength: 4, maxLength: 4 }), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(upper, (rows) => {
      const half = rows.map((row, i) => row.map((w, j) => (j > i ? w : undefined)));
      const full = half.map((row, i) => row.map((w, j) => (j > i ? w : half[j]?.[i])));
      const { form, tensors } = sparse(half, 'U32');
      expectMatrix(view({ from: 'z', to: 'z' }, form, tensors), full, true);
    }),
    { seed: 37, numRuns: 200 },
  );
});

test('compressed rows are refused above the cap and given at it', () => {
  const v = view(
    { from: 'x', to: 'y' },
    { kind: 'dense', matrix: { tensor: 'w' } },
    { w: int8([4, 5], Array(20).fill(1)) },
  );
  expect(v.toCsr({ entriesMax: 20 }).value).toHaveLength(20);
  expect(() => v.toCsr({ entriesMax: 19 })).toThrow(/20 entries/);
});

test('a coupling that names an unknown bank or tensor is an invalid program', () => {
  const codeOf = (ends: { from: string; to: string }, tensors: Record<string, ProgramTensor>) => {
    try {
      view(ends, { kind: 'diagonal', value: { tensor: 'w' } }, tensors);
      return 'accepted';
    } catch (e) {
      return isIsinglassError(e) ? e.code : e;
    }
  };
  const w = int8([4], [1, 1, 1, 1]);
  expect(codeOf({ from: 'y', to: 'z' }, { w })).toBe('accepted');
  expect(codeOf({ from: 'y', to: 'q' }, { w })).toBe('invalid-program');
  expect(codeOf({ from: 'y', to: 'z' }, {})).toBe('invalid-program');
});
