/**
 * TabuCol (Hertz and de Werra 1987): start from any coloring with the wanted number of colors, then repeatedly move one
 * spin that shares its color with a partner to the color that leaves the fewest such pairs; the color just left is
 * forbidden to that spin for a while. Fewer colors than a greedy coloring needs: 6 instead of 7 for random 14-regular graphs.
 */
import type { RandomStream } from './random-stream.ts';

/** Far more than the graphs here need (about spinCount). */
const movesMax = 1_000_000;

/** A proper coloring, one color 0 … colorCount − 1 per spin. Throws when none is found: take more colors. */
export function colorGraph(
  graph: { readonly spinCount: number; readonly u: Int32Array; readonly v: Int32Array },
  { colorCount, random }: { readonly colorCount: number; readonly random: RandomStream },
): Int32Array<ArrayBuffer> {
  const { spinCount } = graph;
  const partners = partnersOf(graph);
  const color = new Int32Array(spinCount);
  /** `[spin][color]`: partners of that color. */
  const shared = new Int32Array(spinCount * colorCount);
  const move = (spin: number, to: number): void => {
    const from = color[spin] as number;
    for (const partner of partners[spin] ?? []) {
      const row = partner * colorCount;
      shared[row + from] = (shared[row + from] as number) - 1;
      shared[row + to] = (shared[row + to] as number) + 1;
    }
    color[spin] = to;
  };
  const clashes = (spin: number, c: number): number => shared[spin * colorCount + c] as number;

  for (let spin = 0; spin < spinCount; spin++) {
    shared[spin * colorCount] = partners[spin]?.length ?? 0;
  }
  for (let spin = 0; spin < spinCount; spin++) move(spin, random.below(colorCount));

  const forbiddenUntil = new Int32Array(spinCount * colorCount);
  for (let step = 0; step < movesMax; step++) {
    const clashing: number[] = [];
    for (let spin = 0; spin < spinCount; spin++) if (clashes(spin, color[spin] as number) > 0) clashing.push(spin);
    if (clashing.length === 0) return color;
    let best = Number.POSITIVE_INFINITY;
    let ties = 0;
    let chosen = { spin: clashing[0] as number, to: random.below(colorCount) };
    for (const spin of clashing) {
      const now = color[spin] as number;
      for (let to = 0; to < colorCount; to++) {
        if (to === now || (forbiddenUntil[spin * colorCount + to] as number) > step) continue;
        const change = clashes(spin, to) - clashes(spin, now);
        if (change > best) continue;
        ties = change < best ? 1 : ties + 1;
        best = change;
        // Each of the equally good moves with the same probability.
        if (random.below(ties) === 0) chosen = { spin, to };
      }
    }
    const { spin, to } = chosen;
    forbiddenUntil[spin * colorCount + (color[spin] as number)] =
      step + Math.floor(0.6 * clashing.length) + random.below(10);
    move(spin, to);
  }
  throw new RangeError(`no coloring with ${colorCount} colors was found in ${movesMax} moves: take more colors`);
}

function partnersOf(graph: { readonly spinCount: number; readonly u: Int32Array; readonly v: Int32Array }): number[][] {
  const partners = Array.from({ length: graph.spinCount }, (): number[] => []);
  graph.u.forEach((spin, pair) => {
    const other = graph.v[pair] as number;
    partners[spin]?.push(other);
    partners[other]?.push(spin);
  });
  return partners;
}
