import { describe, expect, it } from 'vitest';
import { deviceChoices, implementationOf, variantName, variantNames, variantsOf } from './variant.ts';

const variants = variantsOf.W1 ?? [];
const named = (device: string, threads: readonly number[]) =>
  deviceChoices(device, { threads, variants }).map(({ uri, threads: count, variant }) => [
    uri,
    count,
    variantName(variant),
  ]);

describe('the variants of a device', () => {
  it('on cpu are its kernels and thread counts', () => {
    expect(named('cpu', [1, 2]).slice(0, 4)).toEqual([
      ['cpu?threads=1&simd=relaxed', 1, 'relaxed'],
      ['cpu?threads=2&simd=relaxed', 2, 'relaxed'],
      ['cpu?threads=1&simd=baseline', 1, 'baseline'],
      ['cpu?threads=2&simd=baseline', 2, 'baseline'],
    ]);
  });

  it('keep what the URI says', () => {
    const choices = named('cpu?memoryMiB=64&simd=baseline', [2]);
    expect(choices[0]).toEqual(['cpu?memoryMiB=64&simd=baseline&threads=2', 2, 'baseline']);
    expect(new Set(choices.map(([, , name]) => name)).size).toBe(choices.length);
    expect(named('cpu?threads=3', [1, 2]).map(([, count]) => count)).toEqual(variants.map(() => 3));
    expect(() => named('cpu?threads=many', [1])).toThrow(/threads is "many"/);
  });

  it('on any other device are those that do not name kernels, once', () => {
    expect(named('cpu:scalar', [1, 2]).map(([, , name]) => name)).toEqual([
      'standard',
      '6bit',
      '5bit',
      'conditional',
      '8rows',
      '1row',
    ]);
    expect(named('board:0', [1]).every(([uri, count]) => uri === 'board:0' && count === null)).toBe(true);
  });

  it('have names that --variants knows', () => {
    expect(variantNames).toEqual(expect.arrayContaining(['relaxed', 'baseline', 'relaxed-5bit', 'standard', '8rows']));
    expect(implementationOf('cpu:scalar?rowsMax=1')).toBe('isinglass cpu:scalar');
    expect(implementationOf('cpu?threads=2')).toBe('isinglass cpu');
  });
});
