/** The probes that checks use: grids, paths, single spins with pinned neighbours. Fields and couplings are unequal and not small, so that faults show. */
import type { RandomStream } from '../random/random-stream.ts';
import type { Probe } from './probe.ts';

/** A `rows × columns` grid with couplings of 0.3 to 0.7 of either sign and fields up to 0.4, by `random`. */
export function gridProbe(rows: number, columns: number, random: RandomStream): Probe {
  const at = (r: number, c: number): number => r * columns + c;
  const spins = Array.from({ length: rows * columns }, (_, n) => n);
  const weight = (): number => random.sign() * random.integer(6, 14);
  return {
    name: `grid ${rows} × ${columns}`,
    colors: spins.map((n) => ((Math.floor(n / columns) + (n % columns)) % 2) as 0 | 1),
    edges: spins.flatMap((n) => {
      const [r, c] = [Math.floor(n / columns), n % columns];
      return [
        ...(c + 1 < columns ? [{ a: n, b: at(r, c + 1), w: weight() }] : []),
        ...(r + 1 < rows ? [{ a: n, b: at(r + 1, c), w: weight() }] : []),
      ];
    }),
    pinned: 0,
    pinnedEdges: [],
    scale: 0.05,
    fields: spins.map(() => random.sign() * (0.1 + 0.3 * random.uniform())),
  };
}

/**
 * A path with J = h = strength whose first spin a pinned one drives. From all −1 with the pin up, f = J(left + right) + h is +J as soon as the left
 * neighbour is up and −J while both are down: the front of ups stands at spin 2t − 1 after t sweeps (the last spin has no right neighbour and no field).
 */
export function dominoProbe(length: number, strength: number): Probe {
  return {
    name: `domino of ${length}`,
    colors: Array.from({ length }, (_, n) => (n % 2) as 0 | 1),
    edges: Array.from({ length: length - 1 }, (_, n) => ({ a: n, b: n + 1, w: 1 })),
    pinned: 1,
    pinnedEdges: [{ free: 0, pinned: 0, w: 1 }],
    scale: strength,
    fields: Array.from({ length }, (_, n) => (n === length - 1 ? 0 : strength)),
  };
}

/** Single spins that one pinned spin each drives, with fields: the law of one update at many fields. */
export function transferProbe(fields: readonly number[], color: 0 | 1 = 0): Probe {
  return {
    name: `${fields.length} single spins`,
    colors: fields.map(() => color),
    edges: [],
    pinned: 0,
    pinnedEdges: [],
    scale: 1,
    fields,
  };
}

/** Free coins: `n` spins without field. */
export function coinProbe(n: number): Probe {
  return transferProbe(new Array<number>(n).fill(0));
}
