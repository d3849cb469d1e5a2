import { expect, it } from 'vitest';
import { RandomStream } from '../random/random-stream.ts';
import { linearComplexity, lowComplexityP } from './linear-complexity.ts';

/** Bits of a Fibonacci register: s_n = XOR of s_(n − tap). */
function registerBits(taps: readonly number[], start: readonly number[], n: number): number[] {
  const bits = [...start];
  while (bits.length < n) bits.push(taps.reduce((sum, tap) => sum ^ (bits[bits.length - tap] as number), 0));
  return bits;
}

const fair = (n: number, random: RandomStream): number[] => Array.from({ length: n }, () => random.word() & 1);

it('shortest registers of short sequences', () => {
  expect(linearComplexity([])).toBe(0);
  expect(linearComplexity([0, 0, 0, 0])).toBe(0);
  expect(linearComplexity([1, 1, 1, 1])).toBe(1);
  expect(linearComplexity([1, 0, 1, 0, 1])).toBe(2);
  // Massey's example: 0 0 1 1 0 1 1 1 0 has complexity 5.
  expect(linearComplexity([0, 0, 1, 1, 0, 1, 1, 1, 0])).toBe(5);
  expect(() => linearComplexity([0, 2])).toThrow(RangeError);
});

it.each([1, 31, 32, 33, 63, 64, 65, 200])('a single 1 at the end of %i bits has the complexity of its place', (n) => {
  expect(linearComplexity([...new Array<number>(n - 1).fill(0), 1])).toBe(n);
});

it('of all sequences of 10 bits, as many have each complexity as the formula says', () => {
  const counts = new Array<number>(11).fill(0);
  for (let word = 0; word < 1024; word++) {
    const bits = Array.from({ length: 10 }, (_, n) => (word >>> n) & 1);
    counts[linearComplexity(bits)] = (counts[linearComplexity(bits)] as number) + 1;
  }
  let sum = 0;
  for (const [complexity, count] of counts.entries()) {
    sum += count;
    expect(lowComplexityP(complexity, 10)).toBeCloseTo(sum / 1024, 14);
  }
});

it('a register of 32 bits is found in 2048 of its bits, wherever it starts and at any decimation', () => {
  const random = new RandomStream(3n, 'register');
  // x^32 + x^22 + x^2 + x + 1 is primitive.
  const bits = registerBits([32, 31, 30, 10], fair(32, random), 4096);
  expect(linearComplexity(bits.slice(0, 2048))).toBe(32);
  expect(linearComplexity(bits.slice(777, 777 + 2048))).toBe(32);
  expect(linearComplexity(bits.filter((_, n) => n % 2 === 0))).toBe(32);
});

/** H0: bits are fair; P(complexity < n/2 − 20) = 2⁻⁴⁰ each, 64 sequences. */
it('fair bits have a complexity of half their number', () => {
  const random = new RandomStream(4n, 'fair');
  for (let spin = 0; spin < 64; spin++) {
    expect(Math.abs(linearComplexity(fair(2048, random)) - 1024)).toBeLessThan(20);
  }
});

it('at n/2 − 40 a fair source fails once in 2⁸⁰', () => {
  expect(Math.log2(lowComplexityP(984, 2048))).toBeCloseTo(-80.585, 3);
  expect(lowComplexityP(2048, 2048)).toBeCloseTo(1, 14);
});
