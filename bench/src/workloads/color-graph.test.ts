import { describe, expect, it } from 'vitest';
import { colorGraph } from './color-graph.ts';
import { randomStream } from './random-stream.ts';

const cycle = (n: number) => ({
  spinCount: n,
  u: Int32Array.from({ length: n }, (_, i) => Math.min(i, (i + 1) % n)),
  v: Int32Array.from({ length: n }, (_, i) => Math.max(i, (i + 1) % n)),
});

describe('coloring a graph', () => {
  it('colors an even cycle with two colors and an odd one with three', () => {
    for (const [n, colorCount] of [
      [12, 2],
      [11, 3],
    ] as const) {
      const graph = cycle(n);
      const color = colorGraph(graph, { colorCount, random: randomStream(1n) });
      expect(graph.u.every((spin, pair) => color[spin] !== color[graph.v[pair] as number])).toBe(true);
    }
  });

  it('says so when it finds no coloring', () => {
    expect(() => colorGraph(cycle(3), { colorCount: 2, random: randomStream(1n) })).toThrow(/take more colors/);
  });
});
