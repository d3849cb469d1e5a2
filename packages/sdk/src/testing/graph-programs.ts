/** Random programs on graphs, of the sizes that kernels are made for: one bank `s` of colored spins, coupled to itself. */
import { spinCountOf } from '../program/block-layout.ts';
import type { Program } from '../program/program.ts';
import { BlockSketch } from './block-sketch.ts';

/** Two spins, in any order. A spin's pair with itself is no coupling. */
type Pair = readonly [number, number];

interface Graph {
  readonly spins: number;
  readonly pairs: readonly Pair[];
  /** Typical number of partners of a spin. */
  readonly degree: number;
}

/** A periodic lattice of rank 2 or 3 with even sides in two colors: a spin glass. */
export function lattice(seed: number): Program {
  const sketch = new BlockSketch(seed);
  const { dice } = sketch;
  const shape = Array.from({ length: dice.pick([2, 3]) }, () => 2 * dice.integer(1, 4));
  const spins = spinCountOf({ shape });
  const place = (i: number): number[] => {
    const found: number[] = [];
    let rest = i;
    for (const side of shape.toReversed()) {
      found.unshift(rest % side);
      rest = Math.floor(rest / side);
    }
    return found;
  };
  const colors = Uint16Array.from({ length: spins }, (_, i) => place(i).reduce((sum, x) => sum + x, 0) & 1);
  sketch.colored('s', shape, colors);
  const pairs = Array.from({ length: spins }, (_, i) =>
    shape.map((side, axis): Pair => {
      const next = place(i).map((x, n) => (n === axis ? (x + 1) % side : x));
      return [i, next.reduce((index, x, n) => index * (shape[n] ?? 1) + x, 0)];
    }),
  ).flat();
  couplePairs(sketch, { spins, pairs, degree: 2 * shape.length });
  return sketch.program(`lattice ${seed}`);
}

/** Spins on an irregular graph with hubs, colored greedily; some of them look at pinned ones. */
export function irregularGraph(seed: number): Program {
  const sketch = new BlockSketch(seed);
  const { dice } = sketch;
  const spins = dice.integer(1, 300);
  const degree = dice.pick([1, 3, 14]);
  const pairs = Array.from({ length: Math.floor((spins * degree) / 2) }, (): Pair => {
    const hub = dice.chance(0.2) ? dice.integer(0, Math.min(3, spins - 1)) : dice.integer(0, spins - 1);
    return [hub, dice.integer(0, spins - 1)];
  });
  addGraph(sketch, { spins, pairs, degree });
  if (dice.chance(0.4)) {
    const pinned = dice.integer(1, 50);
    sketch.pinned('x', [pinned]);
    const ends = { from: 'x', to: 's', degree: pinned };
    sketch.couple(ends, [spins, pinned], (matrix) => ({ kind: 'dense', matrix }));
  }
  return sketch.program(`irregular graph ${seed}`);
}

/** Pairs drawn alike, colored greedily: numbers of partners are Poisson distributed about `degree`. Of the fixed law; the block has index 3. */
export function randomGraph(seed: number, o: { readonly spins: number; readonly degree: number }): Program {
  const { spins, degree } = o;
  const sketch = new BlockSketch(seed);
  const { dice } = sketch;
  const anySpin = (): number => dice.integer(0, spins - 1);
  const pairs = Array.from({ length: Math.floor((spins * degree) / 2) }, (): Pair => [anySpin(), anySpin()]);
  addGraph(sketch, { spins, pairs, degree });
  return sketch.program(`random graph ${seed}`);
}

function addGraph(sketch: BlockSketch, graph: Graph): void {
  sketch.colored('s', [graph.spins], greedyColors(graph));
  couplePairs(sketch, graph);
}

/** Each pair once, in the row of the smaller spin. */
function couplePairs(sketch: BlockSketch, { spins, pairs, degree }: Graph): void {
  const rows = Array.from({ length: spins }, () => new Set<number>());
  for (const [a, b] of pairs) if (a !== b) rows[Math.min(a, b)]?.add(Math.max(a, b));
  const columns = rows.map((row) => [...row].sort((a, b) => a - b));
  const starts = [0];
  for (const row of columns) starts.push((starts.at(-1) ?? 0) + row.length);
  const column = Uint32Array.from(columns.flat());
  sketch.couple({ from: 's', to: 's', degree }, [column.length], (value) => ({
    kind: 'sparse',
    rowStart: sketch.add('rowStart', 'U32', [starts.length], Uint32Array.from(starts)),
    column: sketch.add('column', 'U32', [column.length], column),
    value,
  }));
}

function greedyColors({ spins, pairs }: Graph): Uint16Array<ArrayBuffer> {
  const partners = Array.from({ length: spins }, () => new Set<number>());
  for (const [a, b] of pairs) {
    if (a === b) continue;
    partners[a]?.add(b);
    partners[b]?.add(a);
  }
  const colors = new Uint16Array(spins);
  for (let i = 0; i < spins; i++) {
    const taken = new Set([...(partners[i] ?? [])].filter((j) => j < i).map((j) => colors[j]));
    let color = 0;
    while (taken.has(color)) color++;
    colors[i] = color;
  }
  return colors;
}
