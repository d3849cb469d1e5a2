/** Options from outside: strict (an unknown key is an error that names it), every fault at once. */
import { InvalidRequestError } from '@isinglass/sdk';
import * as v from 'valibot';

/** 1, 2, 3, … */
export const positiveInteger = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
/** 0, 1, 2, … */
export const naturalNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** Finite and above 0. */
export const positiveNumber = v.pipe(v.number(), v.finite(), v.gtValue(0));

/** One value, or one per block in program order. */
export function perBlock<Schema extends v.GenericSchema<number>>(
  one: Schema,
): v.GenericSchema<number | number[], number | number[]> {
  return v.union(
    [one, v.array(one)],
    (issue) => `expected ${issue.expected}, or one per block; received ${issue.received}`,
  );
}

/** What a program of either kind is compiled to. */
export const lawOptions = {
  name: v.optional(v.pipe(v.string(), v.minLength(1))),
  law: v.optional(v.picklist(['fixed', 'real'])),
  weightBits: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(2), v.maxValue(8))),
  fractionBits: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(4), v.maxValue(12))),
  init: v.optional(v.picklist(['random', 'feed-forward'])),
  tie: v.optional(v.picklist([1, -1])),
  device: v.optional(v.record(v.string(), v.unknown())),
};

/** Throws InvalidRequestError whose diagnostics name every fault; `what` is the function whose options these are. */
export function parseOptions<Schema extends v.GenericSchema>(
  schema: Schema,
  options: unknown,
  what: string,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, options);
  if (parsed.success) return parsed.output;
  const diagnostics = parsed.issues.map((issue) => {
    const where = v.getDotPath(issue) ?? '(options)';
    const unknownKey = issue.type === 'strict_object' && issue.expected === 'never';
    const message = unknownKey ? `unknown option "${where}"` : `option "${where}": ${lowerFirst(issue.message)}`;
    return { code: 'option', severity: 'error' as const, message, where };
  });
  const [first] = diagnostics;
  throw new InvalidRequestError(`${what}: ${diagnostics.map((d) => d.message).join('; ')}`, {
    ...(first === undefined ? {} : { where: first.where }),
    diagnostics,
  });
}

/** Options that mean something under the fixed law only are errors under the real law, not ignored. */
export function refuseFixedOptions(o: {
  readonly law?: 'fixed' | 'real';
  readonly weightBits?: number;
  readonly fractionBits?: number;
}): void {
  if (o.law !== 'real') return;
  for (const key of ['weightBits', 'fractionBits'] as const) {
    if (o[key] === undefined) continue;
    throw new InvalidRequestError(
      `option "${key}" belongs to the fixed law; the real law stores float32: leave it out`,
      {
        where: key,
      },
    );
  }
}

/** The value for each of `count` blocks; a list must have exactly that many. */
export function valuesPerBlock(
  option: { readonly key: string; readonly value: number | readonly number[] },
  count: number,
): readonly number[] {
  const { key, value } = option;
  if (typeof value === 'number') return Array.from({ length: count }, () => value);
  if (value.length === count) return value;
  throw new InvalidRequestError(
    `option "${key}" has ${value.length} values, the model has ${count} block${count === 1 ? '' : 's'}: give one value, or one per block`,
    { where: key },
  );
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
