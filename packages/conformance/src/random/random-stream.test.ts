import { expect, it } from 'vitest';
import { philoxBlock, RandomStream } from './random-stream.ts';

/** Known answers of Random123 1.14 (philox4x32 10). */
it.each([
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
] as const)('Philox of counter %j and key %j', (counter, key, words) => {
  expect(philoxBlock(counter, key)).toEqual(words);
});

it('a stream is Philox blocks of its seed and name, word by word', () => {
  const seed = 0xfedcba9876543210n;
  const stream = new RandomStream(seed, '');
  // FNV-1a-64 of no bytes is its offset.
  for (let block = 0; block < 5; block++) {
    const words = philoxBlock([block, 0, 0x84222325, 0xcbf29ce4], [0x76543210, 0xfedcba98]);
    expect([stream.word(), stream.word(), stream.word(), stream.word()]).toEqual(words);
  }
});

it('streams depend on seed and name alone, and forks on the name of both', () => {
  const words = (stream: RandomStream): number[] => Array.from({ length: 8 }, () => stream.word());
  const first = words(new RandomStream(1n, 'a/b'));
  expect(words(new RandomStream(1n, 'a').fork('b'))).toEqual(first);
  expect(words(new RandomStream(1n, 'a/c'))).not.toEqual(first);
  expect(words(new RandomStream(2n, 'a/b'))).not.toEqual(first);
  expect(words(new RandomStream(1n << 63n, 'a/b'))).not.toEqual(words(new RandomStream(0n, 'a/b')));
});

it('numbers are within their ranges, ends included', () => {
  const stream = new RandomStream(3n, 'ranges');
  const seen = new Set<number>();
  for (let n = 0; n < 1000; n++) {
    const u = stream.uniform();
    expect(u).toBeGreaterThanOrEqual(0);
    expect(u).toBeLessThan(1);
    seen.add(stream.integer(-2, 2));
  }
  expect([...seen].toSorted((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
  expect(stream.shuffled([1, 2, 3, 4]).toSorted()).toEqual([1, 2, 3, 4]);
  expect(() => stream.pick([])).toThrow(RangeError);
});
