/** What `compile` does beyond its passes: the name, the same bytes again, all options at once. */
import { type Block, readProgram, writeProgram } from '@isinglass/sdk';
import { expect, test } from 'vitest';
import { type CompileOptions, compile } from '../src/index.ts';
import { profileWithWeightBits } from './support/device-profile.ts';
import { encodeModel, OnnxBuilder } from './support/onnx-builder.ts';
import { dice } from './support/random-block.ts';

function numbers(seed: number, count: number): Float32Array {
  const random = dice(seed);
  return Float32Array.from({ length: count }, () => random() * 2 - 1);
}

/** Two dense blocks of six spins between the pixels and a decoder. */
function network(graphName = 'main_graph'): Uint8Array {
  const b = new OnnxBuilder();
  const layer = (x: string, seed: number) => b.gemm(x, numbers(seed, 36), [6, 6], numbers(seed + 1, 6));
  const block = (x: string, seed: number) => b.sign(layer(b.tanh(layer(x, seed)), seed + 2));
  const y = block(block(b.sign(layer(b.input('image', ['batch', 6]), 1)), 10), 20);
  b.node('Relu', [layer(y, 30)], {}, { outputs: ['scores'] });
  const model = b.output('scores', ['batch', 6]).proto();
  return encodeModel({ ...model, graph: { ...model.graph, name: graphName } });
}

test('a program has the name that was asked for, else the graph’s own, else the source’s', async () => {
  const nameOf = async (graph: string, source: { readonly name?: string } = {}, options: CompileOptions = {}) =>
    (await compile({ model: network(graph), ...source }, options)).program.json.name;
  expect(await nameOf('digits', { name: 'file' }, { name: 'asked' })).toBe('asked');
  expect(await nameOf('digits', { name: 'file' })).toBe('digits');
  // What exporters call every graph is no name.
  for (const graph of ['', 'main_graph', 'torch_jit', 'torch-jit-export']) {
    expect(await nameOf(graph, { name: 'file' })).toBe('file');
    expect(await nameOf(graph)).toBe('model');
  }
});

test('the same model and options give the same bytes, provenance included', async () => {
  const bytes = async () => writeProgram((await compile(network(), everyOption)).program);
  expect(Buffer.compare(await bytes(), await bytes())).toBe(0);
});

const everyOption: CompileOptions = {
  name: 'all',
  law: 'fixed',
  weightBits: 5,
  fractionBits: 10,
  delta: [0.1, 0.3],
  sweeps: [25, 31],
  burnIn: [5, 3],
  stride: [2, 4],
  chains: [3, 1],
  readout: 'conditional-sum',
  tie: -1,
  init: 'feed-forward',
  input: { dtype: 'u8', scale: 1 / 255, mean: 0.5, std: 0.25, name: 'image' },
  binaryInputs: [],
  device: profileWithWeightBits(5),
  signal: new AbortController().signal,
};

test('all options at once: each is in the program, and the file holds it', async () => {
  const { program, report } = await compile(network(), everyOption);
  const blocks = program.json.stages.filter((stage): stage is Block => stage.kind === 'block');
  expect(blocks.map(({ schedule }) => schedule)).toMatchObject([
    { sweeps: 25, burnIn: 5, stride: 2, chains: 3, init: 'feed-forward' },
    { sweeps: 31, burnIn: 3, stride: 4, chains: 1, init: 'feed-forward' },
  ]);
  expect(blocks.map(({ gains }) => gains.find(({ id }) => id === 'delta')?.value)).toEqual([0.1, 0.3]);
  for (const { fixed, readouts, couplings } of blocks) {
    expect(fixed).toEqual({ fractionBits: 10, beta: 1 });
    expect(readouts).toMatchObject([{ observable: 'conditional-sum', tie: -1 }]);
    for (const { constraint } of couplings) expect(constraint).toEqual({ weightBits: 5 });
  }
  expect(program.json.inputs).toEqual([{ name: 'image', dtype: 'u8', shape: ['batch', 6] }]);
  expect(report).toMatchObject({ name: 'all', weightBits: 5, fractionBits: 10, programHash: program.hash });
  expect(readProgram(writeProgram(program)).hash).toBe(program.hash);
});
