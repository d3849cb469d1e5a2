/**
 * The six blocks of the paper's CIFAR-10 network (Moore 2026, Table 2) with synthetic weights: each has 3×3 convolutions k1
 * (with the block's stride) and k2 and a 1×1 convolution k3, all from 7-bit gaussian weights of variance 1/fan-in.
 */
import {
  type Block,
  type Coupling,
  createProgram,
  type PackedSpins,
  type Program,
  type ProgramTensor,
  programFeatures,
  wordsPerRow,
} from '@isinglass/sdk';
import { randomStream } from '../workloads/random-stream.ts';
import type { WorkloadFacts } from '../workloads/workload.ts';
import type { WorkloadSize } from '../workloads/workload-list.ts';
import { type BlockTask, type BlockTaskOptions, blockTask, fractionBits } from './block-task.ts';

export interface PaperBlock {
  readonly input: number;
  readonly output: number;
  /** Both sides of the output map. */
  readonly size: number;
  readonly stride: 1 | 2;
}

const blocks: Readonly<Record<WorkloadSize, readonly PaperBlock[]>> = {
  full: [
    { input: 16, output: 256, size: 32, stride: 1 },
    { input: 256, output: 256, size: 32, stride: 1 },
    { input: 256, output: 512, size: 16, stride: 2 },
    { input: 512, output: 512, size: 16, stride: 1 },
    { input: 512, output: 784, size: 8, stride: 2 },
    { input: 784, output: 784, size: 8, stride: 1 },
  ],
  quick: [
    { input: 4, output: 8, size: 8, stride: 1 },
    { input: 8, output: 8, size: 8, stride: 1 },
    { input: 8, output: 12, size: 4, stride: 2 },
    { input: 12, output: 12, size: 4, stride: 1 },
    { input: 12, output: 16, size: 2, stride: 2 },
    { input: 16, output: 16, size: 2, stride: 1 },
  ],
};

export const paperBlocks = (size: WorkloadSize): readonly PaperBlock[] => blocks[size];

/** Images of a run. */
export const paperImages = 16;

/** Of one block, or of the six together. A 3×3 kernel with padding 1 has 3n − 2 in-bounds pairs along an axis of n. */
export function paperFacts(name: string, parts: readonly PaperBlock[], rows: number): WorkloadFacts {
  const sum = (of: (block: PaperBlock) => number): number => parts.reduce((total, block) => total + of(block), 0);
  return {
    name,
    updatesPerSweep: rows * sum(({ output, size }) => 2 * output * size ** 2),
    synapticOperationsPerSweep: 2 * rows * sum(({ output, size }) => output ** 2 * (3 * size - 2) ** 2),
    check: null,
  };
}

/** One block alone; `number` counts from 1. */
export function paperTask(name: string, geometry: PaperBlock, number: number, o: BlockTaskOptions): BlockTask {
  const { block, tensors } = blockOf(geometry, { index: 0, seed: number, input: 'x', signs: undefined, o });
  return blockTask(name, block, tensors, { images: o.rows, chains: 1, inputs: { s0: randomInput(geometry, o.rows) } });
}

/** All six, each fed by the signs of the one before. Input `x`, output the signs of the last block. */
export function paperNetwork(
  parts: readonly PaperBlock[],
  o: BlockTaskOptions,
): { readonly program: Program; readonly input: PackedSpins } {
  const built = parts.map((geometry, index) =>
    blockOf(geometry, { index, seed: index + 1, input: index === 0 ? 'x' : `y${index}`, signs: `y${index + 1}`, o }),
  );
  const [first] = parts;
  const last = parts.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('a network has blocks');
  const law = { kind: 'fixed' } as const;
  const stages = built.map(({ block }) => block);
  const program = createProgram(
    {
      irVersion: '1.0',
      features: programFeatures({ law, stages }),
      name: 'cifar-10-geometry',
      provenance: {},
      law,
      inputs: [{ name: 'x', dtype: 'spin', shape: ['batch', ...inputShape(first)] }],
      outputs: [{ name: `y${parts.length}`, dtype: 'spin', shape: ['batch', last.output, last.size, last.size] }],
      stages,
    },
    new Map(built.flatMap(({ tensors }) => [...tensors])),
  );
  return { program, input: randomInput(first, o.rows) };
}

