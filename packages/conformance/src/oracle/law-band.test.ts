import { describe, expect, test } from 'vitest';
import { RandomStream } from '../random/random-stream.ts';
import { lawAfter, pointLaw, uniformLaw } from './exact-law.ts';
import { rangeOfMean, type SweepBand } from './law-band.ts';

/** Even spins first. */
const colorsOf = (spins: number): number[][] =>
  [0, 1].map((color) => Array.from({ length: spins }, (_, n) => n).filter((n) => n % 2 === color));

/** Bands of any width, another one for every spin and every state of the others. */
function randomBand(spins: number, random: RandomStream): SweepBand {
  const size = spins * 2 ** spins;
  const [low, high] = [new Float64Array(size), new Float64Array(size)];
  for (let entry = 0; entry < size; entry++) {
    const ends = [random.uniform(), random.uniform()].sort((a, b) => a - b);
    const other = entry & ~(1 << Math.floor(entry / 2 ** spins));
    low[entry] = other < entry ? (low[other] as number) : (ends[0] as number);
    high[entry] = other < entry ? (high[other] as number) : (ends[1] as number);
  }
  return { spins, colors: colorsOf(spins), low, high };
}

/** The law after one sweep whose updates are up with the probabilities `up`. */
function swept(law: Float64Array, { spins, colors }: SweepBand, up: Float64Array): Float64Array {
  let from = law;
  for (const spin of colors.flat()) {
    const to = new Float64Array(2 ** spins);
    for (const [state, p] of from.entries()) {
      const chance = up[spin * 2 ** spins + state] as number;
      const [raised, lowered] = [state | (1 << spin), state & ~(1 << spin)];
      to[raised] = (to[raised] as number) + p * chance;
      to[lowered] = (to[lowered] as number) + p * (1 - chance);
    }
    from = to;
  }
  return from;
}

const meanOf = (of: Float64Array, law: Float64Array): number =>
  law.reduce((sum, p, state) => sum + p * (of[state] as number), 0);

describe('the range of a mean', () => {
  test('of one update is its band', () => {
    const band = { spins: 1, colors: [[0]], low: Float64Array.of(0.2, 0.2), high: Float64Array.of(0.5, 0.5) };
    expect(rangeOfMean(pointLaw(1, 1), pointLaw(1, 0), [band])).toEqual({ low: 0.2, high: 0.5 });
    expect(rangeOfMean(pointLaw(1, 0), uniformLaw(1), [band])).toEqual({ low: 0.5, high: 0.8 });
    expect(rangeOfMean(Float64Array.of(-1, 3), pointLaw(1, 1), [band])).toEqual({ low: -1 + 4 * 0.2, high: 1 });
    expect(rangeOfMean(pointLaw(1, 1), pointLaw(1, 1), [])).toEqual({ low: 1, high: 1 });
  });

  test('is the exact mean where the band has no width', () => {
    const random = new RandomStream(1n, 'law-band');
    const band = randomBand(5, random);
    const exact = { spins: 5, colors: band.colors, low: band.low, high: band.low };
    const law = {
      spins: 5,
      colors: band.colors,
      up: (spin: number, states: ArrayLike<number>) =>
        band.low[
          spin * 32 + Array.from(states).reduce((bits, value, n) => bits | ((value > 0 ? 1 : 0) << n), 0)
        ] as number,
    };
    const after = lawAfter(pointLaw(5, 9), law, 3);
    for (let state = 0; state < 32; state++) {
      const { low, high } = rangeOfMean(pointLaw(5, state), pointLaw(5, 9), [exact, exact, exact]);
      expect(low).toBeCloseTo(after[state] as number, 12);
      expect(high).toBeCloseTo(after[state] as number, 12);
    }
  });

  test('has every law of updates inside the band, of each sweep others: 500 of them, all 64 states, three sweeps', () => {
    const random = new RandomStream(2n, 'law-band');
    const bands = [randomBand(6, random), randomBand(6, random), randomBand(6, random)];
    const start = pointLaw(6, 37);
    const ranges = Array.from({ length: 64 }, (_, state) => rangeOfMean(pointLaw(6, state), start, bands));
    for (let n = 0; n < 500; n++) {
      let law: Float64Array = start;
      // Ends of the band as often as what is between them.
      const inside = (a: number, b: number): number => a + (b - a) * random.pick([0, 1, random.uniform()]);
      for (const band of bands)
        law = swept(
          law,
          band,
          band.low.map((low, at) => inside(low, band.high[at] as number)),
        );
      for (const [state, { low, high }] of ranges.entries()) {
        expect(law[state]).toBeGreaterThanOrEqual(low - 1e-12);
        expect(law[state]).toBeLessThanOrEqual(high + 1e-12);
      }
    }
  });

  test.each([
    { spins: 2, sweeps: 2, choices: 256 },
    { spins: 3, sweeps: 1, choices: 4096 },
  ])('ends where some choice of ends of the band does: all $choices for $spins spins', ({ spins, sweeps, choices }) => {
    const random = new RandomStream(3n, 'law-band');
    const bands = Array.from({ length: sweeps }, () => randomBand(spins, random));
    const start = uniformLaw(spins);
    const of = Float64Array.from({ length: 2 ** spins }, () => random.uniform() - 0.5);
    const { low, high } = rangeOfMean(of, start, bands);
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const others = 2 ** (spins - 1);
    for (let choice = 0; choice < choices; choice++) {
      let law: Float64Array = start;
      for (const [sweep, band] of bands.entries()) {
        const up = band.low.map((end, entry) => {
          const [spin, state] = [Math.floor(entry / 2 ** spins), entry % 2 ** spins];
          // The state of the other spins: the bits above the spin's own move down by one.
          const other = (state & ((1 << spin) - 1)) | ((state >>> (spin + 1)) << spin);
          return (choice >>> ((sweep * spins + spin) * others + other)) & 1 ? (band.high[entry] as number) : end;
        });
        law = swept(law, band, up);
      }
      [least, most] = [Math.min(least, meanOf(of, law)), Math.max(most, meanOf(of, law))];
    }
    expect(low).toBeCloseTo(least, 12);
    expect(high).toBeCloseTo(most, 12);
  });

  test('refuses values of another number of spins', () => {
    const band = randomBand(2, new RandomStream(4n, 'law-band'));
    expect(() => rangeOfMean(pointLaw(3, 0), pointLaw(3, 0), [band])).toThrow(RangeError);
    expect(() => rangeOfMean(pointLaw(2, 0), pointLaw(3, 0), [])).toThrow(RangeError);
    expect(() => rangeOfMean(pointLaw(2, 0), pointLaw(2, 0), [band])).not.toThrow();
  });
});
