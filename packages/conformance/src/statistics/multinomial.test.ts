import { expect, it } from 'vitest';
import { RandomStream } from '../random/random-stream.ts';
import { drawBinomial } from './binomial-draws.ts';
import { chiSquareTail } from './chi-square.ts';
import { logMixtureRatio, multinomialP, pearson } from './multinomial.ts';
import { logBinomialPoint } from './point-probability.ts';

const random = (name: string): RandomStream => new RandomStream(17n, `multinomial/${name}`);

/**
 * H0: draws are binomial(n, p). Statistic: Pearson's χ² over cells with expected counts above 20, N = 20 000, χ² law; a false alarm has about 1e-6.
 * Both methods of drawing are covered.
 */
it.each([
  [5, 0.3],
  [1000, 0.002],
  [40, 0.9],
  [100, 0.4],
  [1_000_000, 0.25],
  [250, 0.04],
])('drawn counts follow binomial(%i, %f)', (n, p) => {
  const stream = random(`draw ${n} ${p}`);
  const draws = 20_000;
  const seen = new Map<number, number>();
  for (let i = 0; i < draws; i++) {
    const k = drawBinomial(n, p, stream);
    seen.set(k, (seen.get(k) ?? 0) + 1);
  }
  const [sd, mean] = [Math.sqrt(n * p * (1 - p)), n * p];
  const width = Math.max(1, Math.ceil(sd / 8));
  let [statistic, cells, restSeen, restExpected] = [0, 0, draws, draws];
  for (let first = Math.max(0, Math.floor(mean - 6 * sd)); first <= Math.min(n, mean + 6 * sd); first += width) {
    let [count, expected] = [0, 0];
    for (let k = first; k < Math.min(n + 1, first + width); k++) {
      count += seen.get(k) ?? 0;
      expected += draws * Math.exp(logBinomialPoint(k, n, p));
    }
    if (expected < 20) continue;
    statistic += (count - expected) ** 2 / expected;
    restSeen -= count;
    restExpected -= expected;
    cells++;
  }
  if (restExpected > 20) statistic += (restSeen - restExpected) ** 2 / restExpected;
  expect(cells).toBeGreaterThan(4);
  expect(chiSquareTail(statistic, restExpected > 20 ? cells : cells - 1)).toBeGreaterThan(1e-6);
});

it('large cells: the p-value is that of the χ² law', () => {
  const law = [0.1, 0.2, 0.3, 0.4];
  for (const counts of [
    [1030, 2010, 2960, 4000],
    [1060, 1950, 3040, 3950],
    [1100, 1930, 3040, 3930],
  ]) {
    const { p, statistic } = multinomialP(counts, law, random(`large ${counts[0]}`));
    // Of 50 or more exceedances, so within 5 standard deviations of √50 / 50 each.
    expect(statistic).toBeCloseTo(pearson(counts, law, 10_000), 9);
    expect(p / chiSquareTail(statistic, 3)).toBeGreaterThan(0.5);
    expect(p / chiSquareTail(statistic, 3)).toBeLessThan(2);
  }
});

it('small cells: the p-value is the exact one by enumeration', () => {
  const law = [0.02, 0.08, 0.9];
  const observed = [1, 2, 3];
  const n = 6;
  const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1));
  let exact = 0;
  for (let a = 0; a <= n; a++) {
    for (let b = 0; a + b <= n; b++) {
      const c = n - a - b;
      if (pearson([a, b, c], law, n) < pearson(observed, law, n) * (1 - 1e-12)) continue;
      exact += (factorial(n) / (factorial(a) * factorial(b) * factorial(c))) * 0.02 ** a * 0.08 ** b * 0.9 ** c;
    }
  }
  const { p } = multinomialP(observed, law, random('small'), 200_000);
  expect(p / exact).toBeGreaterThan(0.5);
  expect(p / exact).toBeLessThan(2);
});

it('cells without counts are counted: a state that never comes is rejected', () => {
  const even = new Array<number>(8).fill(1 / 8);
  expect(multinomialP([115, 114, 114, 115, 114, 114, 114, 0], even, random('absent')).p).toBeLessThan(1e-6);
  expect(multinomialP([100, 100, 100, 100, 100, 100, 100, 100], even, random('present')).p).toBe(1);
});

it('a count in an impossible cell has p-value 0', () => {
  expect(multinomialP([5, 1], [1, 0], random('impossible'))).toEqual({ p: 0, statistic: Number.POSITIVE_INFINITY });
  expect(multinomialP([5, 0], [1, 0], random('possible')).p).toBe(1);
});

it('what is refused', () => {
  expect(() => multinomialP([1], [0.5, 0.5], random('x'))).toThrow(RangeError);
  expect(() => multinomialP([1, 1], [0.5, 0.4], random('x'))).toThrow(RangeError);
  expect(() => multinomialP([1, -1], [0.5, 0.5], random('x'))).toThrow(RangeError);
  expect(() => multinomialP([1, 1], [0.5, 0.5], random('x'), 100)).toThrow(RangeError);
});

it('the bound beyond all drawing: the likelihood ratio has mean 1 under the law, by enumeration', () => {
  const law = [0.1, 0.3, 0.6];
  const n = 24;
  const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1));
  let [mean, total] = [0, 0];
  for (let a = 0; a <= n; a++) {
    for (let b = 0; a + b <= n; b++) {
      const c = n - a - b;
      const weight = (factorial(n) / (factorial(a) * factorial(b) * factorial(c))) * 0.1 ** a * 0.3 ** b * 0.6 ** c;
      total += weight;
      mean += weight * Math.exp(logMixtureRatio([a, b, c], law, n));
    }
  }
  expect(total).toBeCloseTo(1, 9);
  expect(mean).toBeCloseTo(1, 9);
});

it('a law that is far off is rejected without drawing, one that is right never by the bound', () => {
  const law = Array.from({ length: 64 }, (_, n) => (n + 1) / 2080);
  const shifted = law.map((p, n) => p * (n % 2 === 0 ? 1.35 : 0.65));
  const sum = shifted.reduce((all, p) => all + p, 0);
  const stream = random('far');
  const far = multinomialP(
    countsOf(
      shifted.map((p) => p / sum),
      stream,
    ),
    law,
    noDraws,
  );
  expect(far.p).toBeLessThan(1e-7);
  for (let n = 0; n < 200; n++) expect(logMixtureRatio(countsOf(law, stream), law, 4096)).toBeLessThan(Math.log(1e6));
});

/** 4096 draws. */
function countsOf(law: readonly number[], stream: RandomStream): Int32Array {
  const counts = new Int32Array(law.length);
  for (let draw = 0; draw < 4096; draw++) {
    const u = stream.uniform();
    let below = 0;
    let cell = -1;
    do below += law[++cell] as number;
    while (u >= below && cell < law.length - 1);
    counts[cell] = (counts[cell] as number) + 1;
  }
  return counts;
}

/** Monte Carlo would throw. */
const noDraws = new Proxy(random('none'), {
  get: () => () => {
    throw new Error('a number was drawn');
  },
});
