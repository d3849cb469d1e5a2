/** A large grid in which every spin has at most three neighbours, so that mixing has a bound (see `mixedSweeps`). */
import type { Edge, Probe } from '../../probes/probe.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import { type DyadicScale, dyadicField } from './solvable-strip.ts';

/** Every second vertical edge of a grid left out; spin r·columns + c. Couplings and fields as those of strips. */
export function brickWallProbe(
  [rows, columns]: readonly [rows: number, columns: number],
  { scale, weights, fractionBits }: DyadicScale,
  random: RandomStream,
): Probe {
  const spins = Array.from({ length: rows * columns }, (_, n) => n);
  const edges = spins.flatMap((n): Edge[] => {
    const [r, c] = [Math.floor(n / columns), n % columns];
    const weight = (): number => random.sign() * random.pick(weights);
    return [
      ...(c + 1 < columns ? [{ a: n, b: n + 1, w: weight() }] : []),
      ...(r + 1 < rows && (r + c) % 2 === 0 ? [{ a: n, b: n + columns, w: weight() }] : []),
    ];
  });
  return {
    name: `brick wall ${rows} × ${columns}`,
    colors: spins.map((n) => ((Math.floor(n / columns) + (n % columns)) % 2) as 0 | 1),
    edges,
    pinned: 0,
    pinnedEdges: [],
    scale,
    fields: spins.map(() => dyadicField(fractionBits, random)),
  };
}
