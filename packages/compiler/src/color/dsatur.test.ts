import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numbers } from '../../test/support/random-numbers.ts';
import { cliqueBound } from './clique-bound.ts';
import { conflictOf, dsatur } from './dsatur.ts';
import { type Graph, graphOfEdges, neighboursOf } from './graph.ts';

type Edge = readonly [number, number];

function graph(vertexCount: number, edges: readonly Edge[]): Graph {
  return graphOfEdges(vertexCount, { first: edges.map((e) => e[0]), second: edges.map((e) => e[1]) });
}

/** Every pair once, with the given density. */
function randomGraph(vertexCount: number, density: number, seed: number): Graph {
  const random = numbers(seed);
  const edges: Edge[] = [];
  for (let v = 1; v < vertexCount; v++) {
    for (let u = 0; u < v; u++) if (random.uniform() < density) edges.push([u, v]);
  }
  return graph(vertexCount, edges);
}

/** The chromatic number, by trying. */
function chromaticNumber(g: Graph): number {
  const color = new Array<number>(g.vertexCount).fill(-1);
  const fits = (v: number, limit: number): boolean => {
    if (v === g.vertexCount) return true;
    for (let c = 0; c < limit; c++) {
      if ([...neighboursOf(g, v)].some((u) => color[u] === c)) continue;
      color[v] = c;
      if (fits(v + 1, limit)) return true;
      color[v] = -1;
    }
    return false;
  };
  let limit = 0;
  while (!fits(0, limit)) limit++;
  return limit;
}

const cycle = (n: number): Edge[] => Array.from({ length: n }, (_, v) => [v, (v + 1) % n]);

describe('graphs', () => {
  it('list every edge at both ends, neighbours rising', () => {
    const g = graph(4, [
      [2, 0],
      [0, 3],
      [1, 0],
    ]);
    expect([...Array(4).keys()].map((v) => [...neighboursOf(g, v)])).toEqual([[1, 2, 3], [0], [0], [0]]);
  });
});

describe('DSATUR', () => {
  it('never gives two neighbours one color, and lies between a clique and the largest degree + 1', () => {
    const shape = fc.record({
      n: fc.integer({ min: 0, max: 60 }),
      density: fc.double({ min: 0, max: 1, noNaN: true }),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(shape, ({ n, density, seed }) => {
        const g = randomGraph(n, density, seed);
        const { color, colorCount } = dsatur(g);
        const degreeMax = Math.max(-1, ...Array.from({ length: n }, (_, v) => neighboursOf(g, v).length));
        expect(conflictOf(g, color)).toBeNull();
        expect(new Set(color).size).toBe(colorCount);
        expect(colorCount).toBeLessThanOrEqual(degreeMax + 1);
        expect(colorCount).toBeGreaterThanOrEqual(cliqueBound(g));
      }),
      { numRuns: 100, seed: 4 },
    );
  });

  it('colors bipartite graphs with two colors', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 1, max: 120 }), fc.nat(), (n, count, seed) => {
        const random = numbers(seed);
        const left = 1 + random.integer(n - 1);
        const edges = new Map<string, Edge>();
        for (let i = 0; i < count; i++) {
          const edge: Edge = [random.integer(left), left + random.integer(n - left)];
          edges.set(edge.join(), edge);
        }
        expect(dsatur(graph(n, [...edges.values()])).colorCount).toBe(2);
      }),
      { numRuns: 200, seed: 5 },
    );
  });

  it.each([
    ['an even cycle', graph(8, cycle(8)), 2],
    ['an odd cycle', graph(9, cycle(9)), 3],
    ['a wheel with an even rim', graph(9, [...cycle(8), ...cycle(8).map(([v]): Edge => [v, 8])]), 3],
    ['a wheel with an odd rim', graph(10, [...cycle(9), ...cycle(9).map(([v]): Edge => [v, 9])]), 4],
    ['a complete graph', randomGraph(40, 1.1, 1), 40],
    [
      'the Petersen graph',
      graph(10, [
        ...cycle(5),
        ...cycle(5).map(([v]): Edge => [v, v + 5]),
        ...[0, 1, 2, 3, 4].map((v): Edge => [5 + v, 5 + ((v + 2) % 5)]),
      ]),
      3,
    ],
    ['no edge at all', graph(5, []), 1],
    ['no vertex at all', graph(0, []), 0],
  ])('colors %s optimally', (_, g, colors) => {
    expect(dsatur(g).colorCount).toBe(colors);
  });

  it('needs at most one color more than the best on random graphs of ten vertices', () => {
    const excess = Array.from({ length: 60 }, (_, seed) => {
      const g = randomGraph(10, 0.15 + (seed % 5) * 0.15, seed);
      return dsatur(g).colorCount - chromaticNumber(g);
    });
    expect(Math.min(...excess)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...excess)).toBeLessThanOrEqual(1);
  });

  it('colors a hundred thousand couplings in seconds', () => {
    const random = numbers(9);
    const edges = new Map<number, Edge>();
    const n = 20_000;
    while (edges.size < 100_000) {
      const [a, b] = [random.integer(n), random.integer(n)];
      if (a !== b) edges.set(Math.min(a, b) * n + Math.max(a, b), [a, b]);
    }
    const g = graph(n, [...edges.values()]);
    const start = performance.now();
    const { color, colorCount } = dsatur(g);
    // A hundred times the time that it takes: fails for a quadratic algorithm, not for a busy machine.
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(conflictOf(g, color)).toBeNull();
    // Mean degree 10: DSATUR stays far below the largest degree.
    expect(colorCount).toBeLessThanOrEqual(7);
  });
});

describe('the clique bound', () => {
  it('is never above the chromatic number, and is met by complete graphs', () => {
    for (let seed = 0; seed < 40; seed++) {
      const g = randomGraph(10, 0.5, seed);
      expect(cliqueBound(g)).toBeLessThanOrEqual(chromaticNumber(g));
    }
    expect(cliqueBound(randomGraph(17, 1.1, 1))).toBe(17);
    expect([cliqueBound(graph(5, [])), cliqueBound(graph(0, []))]).toEqual([1, 0]);
  });
});
