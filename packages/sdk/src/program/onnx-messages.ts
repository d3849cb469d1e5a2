/**
 * Whether bytes are an ONNX model (onnx.proto, IR version 3 and later): every known field of every nested message has
 * its wire type and every text is UTF-8. Fields that this list does not know are passed over, as protobuf demands.
 */
import { ProtobufError, type WireField, wireFields } from './protobuf-reader.ts';

type MessageName = keyof typeof messages;
type FieldType =
  | 'varint'
  | 'float'
  | 'text'
  | 'bytes'
  /** Repeated numbers: packed, or one by one. */
  | 'varints'
  | 'floats'
  | 'doubles'
  /** Refused: a program file contains all its numbers (semantics 8.2). */
  | 'external'
  | { readonly message: string };

const message = (name: string): FieldType => ({ message: name });

const messages = {
  model: {
    1: 'varint',
    2: 'text',
    3: 'text',
    4: 'text',
    5: 'varint',
    6: 'text',
    7: message('graph'),
    8: message('opset'),
    14: message('entry'),
    25: message('function'),
  },
  opset: { 1: 'text', 2: 'varint' },
  entry: { 1: 'text', 2: 'text' },
  function: {
    1: 'text',
    4: 'text',
    5: 'text',
    6: 'text',
    7: message('node'),
    8: 'text',
    9: message('opset'),
    10: 'text',
    11: message('attribute'),
    12: message('valueInfo'),
    13: 'text',
  },
  graph: {
    1: message('node'),
    2: 'text',
    5: message('tensor'),
    10: 'text',
    11: message('valueInfo'),
    12: message('valueInfo'),
    13: message('valueInfo'),
    15: message('sparseTensor'),
    16: message('entry'),
  },
  node: {
    1: 'text',
    2: 'text',
    3: 'text',
    4: 'text',
    5: message('attribute'),
    6: 'text',
    7: 'text',
    8: 'text',
    9: message('entry'),
  },
  attribute: {
    1: 'text',
    2: 'float',
    3: 'varint',
    4: 'bytes',
    5: message('tensor'),
    6: message('graph'),
    7: 'floats',
    8: 'varints',
    9: 'bytes',
    10: message('tensor'),
    11: message('graph'),
    13: 'text',
    14: message('type'),
    15: message('type'),
    20: 'varint',
    21: 'text',
    22: message('sparseTensor'),
    23: message('sparseTensor'),
  },
  tensor: {
    1: 'varints',
    2: 'varint',
    4: 'floats',
    5: 'varints',
    6: 'bytes',
    7: 'varints',
    8: 'text',
    9: 'bytes',
    10: 'doubles',
    11: 'varints',
    12: 'text',
    13: 'external',
    14: 'varint',
  },
  sparseTensor: { 1: message('tensor'), 2: message('tensor'), 3: 'varints' },
  valueInfo: { 1: 'text', 2: message('type'), 3: 'text', 4: message('entry') },
  type: {
    1: message('tensorType'),
    4: message('sequenceType'),
    5: message('mapType'),
    6: 'text',
    8: message('tensorType'),
    9: message('sequenceType'),
  },
  tensorType: { 1: 'varint', 2: message('shape') },
  sequenceType: { 1: message('type') },
  mapType: { 1: 'varint', 2: message('type') },
  shape: { 1: message('dimension') },
  dimension: { 1: 'varint', 2: 'text', 3: 'text' },
} as const satisfies Readonly<Record<string, Readonly<Record<number, FieldType>>>>;

const nestingMax = 64;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Throws ProtobufError, which says where in the model the fault is. */
export function checkOnnxModel(bytes: Uint8Array): void {
  checkMessage(bytes, 'model', 0);
}

function checkMessage(bytes: Uint8Array, name: MessageName, depth: number): void {
  if (depth > nestingMax) throw new ProtobufError(`messages are nested more than ${nestingMax} deep`);
  const known: Readonly<Record<number, FieldType>> = messages[name];
  for (const field of fieldsOf(bytes, name)) {
    const type = known[field.number];
    if (type !== undefined) checkField(field, type, name, depth);
  }
}

function* fieldsOf(bytes: Uint8Array, name: MessageName): Generator<WireField, void, undefined> {
  try {
    yield* wireFields(bytes);
  } catch (e) {
    throw e instanceof ProtobufError && !e.message.startsWith('in ')
      ? new ProtobufError(`in ${name}: ${e.message}`)
      : e;
  }
}

function checkField(field: WireField, type: FieldType, name: MessageName, depth: number): void {
  const wrong = (what: string) => new ProtobufError(`in ${name}: field ${field.number} ${what}`);
  if (typeof type === 'object') {
    if (field.wire !== 'bytes') throw wrong(`is a ${field.wire}, not a message`);
    checkMessage(field.value, type.message as MessageName, depth + 1);
    return;
  }
  if (type === 'external') throw wrong('refers to data outside the file');
  if (!wiresOf[type].includes(field.wire)) throw wrong(`is a ${field.wire}, not ${type}`);
  if (type === 'text' && field.wire === 'bytes') decodeText(field.value);
}

const wiresOf: Readonly<Record<Exclude<FieldType, object | 'external'>, readonly WireField['wire'][]>> = {
  varint: ['varint'],
  float: ['fixed32'],
  text: ['bytes'],
  bytes: ['bytes'],
  varints: ['varint', 'bytes'],
  floats: ['fixed32', 'bytes'],
  doubles: ['fixed64', 'bytes'],
};

/** Throws ProtobufError when the bytes are not UTF-8. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new ProtobufError('a text is not UTF-8');
  }
}
