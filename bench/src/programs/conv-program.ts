import type { Block, ProgramTensor } from '@isinglass/sdk';
import type { ConvWorkload } from '../workloads/workload.ts';
import { type BlockTask, type BlockTaskOptions, blockTask, fractionBits } from './block-task.ts';
import { fieldPlanes } from './field-planes.ts';
import { roundWeights } from './round-weights.ts';

/** The two maps of a convolution workload as one block: color 0 is s1, color 1 is s2, which is read. */
export function convProgram(name: string, w: ConvWorkload, o: BlockTaskOptions): BlockTask {
  const { height, width, channels1, channels2, beta } = w;
  const images = Math.min(o.rows, w.batch);
  const map = height * width;
  const planes = (id: string, channels: number, h: Float32Array) =>
    fieldPlanes({
      bank: { id, shape: [channels, height, width] },
      h: h.subarray(0, images * channels * map),
      images,
      fractionBits,
      beta,
      gain: 'one',
    });
  const fields1 = planes('s1', channels1, w.h1);
  const fields2 = planes('s2', channels2, w.h2);
  const { weights, scale } = roundWeights(w.kernel, o.weightBits);
  const kernel: ProgramTensor = { dtype: 'I8', shape: [channels2, channels1, 3, 3], data: weights };
  const block: Block = {
    kind: 'block',
    id: 'block',
    index: 0,
    banks: [
      ...fields1.banks,
      ...fields2.banks,
      { id: 's1', role: 'free', shape: [channels1, height, width], color: 0 },
      { id: 's2', role: 'free', shape: [channels2, height, width], color: 1 },
    ],
    gains: [
      { id: 'one', value: 1, runtime: false },
      { id: 'delta', value: w.delta, runtime: false },
    ],
    couplings: [
      ...fields1.couplings,
      ...fields2.couplings,
      ...(o.coupled
        ? [
            {
              id: 'k',
              from: 's1',
              to: 's2',
              gain: 'delta',
              scale,
              form: {
                kind: 'conv' as const,
                kernel: { tensor: 'k' },
                strides: [1, 1],
                pads: [1, 1, 1, 1],
                dilations: [1, 1],
                groups: 1,
              },
            },
          ]
        : []),
    ],
    biases: [],
    readouts: [{ id: 'y', bank: 's2', observable: o.observable, tie: 1 }],
    schedule: { sweeps: 1, burnIn: 0, stride: 1, chains: 1, colors: [0, 1], init: 'random', beta },
    fixed: { fractionBits, beta },
  };
  const tensors = new Map([...fields1.tensors, ...fields2.tensors, ...(o.coupled ? ([['k', kernel]] as const) : [])]);
  return blockTask(name, block, tensors, { images, chains: 1, inputs: { ...fields1.inputs, ...fields2.inputs } });
}
