import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arithmeticVectors } from '../../test/oracle-vectors.ts';
import { canonicalJson } from './canonical-json.ts';

const { numbers, canonical } = arithmeticVectors();

test.each([...numbers])('$python is written $text, as the oracle does', ({ python, text }) => {
  expect(canonicalJson(Number(python))).toBe(text);
});

test.each([...canonical])('$text is the oracle’s text', ({ json, text }) => {
  expect(canonicalJson(json)).toBe(text);
});

/** Characters that JSON escapes, that sort differently in UTF-8 and UTF-16, and plain ones. */
const character = fc.constantFrom(...'aZ0 "\\/\b\n\u0000\u001f\u007f\u2028é\ud7ff\ufb33\u{1f600}\u{10ffff}');

test('the text depends on the value alone and parses to it', () => {
  const reorder = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reorder);
    if (typeof value !== 'object' || value === null) return value;
    const reversed = Object.entries(value).reverse();
    return Object.fromEntries(reversed.map(([key, member]) => [key, reorder(member)]));
  };
  const property = fc.property(fc.jsonValue({ stringUnit: character }), (value) => {
    const text = canonicalJson(value);
    expect(canonicalJson(reorder(value))).toBe(text);
    expect(canonicalJson(JSON.parse(text))).toBe(text);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
  });
  fc.assert(property, { numRuns: 100, seed: 1 });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, undefined, () => 1, 1n, '\ud800', [undefined]])(
  '%s has no canonical form',
  (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  },
);
