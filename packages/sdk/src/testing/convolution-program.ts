/** Programs of one given geometry, where random ones would hide what a test is about. */

import { createProgram } from '../program/create-program.ts';
import type { Program, ProgramTensor } from '../program/program.ts';
import { programFeatures } from '../program/program-features.ts';
import type { Block, ProgramJson } from '../program/program-json.ts';
import { Dice } from './dice.ts';

/** Two free banks of `channels` maps of `size`×`size`, joined by one 3×3 convolution; no pinned bank. */
export function convolutionProgram(o: {
  readonly channels: number;
  readonly size: number;
  readonly sweeps?: number;
}): Program {
  const dice = new Dice(o.channels * 1000 + o.size);
  const shape = [o.channels, o.channels, 3, 3];
  const kernel = Int8Array.from({ length: shape.reduce((product, n) => product * n, 1) }, () => dice.integer(-63, 63));
  const scale = 1 / (63 * Math.sqrt(9 * o.channels));
  const maps = [o.channels, o.size, o.size];
  const block: Block = {
    kind: 'block',
    id: 'block',
    index: 3,
    banks: [
      { id: 'a', role: 'free', shape: maps, color: 0 },
      { id: 'b', role: 'free', shape: maps, color: 1 },
    ],
    gains: [{ id: 'delta', value: 1, runtime: true }],
    couplings: [
      {
        id: 'k',
        from: 'a',
        to: 'b',
        gain: 'delta',
        scale,
        form: {
          kind: 'conv',
          kernel: { tensor: 'k' },
          strides: [1, 1],
          pads: [1, 1, 1, 1],
          dilations: [1, 1],
          groups: 1,
        },
      },
    ],
    biases: [],
    readouts: [{ id: 'y', bank: 'b', observable: 'spin-sum', tie: 1 }],
    schedule: { sweeps: o.sweeps ?? 8, burnIn: 0, stride: 1, chains: 1, colors: [0, 1], init: 'random', beta: 1 },
    fixed: { fractionBits: 9, beta: 1 },
  };
  return programOfBlock(block, new Map([['k', { dtype: 'I8', shape, data: kernel }]]));
}

/** The program of one block without inputs; of the fixed law where the block has its numbers. */
export function programOfBlock(block: Block, tensors: ReadonlyMap<string, ProgramTensor>): Program {
  const json: Omit<ProgramJson, 'features'> = {
    irVersion: '1.0',
    name: 'test',
    provenance: {},
    law: { kind: block.fixed === undefined ? 'real' : 'fixed' },
    inputs: [],
    outputs: [],
    stages: [block],
  };
  return createProgram({ ...json, features: programFeatures(json) }, tensors);
}
