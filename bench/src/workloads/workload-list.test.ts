import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { visibleCountOf } from './dense-workload.ts';
import type { ConvWorkload, GraphWorkload } from './workload.ts';
import { workloadFacts } from './workload.ts';
import { encodeWorkload } from './workload-file.ts';
import { namedWorkloads } from './workload-list.ts';

const generate = (name: string, size: 'full' | 'quick' = 'full') => {
  const found = namedWorkloads.find((named) => named.name === name);
  if (found === undefined) throw new Error(`no workload ${name}`);
  return found.generate(size);
};

const conv = (name: string): ConvWorkload => {
  const workload = generate(name);
  if (workload.kind !== 'conv') throw new Error(`${name} is no convolution`);
  return workload;
};

const graph = (name: string): GraphWorkload => {
  const workload = generate(name);
  if (workload.kind !== 'graph') throw new Error(`${name} is no graph`);
  return workload;
};

const degrees = (g: GraphWorkload): Set<number> => {
  const degree = new Int32Array(g.spinCount);
  for (const spin of [...g.u, ...g.v]) degree[spin] = (degree[spin] as number) + 1;
  return new Set(degree);
};

/**
 * Hypothesis: independent N(0, σ²). The mean of n has a standard error of σ/√n, their second moment one of σ²√(2/n), the
 * fourth one of σ⁴√(96/n). The numbers are the same every time; that a right generator misses 5 standard errors has a
 * probability below 10⁻⁵ for the two dozen checks here.
 */
function expectNormal(values: Float32Array, sigma: number): void {
  const n = values.length;
  const moment = (power: number): number => values.reduce((sum, x) => sum + (x / sigma) ** power, 0) / n;
  expect(Math.abs(moment(1))).toBeLessThan(5 / Math.sqrt(n));
  expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
  expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
}

describe('workloads', () => {
  it.each([
    ['W1', 881.3, 100_352 * 16],
    ['W2', 209.7, 12_544 * 64],
    ['W3', 1.573, 4096 * 64],
    ['W4', 51.38, 1296 * 64],
    ['W5', 3.821, 4264 * 64],
  ])('%s has %d million synaptic operations and %d updates a sweep', (name, millions, updates) => {
    const facts = workloadFacts(name, generate(name), null);
    expect(facts.synapticOperationsPerSweep / 1e6).toBeCloseTo(millions, millions > 100 ? 1 : millions > 10 ? 2 : 3);
    expect(facts.updatesPerSweep).toBe(updates);
  });

  it.each([
    ['W1', 64],
    ['W2', 32],
    ['B7', 96],
  ])('the kernel and the fields of %s are normal', (name, channels1) => {
    const w = conv(name);
    expectNormal(w.kernel, 1 / Math.sqrt(9 * channels1));
    expectNormal(w.h1, 1);
    expectNormal(w.h2, 0.5);
    expect([w.delta, w.beta]).toEqual([Math.fround(0.2), 1]);
  });

  it('the pairs of the ±J lattice join neighbours of different color, six to a spin, with both signs', () => {
    const g = graph('W3');
    expect(degrees(g)).toEqual(new Set([6]));
    expect(new Set(g.J)).toEqual(new Set([1, -1]));
    // A fair coin: the sum of 12,288 signs has a standard deviation of 111.
    expect(Math.abs(g.J.reduce((sum, j) => sum + j, 0))).toBeLessThan(5 * 111);
    expect(g.color.reduce((sum, color) => sum + color, 0)).toBe(2048);
    // The first pair of each direction, by the index (z·16 + y)·16 + x.
    expect([0, 4096, 8192].map((pair) => [g.u[pair], g.v[pair]])).toEqual([
      [0, 1],
      [0, 16],
      [0, 256],
    ]);
  });

  it('the Boltzmann machine is dense and bipartite, row by row', () => {
    const g = graph('W4');
    expect(visibleCountOf(g)).toBe(784);
    expectNormal(g.J, 0.05);
    expect([g.u[512], g.v[512]]).toEqual([1, 784]);
    expect(visibleCountOf(graph('W3'))).toBeNull();
  });

  it('the irregular graph is regular, simple and properly colored with six colors', () => {
    const g = graph('W5');
    expect(degrees(g)).toEqual(new Set([14]));
    expect(new Set(g.u.map((spin, pair) => spin * g.spinCount + (g.v[pair] as number))).size).toBe(29_848);
    expect(g.u.every((spin, pair) => spin < (g.v[pair] as number))).toBe(true);
    expect(g.u.some((spin, pair) => g.color[spin] === g.color[g.v[pair] as number])).toBe(false);
    expect(new Set(g.color).size).toBe(6);
    expectNormal(g.J, 0.7);
  });

  it('are the same bytes every time: figures of different machines are figures of the same problem', () => {
    const hashes = namedWorkloads.map(({ name, generate: make }) => {
      const hash = createHash('sha256').update(encodeWorkload(make('full')));
      return [name, hash.digest('hex').slice(0, 16)];
    });
    expect(Object.fromEntries(hashes)).toEqual({
      W1: 'facc52c4edde2a36',
      W2: 'd85ac96188b87ac2',
      W3: 'f8669e65ff1956a2',
      W4: '7895b698715fbfe9',
      W5: '1e58e5a6bea2d2f4',
      B7: '7f31dfa93d3a66a7',
    });
  });
});
