/** Host stages: reading ONNX signatures, and what flows between stages (P114, P161). */
import { describe, expect, test } from 'vitest';
import { onnxSignature } from '../src/program/onnx-signature.ts';
import { readProgram } from '../src/program/read-program.ts';
import { writeContainer } from '../src/program/safetensors.ts';
import { valueSpecs } from '../src/program/value-specs.ts';
import { ControlDraft, controlBytes } from './support/control-draft.ts';

type Part = Uint8Array | readonly Part[];

/** A protobuf field: a varint for a number, else length-delimited. */
function field(number: number, value: number | string | Part): Part {
  if (typeof value === 'number') return [varint(number * 8), varint(value)];
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : flat(value);
  return [varint(number * 8 + 2), varint(bytes.length), bytes];
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.from([...bytes, rest]);
}

function flat(part: Part): Uint8Array<ArrayBuffer> {
  if (part instanceof Uint8Array) return new Uint8Array(part);
  const pieces = part.map(flat);
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** `null` is a symbolic dimension, undefined an absent shape. */
function valueInfo(name: string, elementType: number, shape: readonly (number | null)[] | undefined): Part {
  const dimensions = shape?.map((size) => field(1, size === null ? field(2, 'n') : field(1, size)));
  return [field(1, name), field(2, field(1, [field(1, elementType), ...(dimensions ? [field(2, dimensions)] : [])]))];
}

interface ModelParts {
  readonly inputs?: readonly Part[];
  readonly outputs?: readonly Part[];
  readonly initializers?: readonly Part[];
  readonly nodes?: readonly Part[];
}

function model({ inputs = [], outputs = [], initializers = [], nodes = [] }: ModelParts): Uint8Array<ArrayBuffer> {
  const graph = [
    ...nodes.map((part) => field(1, part)),
    ...initializers.map((part) => field(5, part)),
    ...inputs.map((part) => field(11, part)),
    ...outputs.map((part) => field(12, part)),
  ];
  return flat([field(1, 8), field(7, graph), field(8, field(2, 13))]);
}

const image = valueInfo('in', 1, [null, 4]);

describe('the signature of a model', () => {
  test('has names, element types and dimensions; symbolic and absent sizes are open', () => {
    const bytes = model({
      inputs: [image, valueInfo('raw', 2, undefined)],
      outputs: [valueInfo('out', 7, [null, 3, null])],
    });
    expect(onnxSignature(bytes)).toEqual({
      inputs: [
        { name: 'in', elementType: 1, dimensions: [null, 4] },
        { name: 'raw', elementType: 2, dimensions: undefined },
      ],
      outputs: [{ name: 'out', elementType: 7, dimensions: [null, 3, null] }],
    });
  });

  test('leaves out inputs that an initializer gives a value', () => {
    const bytes = model({
      inputs: [image, valueInfo('w', 1, [4])],
      initializers: [[field(1, 4), field(2, 1), field(8, 'w')]],
    });
    expect(onnxSignature(bytes)).toMatchObject({ inputs: [{ name: 'in' }] });
  });

  test('an input that is no tensor has no element type', () => {
    const sequence = [field(1, 'list'), field(2, field(4, field(1, field(1, field(1, 1)))))];
    expect(onnxSignature(model({ inputs: [sequence] }))).toMatchObject({ inputs: [{ elementType: undefined }] });
  });
});

describe('bytes that are no self-contained model', () => {
  const whole = model({
    inputs: [image],
    outputs: [image],
    nodes: [[field(1, 'in'), field(2, 'out'), field(4, 'Sign')]],
  });
  const nested = (depth: number): Part => {
    let graph: Part = [];
    for (let n = 0; n < depth; n++) graph = field(1, field(5, [field(1, 'body'), field(6, graph)]));
    return graph;
  };

  test('the model that the others are damaged from decodes', () => {
    expect(onnxSignature(whole)).toHaveProperty('inputs');
    expect(onnxSignature(flat(field(7, nested(15))))).toHaveProperty('inputs');
  });

  test.each([
    ['every truncation loses the end of some field', whole.slice(0, -1)],
    ['no bytes', new Uint8Array()],
    ['a node that ends early', model({ nodes: [Uint8Array.of(10, 200)] })],
    ['a name that is not UTF-8', model({ nodes: [field(3, Uint8Array.of(0xff))] })],
    ['a number where a message belongs', flat(field(7, 3))],
    ['field number 0', Uint8Array.of(0, 0)],
    ['a group', Uint8Array.of(11, 12)],
    ['a varint of eleven bytes', new Uint8Array(11).fill(0x88)],
    ['two graphs', flat([field(7, []), field(7, [])])],
    [
      'weights outside the file',
      model({ initializers: [[field(8, 'w'), field(13, [field(1, 'location'), field(2, '/etc/passwd')])]] }),
    ],
    ['graphs inside each other without end', flat(field(7, nested(10_000)))],
  ])('%s', (_, bytes) => {
    expect(onnxSignature(bytes)).toHaveProperty('fault');
  });
});

describe('values between stages', () => {
  const host = () => new ControlDraft('host');
  const onnx = (draft: ControlDraft, name: 'encoder' | 'decoder', bytes: Uint8Array<ArrayBuffer>) => {
    draft.tensor(`${name}.onnx`, 'U8', [bytes.length], bytes);
    return draft;
  };
  const encoder = (input: Part, output: Part) => onnx(host(), 'encoder', model({ inputs: [input], outputs: [output] }));

  test('an open size of a host output is fixed by the bank that it feeds', () => {
    expect(encoder(image, valueInfo('out', 1, [null, null])).places()).toEqual([]);
    expect(encoder(image, valueInfo('out', 1, undefined)).places()).toEqual([]);
  });

  test('an open size that nothing fixes is refused', () => {
    const draft = onnx(host(), 'decoder', model({ inputs: [image], outputs: [valueInfo('out', 1, [null, null])] }));
    expect(draft.places()).toEqual([]);
    expect(draft.set('outputs', []).places()).toEqual(['P161 at stages[2].outputs[0]']);
  });

  test('a host stage must take any number of images', () => {
    expect(encoder(valueInfo('in', 1, [1, 4]), image).places()).toEqual(['P161 at inputs[0].shape']);
    expect(encoder(image, valueInfo('out', 1, [1, 4])).places()).toEqual(['P161 at stages[0].outputs[0]']);
    expect(encoder(image, valueInfo('out', 1, [])).places()).toEqual(['P161 at stages[0].outputs[0]']);
  });

  test('element types other than FLOAT, UINT8 and INT64 are no values', () => {
    expect(encoder(image, valueInfo('out', 11, [null, 4])).places()).toEqual(['P161 at stages[0].outputs[0]']);
    expect(
      encoder(valueInfo('in', 2, [null, 4]), image)
        .set('inputs[0].dtype', 'u8')
        .places(),
    ).toEqual([]);
    expect(
      encoder(valueInfo('in', 7, [null, 4]), image)
        .set('inputs[0].dtype', 'i64')
        .places(),
    ).toEqual([]);
    expect(encoder(valueInfo('in', 11, [null, 4]), image).places()).toEqual(['P161 at inputs[0].dtype']);
  });

  test('spins are pinned by spin and f32 values of the bank’s shape only', () => {
    expect(encoder(image, valueInfo('out', 7, [null, 4])).places()).toEqual(['P113 at stages[1].banks[0].value']);
    expect(encoder(image, valueInfo('out', 1, [null, 2, 2])).places()).toEqual(['P113 at stages[1].banks[0].value']);
  });

  test('a disagreement about a value of an earlier stage is the reader’s', () => {
    const draft = onnx(host(), 'decoder', model({ inputs: [valueInfo('in', 1, [null, 5])], outputs: [image] }));
    expect(draft.places()).toEqual(['P161 at stages[2].inputs[0]']);
  });

  test('program outputs have the dtype of their value', () => {
    expect(host().set('outputs[0].dtype', 'u8').places()).toEqual(['P114 at outputs[0].dtype']);
    expect(
      host()
        .set('outputs[0]', { name: 'y', dtype: 'spin', shape: ['batch', 4] })
        .places(),
    ).toEqual([]);
    expect(
      host()
        .set('outputs[0]', { name: 'y', dtype: 'f32', shape: ['batch', 4] })
        .places(),
    ).toEqual(['P114 at outputs[0].dtype']);
  });

  test('a program input is defined once, and not again by a stage', () => {
    const input = { name: 'image', dtype: 'f32', shape: ['batch', 4] };
    expect(host().set('inputs[1]', input).places()).toContain('P114 at inputs[1].name');
    expect(
      host()
        .set('inputs[1]', { ...input, name: 'y' })
        .places(),
    ).toContain('P114 at stages[1].readouts[0].signs');
  });

  test('a stage cannot read what it defines', () => {
    expect(host().set('stages[0].inputs[0]', 'x').places()).toEqual(['P114 at stages[0].inputs[0]']);
    expect(host().set('stages[1].banks[0].value', 'y').places()).toEqual(['P114 at stages[1].banks[0].value']);
  });

  test('the specs of all values, for a session', () => {
    expect([...valueSpecs(readProgram(controlBytes('host'))).values()]).toEqual([
      { name: 'image', dtype: 'f32', shape: ['batch', 4] },
      { name: 'x', dtype: 'f32', shape: ['batch', 4] },
      { name: 'y', dtype: 'spin', shape: ['batch', 4] },
      { name: 'logits', dtype: 'f32', shape: ['batch', 4] },
    ]);
    const open = encoder(image, valueInfo('out', 1, undefined));
    const file = writeContainer({ programText: JSON.stringify(open.json), tensors: open.tensors });
    expect(valueSpecs(readProgram(file)).get('x')).toEqual({ name: 'x', dtype: 'f32', shape: ['batch', 4] });
  });
});
