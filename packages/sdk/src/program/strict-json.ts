/**
 * A strict JSON parser: RFC 8259, and it tells what `JSON.parse` hides. A text that is JSON but that semantics 8.3
 * cannot hash (duplicate keys, lone surrogates, null, literals beyond float64) is parsed to the end, with one fault
 * for each such place; a text that is not JSON gives the position of the first wrong character.
 *
 * Nesting is limited, so that no input overflows the stack, here or in anything that walks the value later.
 */
import { pathOf } from './json-path.ts';

/** Objects and lists inside each other at most. */
export const nestingMax = 128;

export interface JsonFault {
  readonly kind: 'duplicate-key' | 'lone-surrogate' | 'null' | 'not-finite' | 'large-integer' | 'not-an-integer';
  /** Path of the value, as `stages[0].gains[2].value`. */
  readonly where: string;
  readonly message: string;
}

export interface StrictJsonOptions {
  /** Whether a number with a fraction or an exponent is a fault (`not-an-integer`), as in a safetensors header. */
  readonly integersOnly?: boolean;
  /** What every path begins with; default none. */
  readonly root?: string;
}

export type StrictJson =
  | { readonly kind: 'parsed'; readonly value: unknown; readonly faults: readonly JsonFault[] }
  | { readonly kind: 'not-json'; readonly position: number; readonly message: string };

/**
 * Parses `text`. `large-integer` marks integers written without fraction or exponent whose magnitude is above 2⁵³:
 * an error only where an integer belongs, so the caller decides. −0 becomes 0 (semantics 8.3). For a duplicate key
 * the first value stands.
 */
export function parseStrictJson(text: string, options: StrictJsonOptions = {}): StrictJson {
  try {
    const parser = new Parser(text, options);
    return { kind: 'parsed', value: parser.document(), faults: parser.faults };
  } catch (e) {
    if (e instanceof NotJson) return { kind: 'not-json', position: e.position, message: e.message };
    throw e;
  }
}

class NotJson extends Error {
  readonly position: number;
  constructor(position: number, message: string) {
    super(message);
    this.position = position;
  }
}

/** Faults listed at most; a hostile text may have one every five characters. */
const faultsMax = 2000;
const numberPattern = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class Parser {
  readonly faults: JsonFault[] = [];
  readonly #text: string;
  readonly #options: StrictJsonOptions;
  readonly #steps: (string | number)[] = [];
  #depth = 0;
  #at = 0;

  constructor(text: string, options: StrictJsonOptions) {
    this.#text = text;
    this.#options = options;
  }

  document(): unknown {
    this.#space();
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) throw this.#unexpected('the end of the text');
    return value;
  }

  #value(): unknown {
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object();
      case '[':
        return this.#list();
      case '"':
        return this.#checkedString();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        this.#fault('null', 'null has no meaning in a program');
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #object(): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    this.#enter();
    if (this.#text[this.#at] !== '}') {
      do {
        this.#space();
        if (this.#text[this.#at] !== '"') throw this.#unexpected('a key in double quotes');
        const key = this.#string();
        this.#steps.push(key);
        if (!key.isWellFormed()) this.#fault('lone-surrogate', 'the key has a lone surrogate');
        this.#space();
        this.#expect(':');
        this.#space();
        const value = this.#value();
        if (Object.hasOwn(object, key)) this.#fault('duplicate-key', 'the key stands twice in its object');
        else define(object, key, value);
        this.#steps.pop();
        this.#space();
      } while (this.#comma());
    }
    this.#leave('}');
    return object;
  }

  #list(): unknown[] {
    const list: unknown[] = [];
    this.#enter();
    if (this.#text[this.#at] !== ']') {
      do {
        this.#space();
        this.#steps.push(list.length);
        list.push(this.#value());
        this.#steps.pop();
        this.#space();
      } while (this.#comma());
    }
    this.#leave(']');
    return list;
  }

  #enter(): void {
    if (this.#depth === nestingMax) throw new NotJson(this.#at, `nested more than ${nestingMax} deep`);
    this.#depth++;
    this.#at++;
    this.#space();
  }

  #leave(bracket: string): void {
    this.#expect(bracket);
    this.#depth--;
  }

  #comma(): boolean {
    if (this.#text[this.#at] !== ',') return false;
    this.#at++;
    return true;
  }

  #checkedString(): string {
    const value = this.#string();
    if (!value.isWellFormed()) this.#fault('lone-surrogate', 'the text has a lone surrogate');
    return value;
  }

  #string(): string {
    let value = '';
    this.#at++;
    for (;;) {
      const begin = this.#at;
      while (isPlain(this.#text.charCodeAt(this.#at))) this.#at++;
      value += this.#text.slice(begin, this.#at);
      const next = this.#text[this.#at];
      if (next === '"') break;
      if (next !== '\\') throw this.#unexpected('the end of a text in double quotes');
      value += this.#escape();
    }
    this.#at++;
    return value;
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1] ?? '';
    if (letter === 'u') {
      const digits = this.#text.slice(this.#at + 2, this.#at + 6);
      if (!/^[\da-fA-F]{4}$/.test(digits)) throw this.#unexpected('\\u and four hexadecimal digits');
      this.#at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const value = Object.hasOwn(escapes, letter) ? escapes[letter] : undefined;
    if (value === undefined) throw this.#unexpected('an escape of JSON');
    this.#at += 2;
    return value;
  }

  #number(): number {
    numberPattern.lastIndex = this.#at;
    const match = numberPattern.exec(this.#text);
    if (match === null) throw this.#unexpected('a value');
    const [literal, fraction, exponent] = match;
    this.#at += literal.length;
    const value = Number(literal);
    const shown = literal.length > 40 ? `${literal.slice(0, 40)}…` : literal;
    if (!Number.isFinite(value)) this.#fault('not-finite', `${shown} is beyond the largest float64`);
    if (fraction !== undefined || exponent !== undefined) {
      if (this.#options.integersOnly) this.#fault('not-an-integer', `${shown} is not written as an integer`);
    } else if (Math.abs(value) > 2 ** 53 || (Math.abs(value) === 2 ** 53 && !literal.endsWith('9007199254740992'))) {
      this.#fault('large-integer', `the integer ${shown} has a magnitude above 2^53`);
    }
    return value + 0; // −0 + 0 is 0
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#unexpected('a value');
    this.#at += word.length;
    return value;
  }

  #space(): void {
    for (;;) {
      const c = this.#text.charCodeAt(this.#at);
      if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return;
      this.#at++;
    }
  }

  #expect(bracket: string): void {
    if (this.#text[this.#at] !== bracket) throw this.#unexpected(`"${bracket}"`);
    this.#at++;
  }

  #unexpected(expected: string): NotJson {
    const found = this.#text[this.#at];
    const what = found === undefined ? 'the text ends' : `${JSON.stringify(found)} stands`;
    return new NotJson(this.#at, `${what} where ${expected} belongs`);
  }

  #fault(kind: JsonFault['kind'], message: string): void {
    if (this.faults.length < faultsMax)
      this.faults.push({ kind, where: pathOf(this.#steps, this.#options.root), message });
  }
}

/** Whether a code unit stands for itself inside a text: no quote, no backslash, no control character, not the end (NaN). */
function isPlain(codeUnit: number): boolean {
  return codeUnit >= 0x20 && codeUnit !== 0x22 && codeUnit !== 0x5c;
}

/** Like `object[key] = value`, also for the key `__proto__`. */
function define(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[key] = value;
  }
}
