/** Damage that knows what an ONNX file is: any field of any message, written again as a well-formed file. */
import type { Dice, StructuredMutator } from '@isinglass/sdk/testing';
import Long from 'long';
import { isinglass } from '../../src/onnx/generated/onnx.js';
import { encodeModel } from '../support/onnx-builder.ts';

interface Place {
  readonly parent: Record<string, unknown> | unknown[];
  readonly key: string;
  readonly path: string;
}

/** Numbers at the edges of what sizes, axes and enumerations may be. */
const tellingIntegers: readonly number[] = [
  ...[0, 1, 2, 3, -1, -2, 7, 13, 16, 64, 255, 1000, 65536, 2 ** 20, 2 ** 31 - 1],
  ...[2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 53, -(2 ** 62), 2 ** 62],
];
const tellingFloats: readonly number[] = [0, -0, 1, -1, 1e-30, 1e30, Number.NaN, Number.POSITIVE_INFINITY, 3.4e38];
const operators: readonly string[] = [
  ...['Add', 'AveragePool', 'BatchNormalization', 'Cast', 'Concat', 'Constant', 'ConstantOfShape', 'Conv', 'Div'],
  ...['Dropout', 'Expand', 'Flatten', 'Gather', 'Gemm', 'Identity', 'If', 'MatMul', 'Mul', 'Pad', 'Range', 'Relu'],
  ...[
    'Reshape',
    'Shape',
    'Sign',
    'Slice',
    'Split',
    'Squeeze',
    'Sub',
    'Tanh',
    'TopK',
    'Transpose',
    'Unsqueeze',
    'Where',
  ],
];

/** One to three changes of fields, entries of lists, or elements. */
export const mutateOnnxFile: StructuredMutator = (source, dice) => {
  let model: Record<string, unknown>;
  try {
    model = isinglass.onnx.ModelProto.decode(source) as unknown as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const done: string[] = [];
  const changes = dice.pick([1, 1, 1, 2, 3]);
  for (let n = 0; n < changes; n++) {
    const places = [...placesOf(model, '')];
    const place = dice.pick(places);
    done.push(`${change(place, places, dice)} ${place.path}`);
  }
  try {
    return { bytes: encodeModel(model), done: done.join(', ') };
  } catch {
    // A value stands where its type cannot be written: another mutation will do.
    return undefined;
  }
};

function isLeaf(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Long.isLong(value) || value instanceof Uint8Array;
}

/** Every set field and every entry of a list; of long lists of numbers a few entries. */
function* placesOf(value: unknown, path: string): Generator<Place, void, undefined> {
  if (isLeaf(value)) return;
  const parent = value as Place['parent'];
  const keys = Object.keys(parent);
  for (const key of keys.length > 64 ? keys.filter((_, i) => i % Math.floor(keys.length / 64) === 0) : keys) {
    const inside = `${path}/${key}`;
    yield { parent, key, path: inside };
    yield* placesOf(read(parent, key), inside);
  }
}

function read(parent: Place['parent'], key: string): unknown {
  return (parent as Record<string, unknown>)[key];
}

function change(place: Place, places: readonly Place[], dice: Dice): string {
  const { parent, key } = place;
  const fields = parent as Record<string, unknown>;
  const old = fields[key];
  const kind = dice.pick(['value', 'value', 'value', 'borrow', 'remove', 'repeat'] as const);
  switch (kind) {
    case 'remove':
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete fields[key];
      break;
    case 'repeat':
      if (Array.isArray(parent)) for (let n = dice.pick([1, 1, 2, 40]); n > 0; n--) parent.splice(Number(key), 0, old);
      break;
    case 'borrow': {
      // Only what holds nothing: a message within itself could not be written.
      const alike = places.filter((other) => other.key === key && isLeaf(read(other.parent, other.key)));
      if (isLeaf(old) && alike.length > 0) fields[key] = read(dice.pick(alike).parent, key);
      break;
    }
    case 'value':
      fields[key] = changed(old, key, places, dice);
      break;
    default:
      kind satisfies never;
  }
  return kind;
}

function changed(old: unknown, key: string, places: readonly Place[], dice: Dice): unknown {
  if (Long.isLong(old)) return Long.fromNumber(dice.pick([...tellingIntegers, old.toNumber() + 1, old.toNumber() * 2]));
  if (typeof old === 'number') {
    return Number.isInteger(old) ? dice.pick(tellingIntegers) | 0 : dice.pick([...tellingFloats, old * 2]);
  }
  if (typeof old === 'string') {
    if (key === 'opType') return dice.pick(operators);
    const names = places.map((place) => read(place.parent, place.key)).filter((value) => typeof value === 'string');
    return dice.pick(['', 'x', '../x', `${old}x`, dice.pick(names)]);
  }
  if (old instanceof Uint8Array) {
    const bytes = Uint8Array.from(old);
    if (bytes.length === 0 || dice.chance(0.2)) return new Uint8Array(dice.pick([0, 1, 8, 4096]));
    const view = new DataView(bytes.buffer);
    const at = dice.integer(0, bytes.length - 1);
    // Raw data is float32 or int64 nearly always.
    if (at % 8 === 0 && at + 8 <= bytes.length && dice.chance(0.5)) {
      view.setBigInt64(at, BigInt(dice.pick(tellingIntegers)), true);
    } else if (at + 4 <= bytes.length) {
      view.setFloat32(at - (at % 4), dice.pick(tellingFloats), true);
    } else {
      bytes[at] = dice.integer(0, 255);
    }
    return bytes;
  }
  if (Array.isArray(old)) return dice.chance(0.5) ? [] : [...old].reverse();
  return old;
}
