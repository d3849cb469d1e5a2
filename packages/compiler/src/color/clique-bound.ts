/**
 * A clique, found greedily: no coloring has fewer colors than it has vertices. From each of the vertices of largest
 * degree the clique grows by the candidate of largest degree that all its members know.
 */
import { byDegree, type Graph, neighboursOf } from './graph.ts';

/** Cliques tried: more find little more. */
const seeds = 64;

/** The number of vertices of the largest clique found: 1 for a graph without edges, 0 without vertices. */
export function cliqueBound(graph: Graph): number {
  const order = byDegree(graph);
  const rank = new Uint32Array(graph.vertexCount);
  order.forEach((v, i) => {
    rank[v] = i;
  });
  let largest = 0;
  for (const seed of order.subarray(0, seeds)) largest = Math.max(largest, cliqueFrom(graph, seed, rank));
  return largest;
}

function cliqueFrom(graph: Graph, seed: number, rank: Uint32Array): number {
  let candidates = neighboursOf(graph, seed).slice();
  let size = 1;
  while (candidates.length > 0) {
    const next = candidates.reduce((a, b) => ((rank[b] as number) < (rank[a] as number) ? b : a));
    size++;
    candidates = intersection(candidates, neighboursOf(graph, next));
  }
  return size;
}

/** Of two rising lists. */
function intersection(a: Uint32Array, b: Uint32Array): Uint32Array<ArrayBuffer> {
  const out = new Uint32Array(Math.min(a.length, b.length));
  let count = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const left = a[i] as number;
    const right = b[j] as number;
    if (left === right) out[count++] = left;
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return out.subarray(0, count);
}
