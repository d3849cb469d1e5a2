import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ProgramTensor } from '../program/program.ts';
import type { Bank, Coupling } from '../program/program-json.ts';
import { convOutputSize } from './conv-axis.ts';
import { couplingView } from './coupling-view.ts';

/** The geometry of one random convolution, per axis. */
interface AxisCase {
  readonly inputSize: number;
  readonly taps: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padBegin: number;
  readonly padEnd: number;
}
interface ConvCase {
  readonly axes: readonly AxisCase[];
  readonly groups: number;
  readonly fromPerGroup: number;
  readonly toPerGroup: number;
  readonly weights: readonly number[];
}

const axisCase: fc.Arbitrary<AxisCase> = fc
  .record({
    inputSize: fc.integer({ min: 1, max: 6 }),
    taps: fc.integer({ min: 1, max: 4 }),
    stride: fc.integer({ min: 1, max: 3 }),
    dilation: fc.integer({ min: 1, max: 3 }),
    padBegin: fc.integer({ min: 0, max: 4 }),
    padEnd: fc.integer({ min: 0, max: 4 }),
  })
  .filter((axis) => convOutputSize(axis) >= 1);

const convCase: fc.Arbitrary<ConvCase> = fc
  .record({
    axes: fc.array(axisCase, { minLength: 1, maxLength: 2 }),
    groups: fc.integer({ min: 1, max: 3 }),
    fromPerGroup: fc.integer({ min: 1, max: 2 }),
    toPerGroup: fc.integer({ min: 1, max: 2 }),
  })
  .chain((geometry) => {
    const count =
      geometry.axes.reduce((product, axis) => product * axis.taps, 1) *
      geometry.groups *
      geometry.toPerGroup *
      geometry.fromPerGroup;
    const weights = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: count, maxLength: count });
    return weights.map((w) => ({ ...geometry, weights: w }));
  });

function viewOf(c: ConvCase) {
  const from = [c.groups * c.fromPerGroup, ...c.axes.map((axis) => axis.inputSize)];
  const to = [c.groups * c.toPerGroup, ...c.axes.map(convOutputSize)];
  const banks: Bank[] = [
    { id: 'x', role: 'pinned', shape: from, value: 'x' },
    { id: 'y', role: 'free', shape: to, color: 0 },
  ];
  const coupling: Coupling = {
    id: 'k',
    from: 'x',
    to: 'y',
    gain: 'one',
    form: {
      kind: 'conv',
      kernel: { tensor: 'k' },
      strides: c.axes.map((axis) => axis.stride),
      pads: [...c.axes.map((axis) => axis.padBegin), ...c.axes.map((axis) => axis.padEnd)],
      dilations: c.axes.map((axis) => axis.dilation),
      groups: c.groups,
    },
  };
  const shape = [to[0] as number, c.fromPerGroup, ...c.axes.map((axis) => axis.taps)];
  const kernel: ProgramTensor = { dtype: 'I8', shape, data: Int8Array.from(c.weights) };
  return couplingView(coupling, { banks }, new Map([['k', kernel]]));
}

/**
 * Unrolled without any of the code under test: the input is really padded with "no spin" (−1), and the kernel is slid
 * over it as ONNX `Conv` does. Entries (to, from, w), stored zeros included.
 */
function unroll(c: ConvCase): [to: number, from: number, w: number][] {
  const paddedIndices = c.axes.map((axis) => [
    ...Array<number>(axis.padBegin).fill(-1),
    ...Array.from({ length: axis.inputSize }, (_, i) => i),
    ...Array<number>(axis.padEnd).fill(-1),
  ]);
  const product = (sizes: number[]): number[][] =>
    sizes.reduce<number[][]>(
      (all, size) => all.flatMap((p) => Array.from({ length: size }, (_, n) => [...p, n])),
      [[]],
    );
  const flatten = (position: readonly number[], sizes: readonly number[]) =>
    position.reduce((index, p, n) => index * (sizes[n] as number) + p, 0);
  const inputSizes = c.axes.map((axis) => axis.inputSize);
  const outputSizes = c.axes.map((axis, n) => {
    const span = axis.dilation * (axis.taps - 1) + 1;
    return Math.floor(((paddedIndices[n] as number[]).length - span) / axis.stride) + 1;
  });
  const entries: [number, number, number][] = [];
  for (let oc = 0; oc < c.groups * c.toPerGroup; oc++) {
    for (const o of product(outputSizes)) {
      for (let ic = 0; ic < c.fromPerGroup; ic++) {
        for (const tap of product(c.axes.map((axis) => axis.taps))) {
          const input = c.axes.map((axis, n) => {
            const place = (o[n] as number) * axis.stride + (tap[n] as number) * axis.dilation;
            return (paddedIndices[n] as number[])[place] as number;
          });
          if (input.includes(-1)) continue;
          const channel = Math.floor(oc / c.toPerGroup) * c.fromPerGroup + ic;
          const weight = c.weights[flatten([oc, ic, ...tap], [0, c.fromPerGroup, ...c.axes.map((a) => a.taps)])];
          entries.push([
            flatten([oc, ...o], [0, ...outputSizes]),
            flatten([channel, ...input], [0, ...inputSizes]),
            weight as number,
          ]);
        }
      }
    }
  }
  return entries;
}

