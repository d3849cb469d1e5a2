import { expect, test } from 'vitest';
import { tinyOnnx } from '../../test/support/tiny-onnx.ts';
import type { HostTensor } from '../session/host-runtime.ts';
import { nodeHostRuntime } from './node.ts';
import { onnxHostRuntime } from './onnx-runtime.ts';
import { webHostRuntime } from './web.ts';

const shape = [2] as const;
/** Two inputs whose order matters, of two types: out = float(a) − b, and b again. */
const model = tinyOnnx({
  inputs: [
    { name: 'zz', dtype: 'u8', shape },
    { name: 'aa', dtype: 'f32', shape },
  ],
  outputs: [
    { name: 'y', dtype: 'f32', shape },
    { name: 'b', dtype: 'f32', shape },
  ],
  nodes: [
    { op: 'Cast', inputs: ['zz'], output: 'float' },
    { op: 'Sub', inputs: ['float', 'aa'], output: 'y' },
    { op: 'Identity', inputs: ['aa'], output: 'b' },
  ],
});
const a: HostTensor = { dtype: 'u8', shape: [3, 2], data: Uint8Array.of(1, 2, 3, 4, 5, 255) };
const b: HostTensor = { dtype: 'f32', shape: [3, 2], data: Float32Array.of(0.5, 0, -1, 0, 0, 0) };
const { signal } = new AbortController();

for (const [name, runtime] of [
  ['onnxruntime-node', nodeHostRuntime({ threads: 2 })],
  ['onnxruntime-web', webHostRuntime()],
] as const) {
  test(`${name} runs a graph, bound by position, for any batch, and can be closed twice`, async () => {
    const graph = await runtime.load(model, { signal });
    const outputs = await graph.run([a, b]);
    expect(outputs).toEqual([
      { dtype: 'f32', shape: [3, 2], data: Float32Array.of(0.5, 2, 4, 4, 5, 255) },
      { dtype: 'f32', shape: [3, 2], data: b.data },
    ]);
    const one = await graph.run([
      { dtype: 'u8', shape: [1, 2], data: Uint8Array.of(9, 9) },
      { dtype: 'f32', shape: [1, 2], data: Float32Array.of(1, 2) },
    ]);
    expect(one[0]?.data).toEqual(Float32Array.of(8, 7));
    await expect(graph.run([a])).rejects.toThrow('2 inputs, not 1');
    await graph.close();
    await graph.close();
  });

  test(`${name} refuses bytes that are no model, and a load that is aborted`, async () => {
    await expect(runtime.load(Uint8Array.of(1, 2, 3), { signal })).rejects.toThrow();
    await expect(runtime.load(model, { signal: AbortSignal.abort('stop') })).rejects.toBe('stop');
  });
}

test('a package that is missing is named with the command that installs it', async () => {
  const missing = onnxHostRuntime({
    name: 'onnxruntime-node',
    load: () => Promise.reject(new Error("Cannot find package 'onnxruntime-node'")),
    session: {},
  });
  await expect(missing.load(model, { signal })).rejects.toMatchObject({
    code: 'unsupported',
    feature: 'host',
    message: expect.stringContaining('npm install onnxruntime-node'),
  });
});
