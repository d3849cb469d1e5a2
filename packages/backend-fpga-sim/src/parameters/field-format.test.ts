import { expect, test } from 'vitest';
import { fieldBits, fieldFormatText, parseFieldFormat } from './field-format.ts';

test('both ways of writing a format are read, one is written', () => {
  expect(parseFieldFormat('s5.10')).toEqual({ integerBits: 5, fractionBits: 10 });
  expect(parseFieldFormat('s{4}{5}')).toEqual({ integerBits: 4, fractionBits: 5 });
  expect(fieldFormatText({ integerBits: 4, fractionBits: 5 })).toBe('s4.5');
  expect(fieldBits({ integerBits: 5, fractionBits: 10 })).toBe(16);
});

test.each(['', '5.10', 's5', 's5.10.1', 'u5.10', 's2.5', 's19.5', 's4.3', 's4.13', 's{4}.5'])('%j is none', (text) => {
  expect(parseFieldFormat(text)).toBeNull();
});
