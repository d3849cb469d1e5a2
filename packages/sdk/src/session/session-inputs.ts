/** The images of a run against what the program takes. */

import { checkSpins, integerIn, invalid } from '../device/check-values.ts';
import { InvalidRequestError } from '../errors/isinglass-error.ts';
import type { ProgramJson, ValueDtype, ValueSpec } from '../program/program-json.ts';
import type { SessionInput } from './session-options.ts';
import { elementsPerImage, isSpins, type StageValue, toSpins } from './stage-value.ts';

export interface SessionInputs {
  readonly images: number;
  /** By name; the program's inputs. */
  readonly values: ReadonlyMap<string, StageValue>;
}

/** Throws InvalidRequestError that says what came, what the program takes, and what to do. */
export function sessionInputs(
  images: SessionInput | readonly SessionInput[] | number,
  { inputs }: Pick<ProgramJson, 'inputs'>,
): SessionInputs {
  if (typeof images === 'number') {
    if (inputs.length > 0) {
      throw invalid('images', images, `the program's inputs: ${inputs.map(described).join(', ')}`);
    }
    return { images: integerIn('images', images, { min: 1, max: 2 ** 32 }), values: new Map() };
  }
  const given: readonly SessionInput[] = isList(images) ? images : [images];
  if (given.length !== inputs.length || given.length === 0) {
    const takes =
      inputs.length === 0 ? 'a count of images: the program has no inputs' : inputs.map(described).join(', ');
    throw invalid('images.length', given.length, takes);
  }
  const values = new Map<string, StageValue>();
  let count: number | undefined;
  inputs.forEach((spec, n) => {
    const value = checkedInput(given[n], spec);
    const batch = isSpins(value) ? value.rows : (value.shape[0] ?? 0);
    if (count !== undefined && batch !== count) {
      throw new InvalidRequestError(
        `input "${spec.name}" has ${batch} images, input "${inputs[0]?.name}" has ${count}; allowed: as many of each`,
        { where: `images[${n}]` },
      );
    }
    count = batch;
    values.set(spec.name, value);
  });
  return { images: count ?? 0, values };
}

function isList(images: SessionInput | readonly SessionInput[]): images is readonly SessionInput[] {
  return Array.isArray(images);
}

const arrays = { f32: Float32Array, u8: Uint8Array, i64: BigInt64Array } as const;

function checkedInput(input: SessionInput | undefined, spec: ValueSpec): StageValue {
  const where = `images "${spec.name}"`;
  if (typeof input !== 'object' || input === null) throw invalid(where, input, described(spec));
  if (isSpins(input)) {
    if (spec.dtype !== 'spin') throw invalid(`${where}.dtype`, 'packed spins', described(spec));
    checkSpins(where, input, { rows: input.rows, spinCount: elementsPerImage(spec) });
    return input;
  }
  const array = arrays[input.dtype] as (typeof arrays)[keyof typeof arrays] | undefined;
  if (array === undefined) throw invalid(`${where}.dtype`, input.dtype, 'f32, u8 or i64');
  if (!(input.data instanceof array))
    throw invalid(`${where}.data`, input.data, `a ${array.name}, as dtype ${input.dtype} says`);
  const expected: Exclude<ValueDtype, 'spin'> = spec.dtype === 'spin' ? 'f32' : spec.dtype;
  if (input.dtype !== expected) throw wrongDtype(input.dtype, expected, spec);
  checkShape(input, spec);
  return spec.dtype === 'spin' ? toSpins(input, spec) : input;
}

function wrongDtype(given: ValueDtype, expected: ValueDtype, spec: ValueSpec): InvalidRequestError {
  const remedy =
    given === 'u8' && expected === 'f32'
      ? 'normalise the pixels as in training, or compile with --input u8 so that the program does'
      : `convert the data to ${expected}`;
  return new InvalidRequestError(
    `input "${spec.name}" is ${given}, the program takes ${described(spec)} as ${expected}: ${remedy}`,
    { where: `images "${spec.name}".dtype` },
  );
}

function checkShape(input: Exclude<SessionInput, { words: unknown }>, spec: ValueSpec): void {
  const shape = Array.isArray(input.shape) ? (input.shape as readonly number[]) : [];
  const fits =
    shape.length === spec.shape.length &&
    spec.shape.every((size, axis) => (size === 'batch' ? Number.isInteger(shape[axis]) : size === shape[axis]));
  if (fits && shape[0] === 0) throw invalid(`images "${spec.name}".shape[0]`, 0, 'at least one image');
  if (!fits || !((shape[0] ?? 0) >= 1)) {
    throw new InvalidRequestError(
      `input "${spec.name}" has the shape [${shape.join(', ')}], the program takes [${spec.shape.join(', ')}]`,
      { where: `images "${spec.name}".shape` },
    );
  }
  const elements = shape.reduce((product, size) => product * size, 1);
  if (input.data.length !== elements) {
    throw invalid(`images "${spec.name}".data.length`, input.data.length, `${elements}, as the shape says`);
  }
}

function described(spec: ValueSpec): string {
  return `"${spec.name}" ${spec.dtype} [${spec.shape.join(', ')}]`;
}
