/** Options that are one value for all blocks, one per block, or by block id. */
import { invalid } from '../device/check-values.ts';
import { InvalidRequestError } from '../errors/isinglass-error.ts';
import type { Block } from '../program/program-json.ts';
import type { PerBlock } from './session-options.ts';

/** One entry per block, undefined where the option says nothing about it. */
export function perBlock<T extends number | string>(
  field: string,
  option: PerBlock<T> | undefined,
  blocks: readonly Block[],
): readonly (T | undefined)[] {
  if (option === undefined || typeof option === 'number' || typeof option === 'string') {
    return blocks.map(() => option);
  }
  if (isList(option)) {
    if (option.length !== blocks.length) {
      throw new InvalidRequestError(
        `${field} has ${option.length} values; allowed: one, or ${blocks.length}, one per block`,
        { where: field },
      );
    }
    return option;
  }
  if (typeof option !== 'object' || option === null) {
    throw invalid(field, option, 'one value, an array with one per block, or an object by block id');
  }
  for (const id of Object.keys(option)) {
    if (!blocks.some((block) => block.id === id)) {
      const ids = blocks.map((block) => block.id).join(', ');
      throw new InvalidRequestError(`${field} names "${id}"; allowed: the blocks ${ids}`, { where: `${field}.${id}` });
    }
  }
  return blocks.map((block) => option[block.id]);
}

function isList<T>(option: readonly T[] | Readonly<Record<string, T>>): option is readonly T[] {
  return Array.isArray(option);
}
