import { describe, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import type { LoadedProbe } from '../lab/loaded-probe.ts';
import type { ProbeLaw } from '../lab/probe-law.ts';
import { gridProbe } from '../probes/graphs.ts';
import { RandomStream } from '../random/random-stream.ts';
import {
  lawAfter,
  patternOf,
  pointLaw,
  secondEigenvalue,
  spinsOfPattern,
  stationaryLaw,
  sweepKernelApply,
  totalVariation,
  uniformLaw,
  windowSumLaw,
} from './exact-law.ts';
import { FixedMachine } from './fixed-machine.ts';

/** A path with couplings and fields that differ from spin to spin, real law, even spins first. */
function path(n: number): ProbeLaw {
  const spins = Array.from({ length: n }, (_, i) => i);
  return {
    spins: n,
    colors: [spins.filter((i) => i % 2 === 0), spins.filter((i) => i % 2 === 1)],
    up(i, states, offset = 0, b = 65536) {
      let f = 0.1 * (i + 1);
      if (i > 0) f += (0.3 + 0.1 * i) * (states[offset + i - 1] as number);
      if (i + 1 < n) f += (0.4 + 0.1 * i) * (states[offset + i + 1] as number);
      return 1 / (1 + Math.exp((-2 * f * b) / 65536));
    },
  };
}

/** The sweep as a matrix, color by color, all spins of a color at once: row is the state before. */
function sweepMatrix({ spins, colors, up }: ProbeLaw, b: number): number[][] {
  const size = 2 ** spins;
  let total = Array.from({ length: size }, (_, x) => Array.from({ length: size }, (_, y) => Number(x === y)));
  for (const color of colors) {
    const outside = [...Array(spins).keys()]
      .filter((spin) => !color.includes(spin))
      .reduce((mask, spin) => mask | (1 << spin), 0);
    const step = Array.from({ length: size }, (_, x) => {
      const p = color.map((spin) => up(spin, spinsOfPattern(x, spins), 0, b));
      return Array.from({ length: size }, (_, y) => {
        if ((x & outside) !== (y & outside)) return 0;
        return color.reduce((all, spin, n) => all * ((y >>> spin) & 1 ? (p[n] as number) : 1 - (p[n] as number)), 1);
      });
    });
    total = total.map((row) =>
      step.map((_, y) => row.reduce((sum, value, z) => sum + value * (step[z]?.[y] as number), 0)),
    );
  }
  return total;
}

const times = (p: Float64Array, matrix: readonly (readonly number[])[]): Float64Array =>
  p.map((_, y) => p.reduce((sum, value, x) => sum + value * (matrix[x]?.[y] as number), 0));

describe('the law of a sweep', () => {
  test('is the matrix of simultaneous updates of each color', () => {
    for (const b of [65536, 20000, 0]) {
      const law = path(5);
      const matrix = sweepMatrix(law, b);
      for (const start of [uniformLaw(5), pointLaw(5, 0), pointLaw(5, 21)]) {
        expect(totalVariation(sweepKernelApply(start, law, b), times(start, matrix))).toBeLessThan(1e-14);
      }
    }
  });

  test('after several sweeps is the product of matrices, by temperature', () => {
    const law = path(4);
    const expected = [65536, 30000, 10].reduce((p, b) => times(p, sweepMatrix(law, b)), pointLaw(4, 6));
    expect(totalVariation(lawAfter(pointLaw(4, 6), law, 3, [65536, 30000, 10]), expected)).toBeLessThan(1e-14);
    expect(lawAfter(pointLaw(4, 6), law, 0)).toEqual(pointLaw(4, 6));
  });
});

describe('the stationary law', () => {
  test('of exact heat-bath updates is the Boltzmann law', () => {
    const n = 6;
    const energy = (s: Int8Array): number => {
      let e = 0;
      for (let i = 0; i < n; i++) {
        e -= 0.1 * (i + 1) * (s[i] as number);
        // Symmetric: spin i + 1 sees its left neighbour as spin i sees its right one.
        if (i + 1 < n) e -= (0.4 + 0.1 * i) * (s[i] as number) * (s[i + 1] as number);
      }
      return e;
    };
    const weights = Float64Array.from({ length: 2 ** n }, (_, state) => Math.exp(-energy(spinsOfPattern(state, n))));
    const sum = weights.reduce((all, value) => all + value, 0);
    expect(
      totalVariation(
        stationaryLaw(path(n)),
        weights.map((value) => value / sum),
      ),
    ).toBeLessThan(1e-10);
  });

  test('at β = 0 is uniform', () => {
    expect(totalVariation(stationaryLaw(path(7), 0), uniformLaw(7))).toBeLessThan(1e-14);
  });

  // Two spins that nearly copy each other: up after up with probability 1 − 2p, up after down with probability p.
  const copies = (p: number): ProbeLaw => ({
    spins: 2,
    colors: [[0], [1]],
    up: (i, states, offset = 0) => ((states[offset + 1 - i] as number) > 0 ? 1 - 2 * p : p),
  });

  test('of a probe that moves once in 300 sweeps is found all the same', () => {
    const p = 1e-3;
    const stay = (1 - 2 * p) ** 2 + 2 * p * p;
    const rise = p * (1 - 2 * p) + (1 - p) * p;
    const law = stationaryLaw(copies(p));
    expect((law[2] as number) + (law[3] as number)).toBeCloseTo(rise / (1 - stay + rise), 9);
  });

  test('of a probe that hardly moves is an error', () => {
    expect(() => stationaryLaw(copies(1e-6))).toThrow(RangeError);
  });
});

describe('the window sum', () => {
  test('is what enumerating all histories gives', () => {
    const law = path(3);
    const matrix = sweepMatrix(law, 65536);
    const o = { start: pointLaw(3, 2), burnIn: 1, stride: 2, kept: 3, spin: 1 };
    const expected = new Float64Array(4);
    const follow = (state: number, sweep: number, ups: number, p: number): void => {
      if (sweep === 7) {
        expected[ups] = (expected[ups] as number) + p;
        return;
      }
      const kept = sweep + 1 > 1 && (sweep + 1 - 1) % 2 === 0;
      for (let next = 0; next < 8; next++) {
        follow(next, sweep + 1, ups + (kept ? (next >>> 1) & 1 : 0), p * (matrix[state]?.[next] as number));
      }
    };
    follow(2, 0, 0, 1);
    const found = windowSumLaw(law, o);
    expect(found.length).toBe(4);
    expect(totalVariation(found, expected)).toBeLessThan(1e-13);
  });
});

describe('the second eigenvalue', () => {
  test('of two coupled spins is tanh²(J)', () => {
    const pair: ProbeLaw = {
      spins: 2,
      colors: [[0], [1]],
      up: (i, states, offset = 0) => 1 / (1 + Math.exp(-1.4 * (states[offset + 1 - i] as number))),
    };
    expect(secondEigenvalue(pair)).toBeCloseTo(Math.tanh(0.7) ** 2, 9);
  });

  test('of independent spins is 0', () => {
    expect(secondEigenvalue({ spins: 3, colors: [[0, 1, 2]], up: () => 0.3 })).toBeLessThan(1e-12);
  });

  test('is the rate at which the law approaches its limit', () => {
    const law = path(6);
    const limit = stationaryLaw(law);
    const distance = (sweeps: number): number => totalVariation(lawAfter(pointLaw(6, 0), law, sweeps), limit);
    expect((distance(18) / distance(12)) ** (1 / 6)).toBeCloseTo(secondEigenvalue(law), 3);
  });
});

test('more spins than can be enumerated are an error, and so are states that do not exist', () => {
  expect(() => uniformLaw(13)).toThrow(RangeError);
  expect(() => pointLaw(3, 8)).toThrow(RangeError);
  expect(uniformLaw(12).length).toBe(4096);
  expect(() => sweepKernelApply(uniformLaw(3), path(4))).toThrow(RangeError);
});

test('bit patterns and spins are each other', () => {
  for (const pattern of [0, 5, 31]) expect(patternOf(spinsOfPattern(pattern, 5), 5)).toBe(pattern);
  expect(patternOf([0, 1, -1, 1], 2, 2)).toBe(2);
});

/**
 * Null: the last states of 4096 independent chains have the exact law. Statistic: n·KL(share ‖ p) of every state. By Chernoff's bound it
 * reaches ln(2/a) with probability at most a; with a = 1e-9 / (64 states · 4 runs) all of them together raise a false alarm with
 * probability at most 1e-9. Seeds are fixed.
 */
const alpha = 1e-9;
const rowsOfTest = 4096;
const runsOfTest = 4;

describe('frequencies of the machine', () => {
  const random = new RandomStream(1n, 'exact-law.test');
  const check = async (
    name: string,
    law: (probe: LoadedProbe) => Float64Array,
    run: { start: 'random' | 'down'; sweeps: number; temperatures?: number[] },
  ): Promise<void> => {
    const lab = new Lab(new FixedMachine(), { deadlineMs: 60_000 });
    const probe = await lab.loadProbe(gridProbe(2, 3, random.fork(`${name}/probe`)), random.fork(name));
    const start = run.start === 'random' ? 'random' : { given: new Int8Array(rowsOfTest * 6).fill(-1) };
    const { values } = await probe.snapshots({ ...run, start, rows: rowsOfTest, random: random.fork(`${name}/run`) });
    const counts = new Float64Array(64);
    for (let row = 0; row < rowsOfTest; row++) {
      const state = patternOf(values, 6, row * 6);
      counts[state] = (counts[state] as number) + 1;
    }
    const expected = law(probe);
    for (const [state, count] of counts.entries()) {
      const information = rowsOfTest * divergence(count / rowsOfTest, expected[state] as number);
      expect(information, `${name}, state ${state}`).toBeLessThan(Math.log((2 * 64 * runsOfTest) / alpha));
    }
    await lab.close();
  };

  test('after 1 sweep from all down', () =>
    check('one', (probe) => lawAfter(pointLaw(6, 0), probe.law(), 1), { start: 'down', sweeps: 1 }));
  test('after 2 sweeps from a random start', () =>
    check('two', (probe) => lawAfter(uniformLaw(6), probe.law(), 2), { start: 'random', sweeps: 2 }));
  test('after 3 sweeps at 3 temperatures', () =>
    check('ramp', (probe) => lawAfter(pointLaw(6, 0), probe.law(), 3, [10000, 65536, 30000]), {
      start: 'down',
      sweeps: 3,
      temperatures: [10000, 65536, 30000],
    }));
  test('after 30 sweeps: the stationary law', () =>
    check('thirty', (probe) => stationaryLaw(probe.law()), { start: 'down', sweeps: 30 }));
});

/** Kullback–Leibler divergence of two coins, in nats. */
function divergence(q: number, p: number): number {
  const term = (a: number, b: number): number => (a === 0 ? 0 : a * Math.log(a / b));
  return term(q, p) + term(1 - q, 1 - p);
}
