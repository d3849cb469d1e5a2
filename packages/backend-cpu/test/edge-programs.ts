/** Programs at the edges of what the kernels' arithmetic is proved for: every number of a coupling of two banks is chosen, not drawn. */
import type { Bank, Block, Coupling, Dtype, Program, ProgramJson, ProgramTensor, TensorData } from '@isinglass/sdk';
import { createProgram, programFeatures, spinCountOf } from '@isinglass/sdk';

type Shape = readonly number[];

/** The geometry of a convolution; without it, a full matrix joins the banks. */
export interface ConvSketch {
  readonly kernel: Shape;
  readonly strides: readonly number[];
  readonly pads: readonly number[];
  readonly dilations: readonly number[];
  readonly groups: number;
}

export interface TwoBanks {
  /** Shapes; the coupling goes from a to b. */
  readonly a: Shape;
  readonly b: Shape;
  /** a is an input. */
  readonly pinned?: boolean;
  readonly conv?: ConvSketch;
  /** All weights, in the order of the tensor: `[b][a]` for a matrix, the kernel's for a convolution. */
  readonly weights: (index: number) => number;
  /** 2^15 ≤ M < 2^16; 0 … 40. */
  readonly M: number;
  readonly sh: number;
  /** 4 … 12 */
  readonly fractionBits: number;
  /** B of a bank's spin, in units of the field. Default: 0. */
  readonly biasA?: (spin: number) => number;
  readonly biasB?: (spin: number) => number;
}

export function twoBanks(o: TwoBanks): Program {
  const { a, b, conv, fractionBits } = o;
  const tensors = new Map<string, ProgramTensor>();
  const add = (name: string, dtype: Dtype, shape: Shape, data: TensorData) => {
    tensors.set(name, { dtype, shape: [...shape], data });
    return { tensor: name };
  };
  const shape = conv?.kernel ?? [spinCountOf({ shape: [...b] }), spinCountOf({ shape: [...a] })];
  const weights = Int8Array.from({ length: spinCountOf({ shape: [...shape] }) }, (_, n) => o.weights(n));
  const ref = add('w', 'I8', shape, weights);
  const form: Coupling['form'] =
    conv === undefined
      ? { kind: 'dense', matrix: ref }
      : {
          kind: 'conv',
          kernel: ref,
          strides: [...conv.strides],
          pads: [...conv.pads],
          dilations: [...conv.dilations],
          groups: conv.groups,
        };
  const bias = (bank: string, own: Shape, units: ((spin: number) => number) | undefined): Block['biases'] => {
    if (units === undefined) return [];
    const values = Float32Array.from(
      { length: spinCountOf({ shape: [...own] }) },
      (_, n) => units(n) / 2 ** fractionBits,
    );
    return [{ bank, gain: 'one', form: 'spin', values: add(`${bank}.bias`, 'F32', own, values) }];
  };
  const pinned = o.pinned === true;
  const bankA: Bank = pinned
    ? { id: 'a', role: 'pinned', shape: [...a], value: 'a' }
    : { id: 'a', role: 'free', shape: [...a], color: 0 };
  const block: Block = {
    kind: 'block',
    id: 'block',
    index: 3,
    banks: [bankA, { id: 'b', role: 'free', shape: [...b], color: 1 }],
    gains: [{ id: 'one', value: 1, runtime: false }],
    // The factor M·2^−sh, without rounding.
    couplings: [{ id: 'j', from: 'a', to: 'b', gain: 'one', scale: o.M / 2 ** o.sh / 2 ** fractionBits, form }],
    biases: [...(pinned ? [] : bias('a', a, o.biasA)), ...bias('b', b, o.biasB)],
    readouts: [{ id: 'y', bank: 'b', observable: 'spin-sum', tie: 1 }],
    schedule: {
      sweeps: 4,
      burnIn: 0,
      stride: 1,
      chains: 1,
      colors: pinned ? [1] : [0, 1],
      init: 'random',
      beta: 1,
    },
    fixed: { fractionBits, beta: 1 },
  };
  const inputs: ProgramJson['inputs'] = pinned ? [{ name: 'a', dtype: 'spin', shape: ['batch', ...a] }] : [];
  return programOfBlock(block, inputs, tensors);
}

/** A hub joined to leaves within one bank: the spin with the most neighbors, and those with the fewest. */
export interface Star {
  readonly leaves: number;
  readonly weights: (leaf: number) => number;
  readonly M: number;
  readonly sh: number;
  readonly fractionBits: number;
  /** B of the hub and of the leaves, in units of the field. */
  readonly bias?: (spin: number) => number;
}

