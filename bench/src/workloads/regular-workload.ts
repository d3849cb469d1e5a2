import { colorGraph } from './color-graph.ts';
import { type RandomStream, randomStream } from './random-stream.ts';
import type { GraphWorkload } from './workload.ts';

/**
 * A random regular graph: every spin has `degree` partners, J ~ N(0, 0.7²), no fields, properly colored with
 * `colorCount` colors. spinCount · degree is even.
 */
export function regularWorkload(o: {
  readonly seed: bigint;
  readonly spinCount: number;
  readonly degree: number;
  readonly colorCount: number;
  readonly beta: number;
  readonly chains: number;
}): GraphWorkload {
  const { spinCount, degree, colorCount } = o;
  const ends = regularPairs(spinCount, degree, randomStream(o.seed, 0));
  const pairs = ends.length / 2;
  const u = Int32Array.from({ length: pairs }, (_, pair) => Math.min(end(ends, 2 * pair), end(ends, 2 * pair + 1)));
  const v = Int32Array.from({ length: pairs }, (_, pair) => Math.max(end(ends, 2 * pair), end(ends, 2 * pair + 1)));
  const J = new Float32Array(pairs);
  randomStream(o.seed, 1).fillNormal(J, 0.7);
  const color = colorGraph({ spinCount, u, v }, { colorCount, random: randomStream(o.seed, 2) });
  return {
    kind: 'graph',
    spinCount,
    colorCount,
    chains: o.chains,
    beta: Math.fround(o.beta),
    h: new Float32Array(spinCount),
    color,
    u,
    v,
    J,
  };
}

const end = (ends: Int32Array, at: number): number => ends[at] as number;

/**
 * The configuration model: `degree` stubs a spin, shuffled and joined in pairs; a pair that joins a spin with itself or
 * repeats another swaps one end with a random pair, until all are simple. Ends 2p and 2p + 1 are pair p.
 */
function regularPairs(spinCount: number, degree: number, random: RandomStream): Int32Array {
  const ends = Int32Array.from({ length: spinCount * degree }, (_, stub) => Math.floor(stub / degree));
  for (let i = ends.length - 1; i > 0; i--) swap(ends, i, random.below(i + 1));
  for (;;) {
    const bad = badPairs(ends, spinCount);
    if (bad.length === 0) return ends;
    for (const pair of bad) swap(ends, 2 * pair + 1, 2 * random.below(ends.length / 2) + 1);
  }
}

function swap(ends: Int32Array, i: number, j: number): void {
  const kept = end(ends, i);
  ends[i] = end(ends, j);
  ends[j] = kept;
}

function badPairs(ends: Int32Array, spinCount: number): readonly number[] {
  const seen = new Set<number>();
  const bad: number[] = [];
  for (let pair = 0; pair < ends.length / 2; pair++) {
    const a = end(ends, 2 * pair);
    const b = end(ends, 2 * pair + 1);
    const key = Math.min(a, b) * spinCount + Math.max(a, b);
    if (a === b || seen.has(key)) bad.push(pair);
    seen.add(key);
  }
  return bad;
}