function blockOf(
  geometry: PaperBlock,
  {
    index,
    seed,
    input,
    signs,
    o,
  }: {
    readonly index: number;
    readonly seed: number;
    readonly input: string;
    readonly signs: string | undefined;
    readonly o: BlockTaskOptions;
  },
): { readonly block: Block; readonly tensors: ReadonlyMap<string, ProgramTensor> } {
  const { output, size, stride } = geometry;
  const tensors = new Map<string, ProgramTensor>();
  const coupling = (c: {
    id: string;
    from: string;
    to: string;
    gain: string;
    channels: number;
    taps: 1 | 3;
    stride: number;
  }): Coupling => {
    const tensor = `b${seed}.${c.id}`;
    const fanIn = c.channels * c.taps ** 2;
    const { weights, scale } = gaussianWeights(output * fanIn, {
      fanIn,
      weightBits: o.weightBits,
      seed,
      stream: c.id.charCodeAt(1),
    });
    tensors.set(tensor, { dtype: 'I8', shape: [output, c.channels, c.taps, c.taps], data: weights });
    return {
      id: c.id,
      from: c.from,
      to: c.to,
      gain: c.gain,
      scale,
      form: {
        kind: 'conv',
        kernel: { tensor },
        strides: [c.stride, c.stride],
        pads: Array<number>(4).fill(c.taps === 3 ? 1 : 0),
        dilations: [1, 1],
        groups: 1,
      },
    };
  };
  const couplings = [
    coupling({ id: 'k1', from: 's0', to: 's1', gain: 'one', channels: geometry.input, taps: 3, stride }),
    coupling({ id: 'k3', from: 's0', to: 's2', gain: 'delta', channels: geometry.input, taps: 1, stride }),
    ...(o.coupled
      ? [coupling({ id: 'k2', from: 's1', to: 's2', gain: 'delta', channels: output, taps: 3, stride: 1 })]
      : []),
  ];
  const readout = { id: 'y', bank: 's2', observable: o.observable, tie: 1 } as const;
  const block: Block = {
    kind: 'block',
    id: `b${seed}`,
    index,
    banks: [
      { id: 's0', role: 'pinned', shape: inputShape(geometry), value: input },
      { id: 's1', role: 'free', shape: [output, size, size], color: 0 },
      { id: 's2', role: 'free', shape: [output, size, size], color: 1 },
    ],
    gains: [
      { id: 'one', value: 1, runtime: false },
      { id: 'delta', value: 0.2, runtime: false },
    ],
    couplings,
    biases: [],
    readouts: [signs === undefined ? readout : { ...readout, signs }],
    schedule: { sweeps: 1, burnIn: 0, stride: 1, chains: 1, colors: [0, 1], init: 'random', beta: 1 },
    fixed: { fractionBits, beta: 1 },
  };
  return { block, tensors };
}

const inputShape = ({ input, size, stride }: PaperBlock): readonly [number, number, number] => [
  input,
  size * stride,
  size * stride,
];

/** N(0, 1/fanIn) rounded with the largest weight at 4.5 standard deviations; what lies beyond is cut. */
function gaussianWeights(
  count: number,
  o: { readonly fanIn: number; readonly weightBits: number; readonly seed: number; readonly stream: number },
): { readonly weights: Int8Array<ArrayBuffer>; readonly scale: number } {
  const levels = 2 ** (o.weightBits - 1) - 1;
  const sigma = levels / 4.5;
  const values = new Float32Array(count);
  randomStream(BigInt(100 + o.seed), o.stream).fillNormal(values, sigma);
  const weights = new Int8Array(count);
  for (let i = 0; i < count; i++) {
    weights[i] = Math.max(-levels, Math.min(levels, Math.round(values[i] as number)));
  }
  return { weights, scale: 1 / (sigma * Math.sqrt(o.fanIn)) };
}

/** Fair coins. */
function randomInput(geometry: PaperBlock, images: number): PackedSpins {
  const spinCount = inputShape(geometry).reduce((product, n) => product * n, 1);
  const stride = wordsPerRow(spinCount);
  const random = randomStream(99n);
  const words = Uint32Array.from({ length: images * stride }, () => random.word());
  const used = spinCount % 32;
  if (used > 0) {
    for (let at = stride - 1; at < words.length; at += stride) words[at] = (words[at] as number) & (2 ** used - 1);
  }
  return { words, rows: images, spinCount };
}
