import type { Bias, Block, Coupling, FreeBank, ProgramTensor } from '@isinglass/sdk';
import { visibleCountOf } from '../workloads/dense-workload.ts';
import type { GraphWorkload } from '../workloads/workload.ts';
import { type BlockTask, type BlockTaskOptions, blockTask, fractionBits } from './block-task.ts';
import { roundWeights } from './round-weights.ts';

/**
 * A graph as one block, one image, many chains: a Boltzmann machine as two banks `v`, `h` and a dense coupling, any other
 * graph as one bank `s` with a color map and a sparse coupling of the bank with itself. Every bank is read.
 */
export function graphProgram(name: string, w: GraphWorkload, o: BlockTaskOptions): BlockTask {
  const visible = visibleCountOf(w);
  const parts = visible === null ? sparseParts(w, o.weightBits) : denseParts(w, visible, o.weightBits);
  const biases = biasesOf(w, parts.banks);
  const block: Block = {
    kind: 'block',
    id: 'block',
    index: 0,
    banks: parts.banks,
    gains: [{ id: 'one', value: 1, runtime: false }],
    couplings: o.coupled ? [parts.coupling] : [],
    biases: biases.map(({ bias }) => bias),
    readouts: parts.banks.map(({ id }) => ({ id: `y.${id}`, bank: id, observable: o.observable, tie: 1 })),
    schedule: {
      sweeps: 1,
      burnIn: 0,
      stride: 1,
      chains: 1,
      colors: Array.from({ length: w.colorCount }, (_, color) => color),
      init: 'random',
      beta: w.beta,
    },
    fixed: { fractionBits, beta: w.beta },
  };
  const tensors = new Map([
    ...parts.bankTensors,
    ...(o.coupled ? parts.couplingTensors : []),
    ...biases.map(({ tensor }) => tensor),
  ]);
  return blockTask(name, block, tensors, { images: 1, chains: Math.min(o.rows, w.chains), inputs: {} });
}

type NamedTensor = readonly [string, ProgramTensor];

interface GraphParts {
  /** Their spins, one bank after the other, are those of the workload. */
  readonly banks: readonly FreeBank[];
  readonly coupling: Coupling;
  readonly bankTensors: readonly NamedTensor[];
  readonly couplingTensors: readonly NamedTensor[];
}

function denseParts(w: GraphWorkload, visible: number, weightBits: number): GraphParts {
  const hidden = w.spinCount - visible;
  const { weights, scale } = roundWeights(w.J, weightBits);
  return {
    banks: [
      { id: 'v', role: 'free', shape: [visible], color: 0 },
      { id: 'h', role: 'free', shape: [hidden], color: 1 },
    ],
    // Rows of J are visible spins, and rows of a matrix are `to`.
    coupling: { id: 'j', from: 'h', to: 'v', gain: 'one', scale, form: { kind: 'dense', matrix: { tensor: 'j' } } },
    bankTensors: [],
    couplingTensors: [['j', { dtype: 'I8', shape: [visible, hidden], data: weights }]],
  };
}

function sparseParts(w: GraphWorkload, weightBits: number): GraphParts {
  const { weights, scale } = roundWeights(w.J, weightBits);
  const order = Uint32Array.from(w.u, (_, pair) => pair).sort(
    (a, b) => at(w.u, a) - at(w.u, b) || at(w.v, a) - at(w.v, b),
  );
  const rowStart = new Uint32Array(w.spinCount + 1);
  for (const spin of w.u) rowStart[spin + 1] = at(rowStart, spin + 1) + 1;
  for (let spin = 0; spin < w.spinCount; spin++) rowStart[spin + 1] = at(rowStart, spin + 1) + at(rowStart, spin);
  const shape = [order.length];
  return {
    banks: [{ id: 's', role: 'free', shape: [w.spinCount], colorMap: { tensor: 'color' } }],
    coupling: {
      id: 'j',
      from: 's',
      to: 's',
      gain: 'one',
      scale,
      form: {
        kind: 'sparse',
        rowStart: { tensor: 'j.rowStart' },
        column: { tensor: 'j.column' },
        value: { tensor: 'j.value' },
      },
    },
    bankTensors: [['color', { dtype: 'U16', shape: [w.spinCount], data: Uint16Array.from(w.color) }]],
    couplingTensors: [
      ['j.rowStart', { dtype: 'U32', shape: [w.spinCount + 1], data: rowStart }],
      ['j.column', { dtype: 'U32', shape, data: Uint32Array.from(order, (pair) => at(w.v, pair)) }],
      ['j.value', { dtype: 'I8', shape, data: Int8Array.from(order, (pair) => at(weights, pair)) }],
    ],
  };
}

/** One bias per bank that has any field. */
function biasesOf(
  w: GraphWorkload,
  banks: readonly FreeBank[],
): readonly { readonly bias: Bias; readonly tensor: NamedTensor }[] {
  let first = 0;
  return banks.flatMap(({ id, shape }) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const data = w.h.slice(first, first + count);
    first += count;
    if (data.every((h) => h === 0)) return [];
    const tensor: NamedTensor = [`${id}.bias`, { dtype: 'F32', shape, data }];
    return [{ bias: { bank: id, gain: 'one', form: 'spin' as const, values: { tensor: tensor[0] } }, tensor }];
  });
}

/** An element of an array, by an index that is inside. */
const at = (values: ArrayLike<number>, i: number): number => values[i] as number;
