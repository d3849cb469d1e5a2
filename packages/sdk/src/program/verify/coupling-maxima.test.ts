/** The closed forms against the sums that the coupling view forms spin by spin, over random geometry. */
import { describe, expect, test } from 'vitest';
import { couplingView } from '../../couplings/coupling-view.ts';
import { Dice } from '../../testing/dice.ts';
import { randomProgram } from '../../testing/random-program.ts';
import type { Program } from '../program.ts';
import { ViolationList } from '../violation.ts';
import { checkBlockFacts } from './block-facts.ts';
import type { CouplingFacts, ProgramContext } from './context.ts';
import { convMaximum } from './conv-maxima.ts';
import { degreeMax, magnitudeSumMax } from './coupling-maxima.ts';
import { checkCouplings } from './couplings.ts';
import { TensorTable } from './tensor-table.ts';

function largest(values: Iterable<number>): number {
  return [...values].reduce((a, b) => Math.max(a, b), 0);
}

describe('couplings of random programs', () => {
  const kinds = new Map<string, number>();

  test.each(Array.from({ length: 40 }, (_, seed) => seed))('program %i', (seed) => {
    const program = randomProgram({ seed });
    for (const facts of couplingFacts(program)) {
      const view = couplingView(facts.coupling, blockOf(program), program.tensors);
      for (const side of ['from', 'to'] as const) {
        expect(magnitudeSumMax(facts, side)).toBe(largest(view.absoluteSums(side)));
        expect(degreeMax(facts, side)).toBe(view.maxDegree(side));
      }
      kinds.set(facts.geometry.kind, (kinds.get(facts.geometry.kind) ?? 0) + 1);
    }
  });

  test('all forms occurred', () => {
    expect([...kinds.keys()].sort()).toEqual(['conv', 'dense', 'diagonal', 'sparse']);
  });
});

test('convolutions of any stride, dilation, padding and grouping', () => {
  const dice = new Dice(7);
  let compared = 0;
  for (let n = 0; n < 400; n++) {
    const axis = () => {
      const taps = dice.integer(1, 5);
      const [stride, dilation] = [dice.integer(1, 4), dice.integer(1, 4)];
      const [padBegin, padEnd, inputSize] = [dice.integer(0, 6), dice.integer(0, 6), dice.integer(1, 12)];
      const room = inputSize + padBegin + padEnd - dilation * (taps - 1) - 1;
      return { taps, stride, dilation, padBegin, padEnd, inputSize, outputSize: Math.floor(room / stride) + 1 };
    };
    const [y, x] = [axis(), axis()];
    if (y.outputSize < 1 || x.outputSize < 1) continue;
    const [groups, fromPerGroup, toPerGroup] = [dice.integer(1, 2), dice.integer(1, 2), dice.integer(1, 3)];
    const kernelShape = [groups * toPerGroup, fromPerGroup, y.taps, x.taps];
    const kernel = Int8Array.from({ length: kernelShape.reduce((a, b) => a * b) }, () => dice.integer(-3, 3));
    const view = couplingView(
      {
        id: 'c',
        from: 'a',
        to: 'b',
        gain: 'g',
        form: {
          kind: 'conv',
          kernel: { tensor: 'k' },
          strides: [y.stride, x.stride],
          dilations: [y.dilation, x.dilation],
          pads: [y.padBegin, x.padBegin, y.padEnd, x.padEnd],
          groups,
        },
      },
      {
        banks: [
          { id: 'a', role: 'pinned', value: 'v', shape: [groups * fromPerGroup, y.inputSize, x.inputSize] },
          { id: 'b', role: 'free', color: 0, shape: [groups * toPerGroup, y.outputSize, x.outputSize] },
        ],
      },
      new Map([['k', { dtype: 'I8', shape: kernelShape, data: kernel }]]),
    );
    for (const side of ['from', 'to'] as const) {
      const closed = convMaximum({ y, x, groups, fromPerGroup, toPerGroup }, kernel, side, Math.abs);
      expect(closed, JSON.stringify({ y, x, side })).toBe(largest(view.absoluteSums(side)));
    }
    compared++;
  }
  expect(compared).toBeGreaterThan(200);
});

function blockOf(program: Program) {
  const [block] = program.json.stages;
  if (block?.kind !== 'block') throw new Error('the first stage is no block');
  return block;
}

function couplingFacts(program: Program): readonly CouplingFacts[] {
  const found = new ViolationList();
  const context: ProgramContext = { law: 'fixed', tensors: new TensorTable(program.tensors, found), found };
  const facts = checkCouplings(checkBlockFacts(blockOf(program), 'stages[0]', context), context);
  expect(found.list()).toEqual([]);
  return facts;
}
