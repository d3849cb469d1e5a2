import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { encodeModel, OnnxBuilder } from '../../test/support/onnx-builder.ts';
import type { isinglass } from './generated/onnx.js';
import { readModel } from './read-model.ts';

type Entries = NonNullable<isinglass.onnx.TensorProto.$Properties['externalData']>;

/** A model with two external tensors, w1 at 0 … 16 and w2 at 64 … 96 of weights.data. */
function external() {
  const b = new OnnxBuilder({ style: 'dynamo', externalBytesMin: 8 });
  b.input('x', ['batch', 4]);
  b.addTensorOf('w1', [1, 2, 3, 4]);
  b.addTensorOf('w2', [1, 2, 3, 4, 5, 6, 7, 8]);
  b.node('Relu', ['x'], {}, { outputs: ['y'] });
  return { proto: b.output('y', ['batch', 4]).proto(), files: b.externalFiles() };
}

/** Reads it with the entries of w2 changed, or w2's file. */
async function readWith(change: Readonly<Record<string, string | null>>, file?: Uint8Array, bytesMax = 1000) {
  const { proto, files } = external();
  const entries: Entries = proto.graph?.initializer?.[1]?.externalData ?? [];
  const kept = entries.filter(({ key }) => change[key ?? ''] !== null);
  for (const entry of kept) entry.value = change[entry.key ?? ''] ?? entry.value ?? '';
  const added = Object.entries(change).flatMap(([key, value]) =>
    value !== null && !entries.some((entry) => entry.key === key) ? [{ key, value }] : [],
  );
  const tensor = proto.graph?.initializer?.[1];
  if (tensor) tensor.externalData = [...kept, ...added];
  const asked: string[] = [];
  const model = await readModel(
    {
      model: encodeModel(proto),
      external: async (location) => {
        asked.push(location);
        return file ?? files.get('weights.data') ?? new Uint8Array();
      },
    },
    { modelBytesMax: 10_000, externalBytesMax: bytesMax },
  );
  return { asked, constants: model.constants };
}

test('a file is asked for once, and its tensors are where they say', async () => {
  const { asked, constants } = await readWith({});
  expect(asked).toEqual(['weights.data']);
  expect(constants.get('w2')?.elements).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
});

test('an absent offset is 0, an absent length what the tensor needs', async () => {
  const { constants } = await readWith({ length: null });
  expect(constants.get('w2')?.elements).toHaveLength(8);
});

test('tensors may share one region: tied parameters', async () => {
  const { proto, files } = external();
  const [w1] = proto.graph?.initializer ?? [];
  const tied = { ...w1, name: 'tied' };
  const model = encodeModel({
    ...proto,
    graph: { ...proto.graph, initializer: [...(proto.graph?.initializer ?? []), tied] },
  });
  const { constants } = await readModel({ model, external: async () => files.get('weights.data') ?? new Uint8Array() });
  expect(constants.get('tied')?.elements).toEqual(Float32Array.of(1, 2, 3, 4));
});

test.for([
  { location: '../weights.data', says: 'leaves the folder' },
  { location: 'a/../../weights.data', says: 'leaves the folder' },
  { location: '/weights.data', says: 'is absolute' },
  { location: 'C:weights.data', says: 'is absolute' },
  { location: 'a\\weights.data', says: 'backslash' },
  { location: 'a\0b', says: 'zero byte' },
  { location: '', says: 'is empty' },
])('the location "$location" is refused before anything is read', async ({ location, says }) => {
  await expect(readWith({ location })).rejects.toMatchObject({
    code: 'invalid-model',
    where: 'w2',
    message: expect.stringContaining(says),
  });
});

test('a location in a folder beside the model is read', async () => {
  expect((await readWith({ location: 'parts/weights..data' })).asked).toEqual(['weights.data', 'parts/weights..data']);
});

test.for([
  { what: 'an offset beyond the end', change: { offset: '100' }, says: 'bytes 100 to 132 are beyond the end' },
  { what: 'a length that is not the tensor’s', change: { length: '28' }, says: 'need 32 bytes, its length says 28' },
  { what: 'an offset that is no number', change: { offset: '-1' }, says: 'not a whole number' },
  { what: 'an offset above 2^53', change: { offset: '9007199254740993' }, says: 'not a whole number' },
  { what: 'no location', change: { location: null }, says: 'names no location' },
  { what: 'an overlap', change: { offset: '12' }, says: 'overlap' },
])('$what is refused', async ({ change, says }) => {
  await expect(readWith(change)).rejects.toMatchObject({
    code: 'invalid-model',
    where: 'w2',
    message: expect.stringContaining(says),
  });
});

test('a file one byte too short is refused, one that is just long enough is not', async () => {
  await expect(readWith({}, new Uint8Array(95))).rejects.toThrow('which has 95 bytes');
  await readWith({}, new Uint8Array(96));
});

test('the files together may have as many bytes as the limit', async () => {
  await readWith({}, new Uint8Array(96), 96);
  await expect(readWith({}, new Uint8Array(96), 95)).rejects.toThrow('the limit is 95');
});

test('a checksum is compared where the model gives one', async () => {
  const file = new Uint8Array(96).fill(7);
  const checksum = createHash('sha1').update(file).digest('hex');
  await readWith({ checksum, location: 'other.data' }, file);
  await expect(readWith({ checksum: '0'.repeat(40), location: 'other.data' }, file)).rejects.toThrow('has SHA-1');
});

test('a model with external data needs a source that reads it', async () => {
  await expect(readModel({ model: encodeModel(external().proto) })).rejects.toThrow('pass a ModelSource');
});
