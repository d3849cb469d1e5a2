/**
 * A small language for the shape of JSON: which keys an object has and what kind of value each holds. It exists
 * because the verifier owes every fault its exact place and all faults at once, unknown keys included.
 *
 * A `Shape<T>` belongs to an interface `T`: `object<T>` demands one entry for each key of `T`, marked optional exactly
 * where `T` says so, so that interface and check cannot drift apart.
 */
import { elementPath, memberPath } from '../json-path.ts';
import type { ViolationList } from '../violation.ts';

/** Collects what is wrong with the form of a program (P103). */
export class FormReport {
  readonly #found: ViolationList;
  /** Paths of integers above 2⁵³, whose digits the parser saw and the value has lost. */
  readonly #largeIntegers: ReadonlySet<string>;
  #wrong = 0;

  constructor(found: ViolationList, largeIntegers: ReadonlySet<string> = new Set()) {
    this.#found = found;
    this.#largeIntegers = largeIntegers;
  }

  /** Faults after which the value cannot be used as its type. An unknown key is not one. */
  get wrongCount(): number {
    return this.#wrong;
  }

  wrong(where: string, message: string): void {
    this.#wrong++;
    this.#found.add('P103', where, message);
  }

  unknownKey(where: string): void {
    this.#found.add('P103', where, 'unknown key');
  }

  /** A value that the JSON layer has already reported: null, a number beyond float64. */
  alreadyReported(): void {
    this.#wrong++;
  }

  isLargeInteger(where: string): boolean {
    return this.#largeIntegers.has(where);
  }
}

/** `T` is what a value that passes can be used as. */
export interface Shape<T> {
  readonly check: (value: unknown, where: string, report: FormReport) => void;
  readonly is?: T;
}

export interface OptionalShape<T> {
  readonly optional: Shape<T>;
}

/** One entry per key of T, optional where T is. */
export type Members<T> = {
  readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? OptionalShape<Required<T>[K]> : Shape<T[K]>;
};

/** A key that may be absent. */
export function optional<T>(shape: Shape<T>): OptionalShape<T> {
  return { optional: shape };
}

function expected<T>(what: string, matches: (value: unknown) => boolean): Shape<T> {
  return {
    check(value, where, report) {
      if (matches(value)) return;
      if (value === null || (typeof value === 'number' && !Number.isFinite(value))) report.alreadyReported();
      else report.wrong(where, `${shown(value)} stands where ${what} belongs`);
    },
  };
}

export const string: Shape<string> = expected('a text', (value) => typeof value === 'string');
export const boolean: Shape<boolean> = expected('true or false', (value) => typeof value === 'boolean');
export const number: Shape<number> = expected(
  'a number',
  (value) => typeof value === 'number' && Number.isFinite(value),
);
/** An object whose contents are free. */
export const freeObject: Shape<Readonly<Record<string, unknown>>> = expected('an object', isObject);

const anyInteger: Shape<number> = expected('an integer', (value) => Number.isInteger(value));
/** An integer of magnitude up to 2⁵³. */
export const integer: Shape<number> = {
  check(value, where, report) {
    if (report.isLargeInteger(where) || (Number.isInteger(value) && Math.abs(value as number) > 2 ** 53)) {
      report.wrong(where, `the integer ${value} has a magnitude above 2^53`);
    } else anyInteger.check(value, where, report);
  },
};

/** One of a few texts. */
export function oneOf<const T extends string>(...members: readonly T[]): Shape<T> {
  const names = members.map((member) => JSON.stringify(member)).join(', ');
  return expected(`one of ${names}`, (value) => members.some((member) => member === value));
}

export function listOf<T>(element: Shape<T>): Shape<readonly T[]> {
  const list = expected<readonly T[]>('a list', Array.isArray);
  return {
    check(value, where, report) {
      if (!Array.isArray(value)) list.check(value, where, report);
      else
        value.forEach((entry, index) => {
          element.check(entry, elementPath(where, index), report);
        });
    },
  };
}

/** An object with exactly these keys. */
export function object<T extends object>(members: Members<T>): Shape<T> {
  const entries = Object.entries<Shape<unknown> | OptionalShape<unknown>>(members);
  const known = new Set(entries.map(([key]) => key));
  return {
    check(value, where, report) {
      if (!isObject(value)) {
        freeObject.check(value, where, report);
        return;
      }
      for (const key of Object.keys(value)) if (!known.has(key)) report.unknownKey(memberPath(where, key));
      for (const [key, member] of entries) {
        const place = memberPath(where, key);
        if (Object.hasOwn(value, key)) {
          ('optional' in member ? member.optional : member).check(value[key], place, report);
        } else if (!('optional' in member)) {
          report.wrong(place, 'missing key');
        }
      }
    },
  };
}

/** One of several objects, told apart by the text under `key`. */
export function variant<T extends object>(key: string, members: Readonly<Record<string, Shape<T>>>): Shape<T> {
  const kind = oneOf(...Object.keys(members));
  return {
    check(value, where, report) {
      if (!isObject(value)) {
        freeObject.check(value, where, report);
        return;
      }
      const name = value[key];
      const place = memberPath(where, key);
      const member = typeof name === 'string' && Object.hasOwn(members, name) ? members[name] : undefined;
      if (member !== undefined) member.check(value, where, report);
      else if (Object.hasOwn(value, key)) kind.check(name, place, report);
      else report.wrong(place, 'missing key');
    },
  };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value for a message: its text when that is short, else its kind. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  if (typeof value === 'string') return value.length > 40 ? 'a long text' : JSON.stringify(value);
  return String(value);
}
