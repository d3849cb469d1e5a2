/**
 * Makes a model take raw pixels (architecture section 4): its float input becomes u8, and the normalisation that was
 * applied in training becomes four nodes in front, part of the first host stage.
 */
import { InvalidRequestError } from '@isinglass/sdk';
import { type ElementType, elementTypes, fromNumbers, isFloat } from '../onnx/element-type.ts';
import type { OnnxModel, OnnxNode, Tensor } from '../onnx/onnx-model.ts';

/** (pixel · scale − mean) / std; mean and std may have one number per channel. */
export interface PixelInput {
  readonly dtype: 'u8';
  /** Default 1/255. */
  readonly scale?: number;
  /** Default 0. */
  readonly mean?: number | readonly number[];
  /** Default 1. */
  readonly std?: number | readonly number[];
  /** Which input; needed where the model has several. */
  readonly name?: string;
}

/** Prefix of the names of the nodes that normalise. */
export const normalisationPrefix = 'isinglass_pixels_';

export function normalisePixels(model: OnnxModel, pixels: PixelInput): OnnxModel {
  const input = model.inputs.find(({ name }) => pixels.name === undefined || name === pixels.name);
  if (input === undefined) {
    throw new InvalidRequestError(`the model has no input ${pixels.name}; it has ${names(model)}`, {
      where: 'input.name',
    });
  }
  if (pixels.name === undefined && model.inputs.length > 1) {
    throw new InvalidRequestError(`the model has several inputs (${names(model)}): say which one takes pixels`, {
      where: 'input.name',
    });
  }
  if (!isFloat(input.type)) {
    throw new InvalidRequestError(`input ${input.name} is ${input.type} already: it cannot be normalised`, {
      where: 'input',
    });
  }
  const channels = input.shape?.[1];
  const constant = (part: string, values: number | readonly number[]): Tensor => {
    const list = typeof values === 'number' ? [values] : values;
    const perChannel = typeof values !== 'number';
    if (perChannel && list.length !== channels) {
      throw new InvalidRequestError(
        `input.${part} has ${list.length} numbers; input ${input.name} has ${channels ?? 'no'} channels`,
        { where: `input.${part}` },
      );
    }
    if (list.some((v) => !Number.isFinite(v)) || (part !== 'mean' && list.includes(0))) {
      throw new InvalidRequestError(`input.${part} must be finite${part === 'mean' ? '' : ' and not zero'}: ${list}`, {
        where: `input.${part}`,
      });
    }
    const dims = perChannel ? [list.length, ...(input.shape ?? []).slice(2).map(() => 1)] : [];
    const name = fresh(model, `${normalisationPrefix}${part}`);
    return { name, type: input.type, dims, elements: fromNumbers(input.type, Float64Array.from(list)) };
  };
  const constants = [
    constant('scale', pixels.scale ?? 1 / 255),
    constant('mean', pixels.mean ?? 0),
    constant('std', pixels.std ?? 1),
  ];
  const normalised = fresh(model, `${normalisationPrefix}value`);

  const nodes: OnnxNode[] = [];
  const add = (opType: string, inputs: readonly string[], attributes: OnnxNode['attributes'] = new Map()) => {
    const name = fresh(model, `${normalisationPrefix}${opType.toLowerCase()}`);
    const output = opType === 'Div' ? normalised : `${name}_value`;
    nodes.push({ name, opType, domain: '', inputs, outputs: [output], attributes });
    return output;
  };
  const [scale, mean, std] = constants.map(({ name }) => name) as [string, string, string];
  const float = add('Cast', [input.name], new Map([['to', { kind: 'int', value: BigInt(codeOf(input.type)) }]]));
  add('Div', [add('Sub', [add('Mul', [float, scale]), mean]), std]);

  const renamed = (value: string) => (value === input.name ? normalised : value);
  return {
    ...model,
    nodes: [...nodes, ...model.nodes.map((node) => ({ ...node, inputs: node.inputs.map(renamed) }))],
    constants: new Map([...model.constants, ...constants.map((tensor) => [tensor.name, tensor] as const)]),
    inputs: model.inputs.map((other) => (other === input ? { ...input, type: 'uint8' } : other)),
  };
}

function codeOf(type: ElementType): number {
  return elementTypes[type].code;
}

function names(model: OnnxModel): string {
  return model.inputs.map(({ name }) => name).join(', ') || 'none';
}

/** A name that the model does not use. */
function fresh(model: OnnxModel, base: string): string {
  const taken = (name: string) =>
    model.constants.has(name) ||
    model.nodes.some((node) => node.name === name || node.outputs.includes(name)) ||
    model.inputs.some((input) => input.name === name);
  let name = base;
  for (let k = 2; taken(name); k++) name = `${base}_${k}`;
  return name;
}
