/** Canonical JSON (RFC 8785): the form in which programs are written and hashed (semantics 8.1, 8.3). */

/**
 * The one text of a JSON value: keys in the order of their UTF-16 code units, no spaces, numbers as ECMAScript prints
 * float64 (so `1.0` is `1` and −0 is `0`), only the necessary escapes.
 *
 * Throws TypeError for what JSON cannot say (NaN, infinities, undefined, functions, lone surrogates).
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'boolean':
      return String(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`);
      return String(value + 0);
    case 'string':
      if (!value.isWellFormed()) throw new TypeError('a text with a lone surrogate has no canonical JSON form');
      return JSON.stringify(value);
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
      return `{${Object.keys(value).sort().map(member(value)).join(',')}}`;
    default:
      throw new TypeError(`a ${typeof value} has no JSON form`);
  }
}

function member(object: object): (key: string) => string {
  return (key) => `${canonicalJson(key)}:${canonicalJson((object as Record<string, unknown>)[key])}`;
}
