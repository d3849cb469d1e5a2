import { describe, expect, it } from 'vitest';
import { byteCount, integer, list, perBlock, positive, real, seed } from './numbers.ts';

describe('flags', () => {
  it('take integers within their range', () => {
    expect(integer(1)('24')).toBe(24);
    expect(integer(2, 8)('8')).toBe(8);
    for (const text of ['0', '1.5', '', 'x', '1e3', '9007199254740993']) expect(() => integer(1)(text)).toThrow();
    expect(() => integer(2, 8)('9')).toThrow(/from 2 to 8/);
  });

  it('take sizes in bytes', () => {
    expect(['1', '1000', '64K', '3M', '64G', '1T'].map(byteCount)).toEqual([
      1,
      1000,
      65536,
      3 * 2 ** 20,
      2 ** 36,
      2 ** 40,
    ]);
    for (const text of ['0', '0K', '-1', '1.5G', '64GB', 'G', '', '9000T9', '99999T'])
      expect(() => byteCount(text)).toThrow();
  });

  it('take numbers and fractions', () => {
    expect(real('1/255')).toBe(1 / 255);
    expect(real('-0.5')).toBe(-0.5);
    expect(real('1e-3')).toBe(0.001);
    for (const text of ['1/0', '1/2/3', 'a', '', '1/', 'Infinity', '0x10']) expect(() => real(text)).toThrow();
    expect(positive('0.2')).toBe(0.2);
    expect(() => positive('0')).toThrow(/above zero/);
  });

  it('take one value or a list', () => {
    expect(list(real)('0.2')).toEqual([0.2]);
    expect(list(real)('0.2, 1/4')).toEqual([0.2, 0.25]);
    expect(() => list(real)('0.2,')).toThrow();
  });

  it('take one value for all blocks, or one per block', () => {
    expect(perBlock(integer(1))('24')).toBe(24);
    expect(perBlock(integer(1))('24, 48')).toEqual([24, 48]);
    expect(() => perBlock(integer(1))('24,0')).toThrow(/at least 1/);
  });

  it('take seeds of 64 bits, used whole', () => {
    expect(seed('18446744073709551615')).toBe(2n ** 64n - 1n);
    expect(seed('0xDEADBEEFcafef00d')).toBe(0xdeadbeefcafef00dn);
    for (const text of ['18446744073709551616', '-1', '1.0', '0x', '']) expect(() => seed(text)).toThrow(/2\^64/);
  });
});
