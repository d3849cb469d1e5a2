/** How pixels become the network's floats: `(pixel · scale − mean) / std`, from flags or from a model card. */

import type { PixelInput } from '@isinglass/compiler';
import { InvalidRequestError } from '@isinglass/sdk';
import { defined } from '../arguments/defined.ts';
import { real } from '../arguments/numbers.ts';
import { readJsonFile } from '../images/input-file.ts';

export interface PixelFlags {
  readonly input?: 'u8';
  readonly inputScale?: number;
  readonly inputMean?: readonly number[];
  readonly inputStd?: readonly number[];
  /** The path of a card. */
  readonly card?: string;
}

/** Undefined: the program takes what the network takes. */
export function pixelInput(flags: PixelFlags): PixelInput | undefined {
  const { inputScale, inputMean, inputStd } = flags;
  const normalised = inputScale !== undefined || inputMean !== undefined || inputStd !== undefined;
  if (flags.card !== undefined) {
    if (!normalised && flags.input === undefined) return cardInput(flags.card);
    throw new InvalidRequestError('--card already says how pixels are normalised: leave the --input flags out', {
      where: '--card',
    });
  }
  if (flags.input === undefined) {
    if (!normalised) return undefined;
    throw new InvalidRequestError('--input-scale, --input-mean and --input-std need --input u8', { where: '--input' });
  }
  const mean = inputMean && oneOrAll(inputMean);
  const std = inputStd && oneOrAll(inputStd);
  return { dtype: flags.input, ...defined({ scale: inputScale, mean, std }) };
}

/** The `input` section of a model card: `{ "pixels": "u8", "scale": "1/255", "mean": 0.1307, "std": 0.3081 }`. */
export function cardInput(path: string): PixelInput {
  const card = readJsonFile(path);
  const input = isRecord(card) && isRecord(card.input) ? card.input : undefined;
  if (input === undefined) throw new InvalidRequestError(`${path} has no input section`, { where: `${path}: input` });
  if (input.pixels !== 'u8') {
    throw new InvalidRequestError(`${path}: input.pixels is ${JSON.stringify(input.pixels)}, only "u8" is known`, {
      where: `${path}: input.pixels`,
    });
  }
  return pixelNumbers(input, `${path}: input`);
}

/** `scale`, `mean` and `std` from JSON: numbers, fractions as text, or lists; those that are absent stay so. */
export function pixelNumbers(input: Readonly<Record<string, unknown>>, where: string): PixelInput {
  const numbers = (key: 'scale' | 'mean' | 'std'): number | readonly number[] | undefined => {
    const value = input[key];
    if (value === undefined) return undefined;
    const list = [value].flat().map(numberOf);
    if (list.length > 0 && list.every((entry) => entry !== undefined)) return oneOrAll(list);
    throw new InvalidRequestError(`${where}.${key} is ${JSON.stringify(value)}; it must be a number or a list`, {
      where: `${where}.${key}`,
    });
  };
  const scale = numbers('scale');
  if (typeof scale === 'object') {
    throw new InvalidRequestError(`${where}.scale must be one number`, { where: `${where}.scale` });
  }
  return { dtype: 'u8', ...defined({ scale, mean: numbers('mean'), std: numbers('std') }) };
}

/** A list of one is the same number for every channel. */
function oneOrAll(values: readonly number[]): number | readonly number[] {
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : values;
}

/** A finite number, also written as a string or a fraction. */
function numberOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  try {
    return real(value);
  } catch {
    return undefined;
  }
}

/** Whether it is a JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
