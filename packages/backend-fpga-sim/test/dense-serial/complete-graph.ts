/** Random complete graphs: one bank, every spin coupled to every other, so that every spin has a color of its own. */
import { createProgram, type Program, type ProgramJson, programFeatures } from '@isinglass/sdk';
import { Dice } from '@isinglass/sdk/testing';

export function completeGraph(seed: number, weightMax = 127): Program {
  const dice = new Dice(seed, 8);
  const spins = dice.integer(2, 40);
  const order = dice.shuffled(Array.from({ length: spins }, (_, n) => n));
  // Row n has the columns above n.
  const column = order.toSorted((a, b) => a - b).flatMap((row, _, all) => all.slice(row + 1));
  const rowStart = Uint32Array.from({ length: spins + 1 }, (_, row) => row * spins - (row * (row + 1)) / 2);
  const json: Omit<ProgramJson, 'features'> = {
    irVersion: '1.0',
    name: `complete graph ${seed}`,
    provenance: {},
    law: { kind: 'fixed' },
    inputs: [],
    outputs: [],
    stages: [
      {
        kind: 'block',
        id: 'only',
        index: 0,
        banks: [{ id: 'a', role: 'free', shape: [spins], colorMap: { tensor: 'colors' } }],
        gains: [{ id: 'one', value: 1, runtime: false }],
        couplings: [
          {
            id: 'j',
            from: 'a',
            to: 'a',
            gain: 'one',
            scale: 0.3 / (weightMax * Math.sqrt(spins)),
            form: {
              kind: 'sparse',
              rowStart: { tensor: 'rows' },
              column: { tensor: 'columns' },
              value: { tensor: 'weights' },
            },
          },
        ],
        biases: [],
        readouts: [{ id: 'r', bank: 'a', observable: 'spin-sum', tie: 1 }],
        schedule: { sweeps: 8, burnIn: 0, stride: 1, chains: 1, colors: order, init: 'random', beta: 1 },
        fixed: { fractionBits: 9, beta: 1 },
      },
    ],
  };
  const tensors = new Map([
    ['colors', { dtype: 'U16' as const, shape: [spins], data: Uint16Array.from({ length: spins }, (_, n) => n) }],
    ['rows', { dtype: 'U32' as const, shape: [spins + 1], data: rowStart }],
    ['columns', { dtype: 'U32' as const, shape: [column.length], data: Uint32Array.from(column) }],
    [
      'weights',
      {
        dtype: 'I8' as const,
        shape: [column.length],
        data: Int8Array.from(column, () => dice.pick([-1, 1]) * dice.integer(1, weightMax)),
      },
    ],
  ]);
  return createProgram({ ...json, features: programFeatures(json as ProgramJson) }, tensors);
}
