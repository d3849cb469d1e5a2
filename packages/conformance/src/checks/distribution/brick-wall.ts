/** A large grid in which every spin has at most three neighbours, so that mixing has a bound (see `mixedSweeps`). */
import type { Edge, Probe } from '../../probes/probe.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import { type DyadicScale, dyadicField } from './solvable-strip.ts';

/** `side` × `side`, every second vertical edge left out; spin r·side + c. Couplings and fields as those of strips. */
export function brickWallProbe(
  side: number,
  { scale, weights, fractionBits }: DyadicScale,
  random: RandomStream,
): Probe {
  const spins = Array.from({ length: side * side }, (_, n) => n);
  const edges = spins.flatMap((n): Edge[] => {
    const [r, c] = [Math.floor(n / side), n % side];
    const weight = (): number => random.sign() * random.pick(weights);
    return [
      ...(c + 1 < side ? [{ a: n, b: n + 1, w: weight() }] : []),
      ...(r + 1 < side && (r + c) % 2 === 0 ? [{ a: n, b: n + side, w: weight() }] : []),
    ];
  });
  return {
    name: `brick wall ${side} × ${side}`,
    colors: spins.map((n) => ((Math.floor(n / side) + n) % 2) as 0 | 1),
    edges,
    pinned: 0,
    pinnedEdges: [],
    scale,
    fields: spins.map(() => dyadicField(fractionBits, random)),
  };
}
