import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nestingMax, parseStrictJson } from './strict-json.ts';

/** Value and `kind at where` of each fault. */
function parse(text: string, options = {}) {
  const parsed = parseStrictJson(text, options);
  if (parsed.kind === 'not-json') return `not JSON at ${parsed.position}`;
  return { value: parsed.value, faults: parsed.faults.map(({ kind, where }) => `${kind} at ${where}`) };
}

/** Characters that JSON escapes, that sort differently in UTF-8 and UTF-16, and plain ones. */
const character = fc.constantFrom(...'aZ0 "\\/\b\n\u0000\u001f\u007f\u2028é\ud7ff\ufb33\u{1f600}\u{10ffff}');

test('any JSON without null is parsed as JSON.parse does, −0 as 0', () => {
  const noFaults = fc.jsonValue({ stringUnit: character }).filter((value) => !/null|-0/.test(JSON.stringify(value)));
  const property = fc.property(noFaults, fc.boolean(), (value, spaced) => {
    const text = JSON.stringify(value, null, spaced ? 2 : 0);
    expect(parse(text)).toMatchObject({ value: JSON.parse(text) });
  });
  fc.assert(property, { numRuns: 100, seed: 1 });
  expect(Object.is((parse('[-0]') as { value: number[] }).value[0], 0)).toBe(true);
});

test('a text that JSON.parse refuses is refused, at a position inside it', () => {
  const property = fc.property(fc.string(), fc.string(), fc.integer({ min: 0, max: 40 }), (junk, more, cut) => {
    const text = (junk + JSON.stringify({ a: [1, more] })).slice(0, junk.length + cut);
    let valid = true;
    try {
      JSON.parse(text);
    } catch {
      valid = false;
    }
    const parsed = parseStrictJson(text);
    expect(parsed.kind).toBe(valid ? 'parsed' : 'not-json');
    if (parsed.kind === 'not-json') expect(parsed.position).toBeLessThanOrEqual(text.length);
  });
  fc.assert(property, { numRuns: 300, seed: 2 });
});

describe('what is not JSON', () => {
  test.each([
    '',
    ' ',
    '{',
    '[1,]',
    '{"a":1,}',
    '{a:1}',
    "['a']",
    '01',
    '1.',
    '.5',
    '+1',
    '-',
    '1e',
    'NaN',
    'Infinity',
    'tru',
  ])('%j', (text) => {
    expect(parse(text)).toMatch(/^not JSON/);
  });
  test.each(['"a', '"\\x"', '"\\u12g4"', '"\n"', '[1] 2', '\ufeff1', '{"a" 1}', '[1 2]', '{"a":1 "b":2}', '\u00a01'])(
    '%j',
    (text) => {
      expect(parse(text)).toMatch(/^not JSON/);
    },
  );
  test('the position is that of the first wrong character', () => {
    expect(parse('{"a": [1, 2, x]}')).toBe('not JSON at 13');
  });
});

describe('faults, each with its path', () => {
  test('duplicate keys: the first value stands', () => {
    const text = '{"a":{"b":1,"c":2,"b":3},"__proto__":1,"__proto__":2}';
    expect(parse(text)).toEqual({
      value: JSON.parse('{"a":{"b":1,"c":2},"__proto__":1}'),
      faults: ['duplicate-key at a.b', 'duplicate-key at __proto__'],
    });
    expect(parse('[{"b":1},{"b":1}]')).toMatchObject({ faults: [] });
  });

  test('keys are compared as texts, not as they are spelled', () => {
    expect(parse('{"a":1,"\\u0061":2}')).toMatchObject({ faults: ['duplicate-key at a'] });
  });

  test('null', () => {
    expect(parse('{"a":[1,null]}')).toMatchObject({ faults: ['null at a[1]'] });
  });

  test('lone surrogates in texts and keys; pairs are fine', () => {
    expect(parse('["\\ud83d\\ude00","\\ude00\\ud83d"]')).toMatchObject({ faults: ['lone-surrogate at [1]'] });
    expect(parse('{"\\ud800":1}')).toMatchObject({ faults: ['lone-surrogate at ["\\ud800"]'] });
  });

  test('literals beyond float64, but not those that round to 0 or to the largest number', () => {
    expect(parse('[1e308,1e309,-1e999,1e-400,1.7976931348623157e308]')).toMatchObject({
      faults: ['not-finite at [1]', 'not-finite at [2]'],
    });
  });

  test('integers of magnitude above 2^53 as they are spelled', () => {
    expect(
      parse('[9007199254740992,-9007199254740992,9007199254740993,-9007199254740993,1e300,9007199254740991.5]'),
    ).toMatchObject({
      faults: ['large-integer at [2]', 'large-integer at [3]'],
    });
  });

  test('numbers that are not spelled as integers, where asked', () => {
    expect(parse('{"a":[1,1.0,1e2,-3]}', { integersOnly: true, root: 'header' })).toMatchObject({
      faults: ['not-an-integer at header.a[1]', 'not-an-integer at header.a[2]'],
    });
    expect(parse('[1.0]')).toMatchObject({ faults: [] });
  });

  test('a path quotes keys that are no words and cuts long ones', () => {
    const long = 'k'.repeat(500);
    expect(parse(`{"a b":{"x.y":null,"":null,"${long}":null}}`)).toMatchObject({
      faults: ['null at ["a b"].x.y', 'null at ["a b"][""]', `null at ["a b"]["${'k'.repeat(80)}…"]`],
    });
  });
});

test('nesting is allowed up to the limit and refused beyond it, however deep', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  expect(parse(nested(nestingMax))).toMatchObject({ faults: [] });
  expect(parse(nested(nestingMax + 1))).toBe(`not JSON at ${nestingMax}`);
  expect(parse('[[{"a":'.repeat(1_000_000))).toBe(`not JSON at ${42 * 7 + 2}`);
});
