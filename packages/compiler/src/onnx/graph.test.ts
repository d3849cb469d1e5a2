import { expect, test } from 'vitest';
import { OnnxBuilder, rawTensor } from '../../test/support/onnx-builder.ts';
import { buildGraph } from './graph.ts';
import { readModel } from './read-model.ts';

async function graphOf(write: (b: OnnxBuilder) => void) {
  const b = new OnnxBuilder();
  b.input('x', ['batch', 2]);
  write(b);
  return buildGraph(await readModel({ model: b.bytes() }));
}

const relu = (b: OnnxBuilder, from: string, to: string, name: string) =>
  b.node('Relu', [from], {}, { name, outputs: [to] });

test('nodes come after those whose values they read, whatever the order in the file', async () => {
  const graph = await graphOf((b) => {
    relu(b, 'b', 'c', 'third');
    relu(b, 'a', 'b', 'second');
    relu(b, 'x', 'a', 'first');
    b.output('c', ['batch', 2]);
  });
  expect(graph.nodes.map(({ name }) => name)).toEqual(['first', 'second', 'third']);
  expect(graph.producer.get('b')?.name).toBe('second');
  expect(graph.consumers.get('a')?.map(({ name }) => name)).toEqual(['second']);
});

test('a cycle names a node on it', async () => {
  const cyclic = graphOf((b) => {
    relu(b, 'x', 'a', 'free');
    b.node('Add', ['a', 'c'], {}, { name: 'loop', outputs: ['b'] });
    relu(b, 'b', 'c', 'back');
    b.output('c', ['batch', 2]);
  });
  await expect(cyclic).rejects.toMatchObject({ code: 'invalid-model', where: 'loop' });
});

test('a value that nothing defines names the node that reads it', async () => {
  await expect(
    graphOf((b) => {
      relu(b, 'nothing', 'a', 'reader');
      b.output('a', ['batch', 2]);
    }),
  ).rejects.toMatchObject({ code: 'invalid-model', where: 'reader' });
});

test.for([
  { what: 'by two nodes', second: (b: OnnxBuilder) => relu(b, 'x', 'a', 'again'), where: 'again' },
  {
    what: 'by a node and an initialiser',
    second: (b: OnnxBuilder) => b.addTensor(rawTensor('a', 'float', [2], [1, 2])),
    where: 'first',
  },
  { what: 'by a node and an input', second: (b: OnnxBuilder) => b.input('a', ['batch', 2]), where: 'first' },
])('a value defined twice, $what, is refused', async ({ second, where }) => {
  const graph = graphOf((b) => {
    relu(b, 'x', 'a', 'first');
    second(b);
    b.output('a', ['batch', 2]);
  });
  await expect(graph).rejects.toMatchObject({ code: 'invalid-model', where });
});

test('two initialisers, inputs or outputs of one name are refused', async () => {
  const twice = (add: (b: OnnxBuilder) => void) =>
    graphOf((b) => {
      relu(b, 'x', 'a', 'first');
      b.output('a', ['batch', 2]);
      add(b);
    });
  for (const add of [
    (b: OnnxBuilder) => b.addTensor(rawTensor('c', 'float', [1], [1])).addTensor(rawTensor('c', 'float', [1], [1])),
    (b: OnnxBuilder) => b.input('x', ['batch', 2]),
    (b: OnnxBuilder) => b.output('a', ['batch', 2]),
    (b: OnnxBuilder) => b.output('nothing', ['batch', 2]),
  ]) {
    await expect(twice(add)).rejects.toMatchObject({ code: 'invalid-model' });
  }
  await twice((b) => b.addTensor(rawTensor('c', 'float', [1], [1])));
});

test('a model without outputs is refused', async () => {
  await expect(graphOf((b) => relu(b, 'x', 'a', 'only'))).rejects.toThrow('no output');
});