test('a convolution has the couplings of its unrolling: counts, degrees, sums, neighbours, both directions', () => {
  fc.assert(
    fc.property(convCase, fc.infiniteStream(fc.constantFrom(-1, 1)), (c, coins) => {
      const view = viewOf(c);
      const entries = unroll(c);
      expect(view.nnz().actual).toBe(entries.length);
      const taps = c.axes.reduce((p, axis) => p * axis.taps, 1);
      expect(view.nnz().nominal).toBe(view.toCount * taps * c.fromPerGroup);
      for (const side of ['to', 'from'] as const) {
        const count = side === 'to' ? view.toCount : view.fromCount;
        const partners = Array.from({ length: count }, (): [number, number][] => []);
        for (const [to, from, w] of entries) {
          if (side === 'to') partners[to]?.push([from, w]);
          else partners[from]?.push([to, w]);
        }
        const degrees = partners.map((p) => p.filter(([, w]) => w !== 0).length);
        for (let spin = 0; spin < count; spin++) {
          // Rising order is part of the interface, so the expectation is sorted and the view is not.
          const expected = (partners[spin] as [number, number][]).sort((a, b) => a[0] - b[0]);
          expect([...view.neighbours(side, spin)]).toEqual(expected);
          expect(view.degree(side, spin)).toBe(degrees[spin]);
        }
        expect(view.maxDegree(side)).toBe(Math.max(...degrees));
        expect([...view.absoluteSums(side)]).toEqual(
          partners.map((p) => p.reduce((sum, [, w]) => sum + Math.abs(w), 0)),
        );
      }
      const from = Array.from({ length: view.fromCount }, () => coins.next().value as number);
      const to = Array.from({ length: view.toCount }, () => coins.next().value as number);
      const forward = new Float64Array(view.toCount).fill(0.5);
      const adjoint = new Float64Array(view.fromCount).fill(-0.5);
      view.applyForward(from, forward);
      view.applyAdjoint(to, adjoint);
      const forwardExpected = new Float64Array(view.toCount).fill(0.5);
      const adjointExpected = new Float64Array(view.fromCount).fill(-0.5);
      for (const [i, j, w] of entries) {
        forwardExpected[i] = (forwardExpected[i] as number) + w * (from[j] as number);
        adjointExpected[j] = (adjointExpected[j] as number) + w * (to[i] as number);
      }
      expect([...forward]).toEqual([...forwardExpected]);
      expect([...adjoint]).toEqual([...adjointExpected]);
      const csr = view.toCsr();
      const rows = entries.slice().sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      expect([...csr.column]).toEqual(rows.map(([, from]) => from));
      expect([...csr.value]).toEqual(rows.map(([, , w]) => w));
      expect(csr.rowStart.at(-1)).toBe(entries.length);
    }),
    { seed: 34, numRuns: 300 },
  );
});

test('a kernel larger than its map still counts exactly', () => {
  const axis: AxisCase = { inputSize: 1, taps: 4, stride: 2, dilation: 2, padBegin: 4, padEnd: 3 };
  const c: ConvCase = { axes: [axis], groups: 1, fromPerGroup: 1, toPerGroup: 1, weights: [1, 2, 3, 4] };
  expect(viewOf(c).nnz()).toEqual({ nominal: 4, actual: unroll(c).length });
});
