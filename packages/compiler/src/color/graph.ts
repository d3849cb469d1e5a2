/** An undirected graph in compressed rows: the couplings between free spins, each listed at both ends. */
export interface Graph {
  readonly vertexCount: number;
  /** vertexCount + 1 entries; row v is neighbour[rowStart[v]] … neighbour[rowStart[v + 1] − 1], rising. */
  readonly rowStart: Float64Array<ArrayBuffer>;
  readonly neighbour: Uint32Array<ArrayBuffer>;
}

/** A list of pairs of different vertices, each pair once. */
export interface EdgeList {
  readonly first: ArrayLike<number>;
  readonly second: ArrayLike<number>;
}

/** Both directions of every edge, rows rising: O(V + E), by counting twice. */
export function graphOfEdges(vertexCount: number, edges: EdgeList): Graph {
  const rowStart = new Float64Array(vertexCount + 1);
  const count = (v: number) => {
    rowStart[v + 1] = (rowStart[v + 1] as number) + 1;
  };
  for (let e = 0; e < edges.first.length; e++) {
    count(edges.first[e] as number);
    count(edges.second[e] as number);
  }
  for (let v = 0; v < vertexCount; v++) rowStart[v + 1] = (rowStart[v + 1] as number) + (rowStart[v] as number);
  const unsorted = scatter(rowStart, edges.first.length, (e, put) => {
    put(edges.first[e] as number, edges.second[e] as number);
    put(edges.second[e] as number, edges.first[e] as number);
  });
  // The graph is its own transpose: scattering row by row leaves every row in rising order.
  const neighbour = scatter(rowStart, vertexCount, (v, put) => {
    for (let at = rowStart[v] as number; at < (rowStart[v + 1] as number); at++) put(unsorted[at] as number, v);
  });
  return { vertexCount, rowStart, neighbour };
}

/** Neighbours of v. */
export function degreeOf(graph: Graph, v: number): number {
  return (graph.rowStart[v + 1] as number) - (graph.rowStart[v] as number);
}

/** The neighbours of v, rising; a view. */
export function neighboursOf(graph: Graph, v: number): Uint32Array {
  return graph.neighbour.subarray(graph.rowStart[v], graph.rowStart[v + 1]);
}

/** Vertices by falling degree, then rising number: the order in which ties are broken. */
export function byDegree(graph: Graph): Uint32Array<ArrayBuffer> {
  const degreeMax = maxDegree(graph);
  const start = new Float64Array(degreeMax + 2);
  for (let v = 0; v < graph.vertexCount; v++) {
    const place = degreeMax - degreeOf(graph, v) + 1;
    start[place] = (start[place] as number) + 1;
  }
  for (let d = 0; d <= degreeMax; d++) start[d + 1] = (start[d + 1] as number) + (start[d] as number);
  const order = new Uint32Array(graph.vertexCount);
  for (let v = 0; v < graph.vertexCount; v++) {
    const place = degreeMax - degreeOf(graph, v);
    order[start[place] as number] = v;
    start[place] = (start[place] as number) + 1;
  }
  return order;
}

function maxDegree(graph: Graph): number {
  let degreeMax = 0;
  for (let v = 0; v < graph.vertexCount; v++) degreeMax = Math.max(degreeMax, degreeOf(graph, v));
  return degreeMax;
}

/** Puts values into the rows that begin at `rowStart`, in the order in which they come. */
function scatter(
  rowStart: Float64Array,
  items: number,
  each: (item: number, put: (row: number, value: number) => void) => void,
): Uint32Array<ArrayBuffer> {
  const next = rowStart.slice();
  const out = new Uint32Array(rowStart.at(-1) as number);
  const put = (row: number, value: number) => {
    const at = next[row] as number;
    out[at] = value;
    next[row] = at + 1;
  };
  for (let item = 0; item < items; item++) each(item, put);
  return out;
}
