import { expect, test } from 'vitest';
import { arithmeticVectors } from '../../test/oracle-vectors.ts';
import { blockAndChain, philox4x32, philoxKey, spinDraw } from './philox.ts';

const { philox, lanes } = arithmeticVectors();
type Quad = [number, number, number, number];

function hexWords(hex: readonly string[]): number[] {
  return hex.map((word) => Number.parseInt(word, 16));
}

test('Philox4x32-10 gives the known answers of Random123', () => {
  expect(philox).toHaveLength(3);
  for (const { counter, key, out } of philox) {
    const words = new Uint32Array(4);
    philox4x32(...(hexWords(counter) as Quad), ...(hexWords(key) as [number, number]), words);
    expect([...words]).toEqual(hexWords(out));
  }
});

test('every spin draws its own 16-bit lane, up to the largest seed, image, chain, block and sweep', () => {
  expect(lanes.length).toBeGreaterThanOrEqual(4);
  for (const { seed, block, image, chain, sweep, r } of lanes) {
    const words = new Uint32Array(4);
    const draws = r.map((_, spinIndex) => {
      philox4x32(spinIndex >>> 3, sweep, image, blockAndChain(block, chain), ...philoxKey(BigInt(seed)), words);
      return spinDraw(words, spinIndex);
    });
    expect(draws).toEqual(r);
  }
});

test('a seed is used whole: its halves are the two key words', () => {
  expect(philoxKey(0xfedcba9876543210n)).toEqual([0x76543210, 0xfedcba98]);
});
