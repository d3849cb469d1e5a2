/** Damage that knows what a program file is: to its header, its program text, its tensors. */
import { readContainer } from '../../src/program/safetensors.ts';
import type { Dice } from '../../src/testing/dice.ts';
import { mutateBytes, mutateJson, type StructuredMutator } from '../../src/testing/mutate.ts';

/** Changes the header, the program or the data of a program file and frames it again with right lengths. */
export const mutateProgramFile: StructuredMutator = (source, dice) => {
  if (source.length < 8) return undefined;
  const headerBytes = Number(new DataView(source.buffer, source.byteOffset, 8).getBigUint64(0, true));
  const header: unknown = JSON.parse(new TextDecoder().decode(source.subarray(8, 8 + headerBytes)));
  const data = source.subarray(8 + headerBytes);
  const part = dice.pick(['program', 'program', 'program', 'program text', 'header', 'data', 'tensor'] as const);
  switch (part) {
    case 'program': {
      const container = readContainer(source);
      if (container.kind === 'invalid') return undefined;
      const { value, done } = mutateJson(JSON.parse(container.programText), dice);
      return { bytes: framed(withProgram(header, jsonText(value, dice)), data), done: `program: ${done}` };
    }
    case 'program text': {
      const container = readContainer(source);
      if (container.kind === 'invalid') return undefined;
      const text = mutateBytes(new TextEncoder().encode(container.programText), dice);
      return {
        bytes: framed(withProgram(header, new TextDecoder().decode(text.bytes)), data),
        done: `text: ${text.done}`,
      };
    }
    case 'header': {
      const { value, done } = mutateJson(header, dice);
      return { bytes: framed(value, data), done: `header: ${done}` };
    }
    case 'data': {
      const changed = mutateBytes(data, dice);
      return { bytes: framed(header, changed.bytes), done: `data: ${changed.done}` };
    }
    case 'tensor':
      return reshaped(header, data, dice);
    default:
      return part satisfies never;
  }
};

/** Says another dtype, or another shape of equally many bytes, so that the container stays valid. */
function reshaped(header: unknown, data: Uint8Array, dice: Dice): ReturnType<StructuredMutator> {
  const entries = Object.entries(header as Record<string, { dtype: string; shape: number[] }>);
  const tensors = entries.filter(([name]) => name !== '__metadata__');
  if (tensors.length === 0) return undefined;
  const [name, tensor] = dice.pick(tensors);
  const swaps: Readonly<Record<string, string>> = {
    I8: 'U8',
    U8: 'I8',
    F32: 'U32',
    U32: 'F32',
    U16: 'I16',
    U64: 'I64',
  };
  const shape = dice.chance(0.5) ? [...tensor.shape].reverse() : [tensor.shape.reduce((a, b) => a * b, 1)];
  const changed = dice.chance(0.5) ? { ...tensor, dtype: swaps[tensor.dtype] ?? tensor.dtype } : { ...tensor, shape };
  return { bytes: framed({ ...(header as object), [name]: changed }, data), done: `tensor ${name}` };
}

/** JSON text; sometimes with a literal that `JSON.stringify` would not write. */
function jsonText(value: unknown, dice: Dice): string {
  const text = JSON.stringify(value) ?? '';
  if (dice.chance(0.85)) return text;
  const literal = dice.pick([
    '1e999',
    '-0',
    '1.0',
    '9007199254740993',
    '123456789012345680000',
    '01',
    'NaN',
    '"\\ud800"',
  ]);
  const numbers = [...text.matchAll(/(?<=[:[,])-?\d+(\.\d+)?(?=[,}\]])/g)];
  if (numbers.length === 0) return text;
  const { index, 0: old } = dice.pick(numbers);
  return text.slice(0, index) + literal + text.slice(index + old.length);
}

function withProgram(header: unknown, isinglass: string): unknown {
  return { ...(header as object), __metadata__: { format: 'isg', isinglass } };
}

function framed(header: unknown, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(header) ?? '');
  const headerBytes = 8 * Math.ceil(text.length / 8);
  const file = new Uint8Array(8 + headerBytes + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.fill(0x20, 8, 8 + headerBytes);
  file.set(text, 8);
  file.set(data, 8 + headerBytes);
  return file;
}
