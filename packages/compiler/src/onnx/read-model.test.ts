import { isIsinglassError } from '@isinglass/sdk';
import Long from 'long';
import { describe, expect, test } from 'vitest';
import { encodeModel, OnnxBuilder, rawTensor } from '../../test/support/onnx-builder.ts';
import { toNumbers } from './element-type.ts';
import type { isinglass } from './generated/onnx.js';
import type { Tensor } from './onnx-model.ts';
import { readModel } from './read-model.ts';

type ModelProto = isinglass.onnx.ModelProto.$Properties;
type TensorProto = isinglass.onnx.TensorProto.$Properties;

function proto(): ModelProto {
  const b = new OnnxBuilder();
  b.node('Add', [b.input('x', ['batch', 2]), b.initializer([1, 2], [2], { name: 'c' })], {}, { outputs: ['y'] });
  return b.output('y', ['batch', 2]).proto();
}

const read = (model: ModelProto) => readModel({ model: encodeModel(model) });

async function fault(model: ModelProto | Uint8Array, limits?: Parameters<typeof readModel>[1]): Promise<string> {
  const bytes = model instanceof Uint8Array ? model : encodeModel(model);
  const error: unknown = await readModel({ model: bytes }, limits).then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!isIsinglassError(error)) throw error ?? new Error('it was accepted');
  expect(error.code).toBe('invalid-model');
  return `${error.where}: ${error.message}`;
}

test('a model that is in order is read', async () => {
  const model = await read(proto());
  expect(model.producer).toBe('pytorch 2.8.0');
  expect(model.opsets).toEqual(new Map([['', 17]]));
  expect(model.inputs).toEqual([{ name: 'x', type: 'float32', shape: ['batch', 2] }]);
  expect(model.constants.get('c')?.elements).toEqual(Float32Array.of(1, 2));
});

describe('the file', () => {
  test('every proper beginning of a file is refused or is another model, never another error', async () => {
    const bytes = encodeModel(proto());
    for (let length = 0; length < bytes.length; length++) {
      await readModel({ model: bytes.subarray(0, length) }).catch((e: unknown) => {
        if (!isIsinglassError(e)) throw e;
      });
    }
    expect(await fault(bytes.subarray(0, bytes.length / 2))).toContain('damaged');
    expect(await fault(new Uint8Array())).toContain('it has no graph');
    expect(await fault(new TextEncoder().encode('{"not": "protobuf"}'))).toContain('file:');
  });

  test('a file may have as many bytes as the limit, and not one more', async () => {
    const model = encodeModel(proto());
    const limits = (modelBytesMax: number) => ({ modelBytesMax, externalBytesMax: 0 });
    await readModel({ model }, limits(model.length));
    expect(await fault(model, limits(model.length - 1))).toContain(`the limit is ${model.length - 1}`);
  });

  test('opset 13 is the oldest; IR 3 to 13 are read', async () => {
    const versions = (opset: number, ir: number): ModelProto => ({
      ...proto(),
      irVersion: Long.fromNumber(ir),
      opsetImport: [{ domain: '', version: Long.fromNumber(opset) }],
    });
    for (const [opset, ir] of [
      [13, 3],
      [13, 13],
      [30, 7],
    ] as const) {
      await read(versions(opset, ir));
    }
    expect(await fault(versions(12, 7))).toContain('opset 12 is too old');
    expect(await fault(versions(17, 2))).toContain('IR version 2');
    expect(await fault(versions(17, 14))).toContain('IR version 14');
    expect(await fault({ ...proto(), opsetImport: [] })).toContain('does not say which opset');
  });

  test('what the importer does not follow is refused: functions, nested graphs, sparse tensors, sequences', async () => {
    expect(await fault({ ...proto(), functions: [new Uint8Array(2)] })).toContain('functions inlined');
    const sparse = proto();
    expect(await fault({ ...sparse, graph: { ...sparse.graph, sparseInitializer: [new Uint8Array(2)] } })).toContain(
      'sparse',
    );
    const nested = proto();
    nested.graph?.node?.[0]?.attribute?.push({ name: 'then_branch', type: 5, g: new Uint8Array(2) });
    expect(await fault(nested)).toContain('nested graph');
    const sequence = proto();
    expect(
      await fault({
        ...sequence,
        graph: { ...sequence.graph, input: [{ name: 'x', type: { sequenceType: new Uint8Array(1) } }] },
      }),
    ).toContain('not a tensor');
  });

  test('names are text: unnamed and equally named nodes get names of their own', async () => {
    const b = new OnnxBuilder();
    b.input('x', ['batch', 2]);
    b.node('Relu', ['x'], {}, { name: '', outputs: ['a'] });
    b.node('Relu', ['a'], {}, { name: 'r', outputs: ['b'] });
    b.node('Relu', ['b'], {}, { name: 'r', outputs: ['c'] });
    const { nodes } = await readModel({ model: b.output('c', ['batch', 2]).bytes() });
    expect(nodes.map(({ name }) => name)).toEqual(['Relu_0', 'r', 'r#2']);
  });
});