export function star(o: Star): Program {
  const spins = o.leaves + 1;
  const tensors = new Map<string, ProgramTensor>();
  const add = (name: string, dtype: Dtype, data: TensorData): { readonly tensor: string } => {
    tensors.set(name, { dtype, shape: [data.length], data });
    return { tensor: name };
  };
  const { leaves } = o;
  const form: Coupling['form'] = {
    kind: 'sparse',
    rowStart: add('starts', 'U32', new Uint32Array(spins + 1).fill(leaves, 1)),
    column: add(
      'columns',
      'U32',
      Uint32Array.from({ length: leaves }, (_, n) => n + 1),
    ),
    value: add(
      'w',
      'I8',
      Int8Array.from({ length: leaves }, (_, n) => o.weights(n)),
    ),
  };
  const { bias } = o;
  const values = Float32Array.from({ length: spins }, (_, n) => (bias?.(n) ?? 0) / 2 ** o.fractionBits);
  const block: Block = {
    kind: 'block',
    id: 'block',
    index: 3,
    banks: [
      { id: 's', role: 'free', shape: [spins], colorMap: add('color', 'U16', new Uint16Array(spins).fill(1, 1)) },
    ],
    gains: [{ id: 'one', value: 1, runtime: false }],
    couplings: [{ id: 'j', from: 's', to: 's', gain: 'one', scale: o.M / 2 ** o.sh / 2 ** o.fractionBits, form }],
    biases: bias === undefined ? [] : [{ bank: 's', gain: 'one', form: 'spin', values: add('bias', 'F32', values) }],
    readouts: [{ id: 'y', bank: 's', observable: 'spin-sum', tie: 1 }],
    schedule: { sweeps: 3, burnIn: 0, stride: 1, chains: 1, colors: [1, 0], init: 'random', beta: 1 },
    fixed: { fractionBits: o.fractionBits, beta: 1 },
  };
  return programOfBlock(block, [], tensors);
}

/** One bank, the n-th spin joined to the next one; colors take turns, the largest is `colorMax`. Default: as many colors as spins. */
export function manyColors(o: {
  readonly spins: number;
  readonly colors?: number;
  readonly colorMax: number;
  readonly weight: number;
}): Program {
  const { spins, colorMax } = o;
  const tensors = new Map<string, ProgramTensor>();
  const colors = Uint16Array.from({ length: spins }, (_, n) => colorMax - (n % (o.colors ?? spins)));
  tensors.set('color', { dtype: 'U16', shape: [spins], data: colors });
  const starts = Uint32Array.from({ length: spins + 1 }, (_, n) => Math.min(n, spins - 1));
  tensors.set('starts', { dtype: 'U32', shape: [spins + 1], data: starts });
  tensors.set('columns', {
    dtype: 'U32',
    shape: [spins - 1],
    data: Uint32Array.from({ length: spins - 1 }, (_, n) => n + 1),
  });
  tensors.set('w', { dtype: 'I8', shape: [spins - 1], data: new Int8Array(spins - 1).fill(o.weight) });
  const block: Block = {
    kind: 'block',
    id: 'block',
    index: 3,
    banks: [{ id: 's', role: 'free', shape: [spins], colorMap: { tensor: 'color' } }],
    gains: [{ id: 'one', value: 1, runtime: false }],
    couplings: [
      {
        id: 'j',
        from: 's',
        to: 's',
        gain: 'one',
        scale: 0.5 / o.weight,
        form: { kind: 'sparse', rowStart: { tensor: 'starts' }, column: { tensor: 'columns' }, value: { tensor: 'w' } },
      },
    ],
    biases: [],
    readouts: [{ id: 'y', bank: 's', observable: 'spin-sum', tie: 1 }],
    schedule: { sweeps: 3, burnIn: 0, stride: 1, chains: 1, colors: [...new Set(colors)], init: 'random', beta: 1 },
    fixed: { fractionBits: 9, beta: 1 },
  };
  return programOfBlock(block, [], tensors);
}

function programOfBlock(
  block: Block,
  inputs: ProgramJson['inputs'],
  tensors: ReadonlyMap<string, ProgramTensor>,
): Program {
  const json: Omit<ProgramJson, 'features'> = {
    irVersion: '1.0',
    name: 'edge',
    provenance: {},
    law: { kind: 'fixed' },
    inputs,
    outputs: [],
    stages: [block],
  };
  return createProgram({ ...json, features: programFeatures(json) }, tensors);
}
