/**
 * DSATUR (Brélaz, 1979, doi 10.1145/359094.359101): color the vertex that sees the most colors next, with the lowest
 * color that it does not see. Optimal on bipartite graphs; O((V + E) log V) with a heap.
 *
 * Ties are broken by degree in the whole graph, then by vertex number, so the result depends on the graph alone.
 */
import { byDegree, type Graph, neighboursOf } from './graph.ts';

/** A color for every vertex. */
export interface Coloring {
  /** Per vertex, 0 … colorCount − 1. */
  readonly color: Uint32Array<ArrayBuffer>;
  readonly colorCount: number;
}

/** A valid coloring; deterministic. */
export function dsatur(graph: Graph): Coloring {
  const n = graph.vertexCount;
  const order = byDegree(graph);
  const rank = new Uint32Array(n);
  order.forEach((v, i) => {
    rank[v] = i;
  });
  const color = new Int32Array(n).fill(-1);
  const seen = new ColorSets(n);
  const saturation = new Uint32Array(n);
  // A key holds (saturation, reversed rank); entries of an older saturation stay in the heap and are skipped.
  const keyOf = (v: number) => (saturation[v] as number) * n + (n - 1 - (rank[v] as number));
  const heap = new MaxHeap(Float64Array.from({ length: n }, (_, i) => n - 1 - i));
  let colorCount = 0;
  for (let key = heap.pop(); key !== undefined; key = heap.pop()) {
    const v = order[n - 1 - (key % n)] as number;
    if (color[v] !== -1) continue;
    const chosen = seen.lowestMissing(v);
    color[v] = chosen;
    colorCount = Math.max(colorCount, chosen + 1);
    for (const u of neighboursOf(graph, v)) {
      if (color[u] !== -1 || !seen.add(u, chosen)) continue;
      saturation[u] = (saturation[u] as number) + 1;
      heap.push(keyOf(u));
    }
  }
  return { color: Uint32Array.from(color), colorCount };
}

/** The first edge whose ends have one color, or null: what makes a coloring valid. */
export function conflictOf(graph: Graph, color: ArrayLike<number>): readonly [number, number] | null {
  for (let v = 0; v < graph.vertexCount; v++) {
    for (const u of neighboursOf(graph, v)) if (color[u] === color[v]) return [v, u];
  }
  return null;
}

/** A set of colors per vertex, as bits; grows with the number of colors in use. */
class ColorSets {
  readonly #vertices: number;
  #wordsPerVertex = 1;
  #bits: Uint32Array;

  constructor(vertices: number) {
    this.#vertices = vertices;
    this.#bits = new Uint32Array(vertices);
  }

  /** Whether the color is new in the set of v. */
  add(v: number, color: number): boolean {
    if (color >= 32 * this.#wordsPerVertex) this.#grow();
    const at = v * this.#wordsPerVertex + (color >>> 5);
    const bit = 1 << (color & 31);
    const word = this.#bits[at] as number;
    this.#bits[at] = word | bit;
    return (word & bit) === 0;
  }

  lowestMissing(v: number): number {
    const from = v * this.#wordsPerVertex;
    for (let word = 0; word < this.#wordsPerVertex; word++) {
      const missing = ~(this.#bits[from + word] as number);
      if (missing !== 0) return 32 * word + 31 - Math.clz32(missing & -missing);
    }
    return 32 * this.#wordsPerVertex;
  }

  #grow(): void {
    const words = 2 * this.#wordsPerVertex;
    const bits = new Uint32Array(this.#vertices * words);
    for (let v = 0; v < this.#vertices; v++) {
      const from = v * this.#wordsPerVertex;
      bits.set(this.#bits.subarray(from, from + this.#wordsPerVertex), v * words);
    }
    this.#bits = bits;
    this.#wordsPerVertex = words;
  }
}

/** Numbers, largest first. */
class MaxHeap {
  #keys: Float64Array;
  #size: number;

  /** `keys` must fall; taken over. */
  constructor(keys: Float64Array) {
    this.#keys = keys;
    this.#size = keys.length;
  }

  push(key: number): void {
    if (this.#size === this.#keys.length) {
      const larger = new Float64Array(2 * this.#size + 16);
      larger.set(this.#keys);
      this.#keys = larger;
    }
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if ((this.#keys[parent] as number) >= key) break;
      this.#keys[at] = this.#keys[parent] as number;
      at = parent;
    }
    this.#keys[at] = key;
  }

  pop(): number | undefined {
    if (this.#size === 0) return undefined;
    const top = this.#keys[0];
    const last = this.#keys[--this.#size] as number;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && (this.#keys[child + 1] as number) > (this.#keys[child] as number)) child++;
      if ((this.#keys[child] as number) <= last) break;
      this.#keys[at] = this.#keys[child] as number;
      at = child;
    }
    this.#keys[at] = last;
    return top;
  }
}
