import { randomStream } from './random-stream.ts';
import type { GraphWorkload } from './workload.ts';

/**
 * The 3-D Edwards–Anderson glass: an L×L×L lattice with periodic boundaries and J = ±1 with equal probability, no fields.
 * Spin index (z·L + y)·L + x; the pairs are listed +x, then +y, then +z; two colors, by the parity of x + y + z.
 * `side` is even and at least 4: shorter lattices would join a pair twice, odd ones need a third color.
 */
export function latticeWorkload(o: {
  readonly seed: bigint;
  readonly side: number;
  readonly beta: number;
  readonly chains: number;
}): GraphWorkload {
  const { side } = o;
  const spinCount = side ** 3;
  const random = randomStream(o.seed);
  const u = new Int32Array(3 * spinCount);
  const v = new Int32Array(3 * spinCount);
  const J = Float32Array.from(u, () => (random.word() & 1 ? 1 : -1));
  const color = new Int32Array(spinCount);
  for (let spin = 0; spin < spinCount; spin++) {
    const x = spin % side;
    const y = Math.floor(spin / side) % side;
    const z = Math.floor(spin / side ** 2);
    color[spin] = (x + y + z) & 1;
    const next = [
      spin - x + ((x + 1) % side),
      spin + (((y + 1) % side) - y) * side,
      spin + (((z + 1) % side) - z) * side ** 2,
    ];
    next.forEach((neighbour, axis) => {
      u[axis * spinCount + spin] = Math.min(spin, neighbour);
      v[axis * spinCount + spin] = Math.max(spin, neighbour);
    });
  }
  return {
    kind: 'graph',
    spinCount,
    colorCount: 2,
    chains: o.chains,
    beta: Math.fround(o.beta),
    h: new Float32Array(spinCount),
    color,
    u,
    v,
    J,
  };
}
