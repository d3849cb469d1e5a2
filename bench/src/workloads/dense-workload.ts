import { randomStream } from './random-stream.ts';
import type { GraphWorkload } from './workload.ts';

/**
 * A restricted Boltzmann machine: every visible spin (0 … visible − 1, color 0) is joined to every hidden one (color 1),
 * J ~ N(0, 0.05²), no fields, β = 1. The pairs are in row-major order, so J reshapes to [visible][hidden].
 */
export function denseWorkload(o: {
  readonly seed: bigint;
  readonly visible: number;
  readonly hidden: number;
  readonly chains: number;
}): GraphWorkload {
  const { visible, hidden } = o;
  const spinCount = visible + hidden;
  const pairs = visible * hidden;
  const J = new Float32Array(pairs);
  randomStream(o.seed).fillNormal(J, 0.05);
  return {
    kind: 'graph',
    spinCount,
    colorCount: 2,
    chains: o.chains,
    beta: 1,
    h: new Float32Array(spinCount),
    color: Int32Array.from({ length: spinCount }, (_, spin) => (spin < visible ? 0 : 1)),
    u: Int32Array.from({ length: pairs }, (_, pair) => Math.floor(pair / hidden)),
    v: Int32Array.from({ length: pairs }, (_, pair) => visible + (pair % hidden)),
    J,
  };
}

/** The visible spins of a graph that is such a machine, as many as the first color has; null for any other graph. */
export function visibleCountOf(w: GraphWorkload): number | null {
  const visible = w.color.indexOf(1);
  const hidden = w.spinCount - visible;
  if (visible < 1 || w.colorCount !== 2 || w.u.length !== visible * hidden) return null;
  const ordered = w.u.every(
    (spin, pair) => spin === Math.floor(pair / hidden) && w.v[pair] === visible + (pair % hidden),
  );
  return ordered ? visible : null;
}