describe('tensors', () => {
  async function tensor(t: TensorProto): Promise<Tensor> {
    const model = proto();
    const { constants } = await read({ ...model, graph: { ...model.graph, initializer: [{ ...t, name: 'c' }] } });
    const found = constants.get('c');
    if (found === undefined) throw new Error('no tensor');
    return found;
  }
  const dims = (...sizes: number[]) => sizes.map((size) => Long.fromNumber(size));
  async function numbers(t: TensorProto): Promise<number[]> {
    const { type, elements } = await tensor(t);
    return Array.from(toNumbers(type, elements));
  }

  test('every element type has its field, and raw bytes', async () => {
    const cases: readonly [TensorProto, readonly number[]][] = [
      [{ dataType: 1, floatData: [1.5, -2] }, [1.5, -2]],
      [{ dataType: 11, doubleData: [1.5, -2] }, [1.5, -2]],
      [{ dataType: 6, int32Data: [7, -8] }, [7, -8]],
      [{ dataType: 3, int32Data: [127, -128] }, [127, -128]],
      [{ dataType: 2, int32Data: [0, 255] }, [0, 255]],
      [{ dataType: 9, int32Data: [0, 1] }, [0, 1]],
      [{ dataType: 10, int32Data: [0x3c00, 0xc000] }, [1, -2]],
      [{ dataType: 16, int32Data: [0x3f80, 0xc000] }, [1, -2]],
      [{ dataType: 7, int64Data: dims(2 ** 40, -3) }, [2 ** 40, -3]],
      [{ dataType: 12, uint64Data: dims(2 ** 31, 1) }, [2 ** 31, 1]],
      [rawTensor('c', 'float', [2], [1.5, -2]), [1.5, -2]],
      [rawTensor('c', 'int64', [2], [5, -6]), [5, -6]],
      [rawTensor('c', 'float16', [2], [0x3c00, 0x3800]), [1, 0.5]],
      [rawTensor('c', 'bool', [2], [1, 0]), [1, 0]],
    ];
    for (const [t, expected] of cases) expect(await numbers({ dims: dims(2), ...t })).toEqual(expected);
  });

  test('raw bytes at any alignment are read', async () => {
    for (let length = 1; length <= 8; length++) {
      const model = proto();
      const initializer = [{ ...rawTensor('c', 'double', [2], [0.1, -0.2]), docString: 'x'.repeat(length) }];
      const { constants } = await read({
        ...model,
        producerName: 'y'.repeat(length),
        graph: { ...model.graph, initializer },
      });
      expect(constants.get('c')?.elements).toEqual(Float64Array.of(0.1, -0.2));
    }
  });

  test('scalars have no dims, empty tensors a dim of 0', async () => {
    expect(await numbers(rawTensor('c', 'float', [], [3]))).toEqual([3]);
    expect(await numbers({ dataType: 1, dims: dims(0, 3) })).toEqual([]);
  });

  test.for([
    { what: 'too few raw bytes', t: { ...rawTensor('c', 'float', [2], [1]) }, says: 'needs 8 bytes and has 4' },
    { what: 'too many raw bytes', t: { ...rawTensor('c', 'float', [2], [1, 2, 3]) }, says: 'needs 8 bytes and has 12' },
    { what: 'too few elements', t: { dataType: 1, dims: dims(3), floatData: [1] }, says: 'needs 3 elements' },
    { what: 'a negative dim', t: { dataType: 1, dims: dims(-1), floatData: [1] }, says: 'the dimension -1' },
    { what: 'a huge dim', t: { dataType: 1, dims: dims(2 ** 40, 0) }, says: 'the dimension 1099511627776' },
    { what: 'huge dims', t: { dataType: 1, dims: dims(2 ** 30, 2 ** 30, 2) }, says: 'too large' },
    {
      what: 'a rank of 33',
      t: { dataType: 1, dims: dims(...Array<number>(33).fill(1)), floatData: [1] },
      says: 'rank 33',
    },
    { what: 'strings', t: { dataType: 8, dims: dims(1), stringData: [new Uint8Array(1)] }, says: 'element type 8' },
    { what: 'an unknown type', t: { dataType: 99, dims: dims(1) }, says: 'element type 99' },
    { what: 'a byte of 256', t: { dataType: 2, dims: dims(1), int32Data: [256] }, says: 'outside the range of uint8' },
    { what: 'NaN', t: { dataType: 1, dims: dims(1), floatData: [Number.NaN] }, says: 'holds NaN' },
    { what: 'NaN of 16 bits', t: { dataType: 10, dims: dims(1), int32Data: [0x7e00] }, says: 'holds NaN' },
  ] as const)('$what is refused, by the name of the tensor', async ({ t, says }) => {
    const model = proto();
    const message = await fault({
      ...model,
      graph: { ...model.graph, initializer: [{ ...t, name: 'c' } as TensorProto] },
    });
    expect(message).toContain(says);
    expect(message.startsWith('c: ')).toBe(true);
  });
});
