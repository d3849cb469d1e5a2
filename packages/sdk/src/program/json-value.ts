/** Whether a JavaScript value is JSON that semantics 8.3 can hash; and private copies of such values. */
import { elementPath, memberPath } from './json-path.ts';
import { type JsonFault, nestingMax } from './strict-json.ts';

export interface JsonValueFault {
  readonly kind: JsonFault['kind'] | 'not-json';
  readonly where: string;
  readonly message: string;
}

/**
 * Everything in `value` that has no place in a hashable program: what `parseStrictJson` reports for a text, and what
 * only a value in memory can hold (undefined, functions, class instances, cycles).
 */
export function* jsonValueFaults(
  value: unknown,
  where = '',
  ancestors: readonly object[] = [],
): Iterable<JsonValueFault> {
  switch (typeof value) {
    case 'boolean':
      return;
    case 'number':
      if (!Number.isFinite(value)) yield { kind: 'not-finite', where, message: `${value} is no finite number` };
      return;
    case 'string':
      if (!value.isWellFormed()) yield { kind: 'lone-surrogate', where, message: 'the text has a lone surrogate' };
      return;
    case 'object':
      break;
    default:
      yield { kind: 'not-json', where, message: `${typeof value} is no JSON value` };
      return;
  }
  if (value === null) {
    yield { kind: 'null', where, message: 'null has no meaning in a program' };
    return;
  }
  if (ancestors.includes(value)) {
    yield { kind: 'not-json', where, message: 'the value contains itself' };
    return;
  }
  if (ancestors.length === nestingMax) {
    yield { kind: 'not-json', where, message: `nested more than ${nestingMax} deep` };
    return;
  }
  const inside = [...ancestors, value];
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) yield* jsonValueFaults(element, elementPath(where, index), inside);
    return;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    yield { kind: 'not-json', where, message: 'only plain objects and lists are JSON values' };
    return;
  }
  for (const [key, member] of Object.entries(value)) {
    const place = memberPath(where, key);
    if (!key.isWellFormed()) yield { kind: 'lone-surrogate', where: place, message: 'the key has a lone surrogate' };
    yield* jsonValueFaults(member, place, inside);
  }
}

/** A deep copy that nobody can write to. `value` must have no faults. */
export function frozenCopy<T>(value: T): T {
  return freeze(structuredClone(value));
}

/** Freezes a JSON value and all that it contains; returns it. */
export function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) freeze(member);
    Object.freeze(value);
  }
  return value;
}
