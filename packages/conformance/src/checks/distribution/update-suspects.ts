/**
 * Which planted fault would explain the updates that were seen: the likelihood of each alternative law, relative to the exact one. An alternative with several
 * variants (one per edge, one per β) shares its prior among them.
 */
import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import type { SpinRows } from '../../lab/probe-view.ts';
import { normalUpperTail } from '../../statistics/normal.ts';
import { binomialLog } from './suspects.ts';
import type { UpdateTable } from './update-table.ts';

/** A law of single updates: P(+1) of the cell of spin i. */
interface Variant {
  readonly fault: string;
  readonly p: (cell: number, spin: number) => number;
}

/** ln of the likelihood of every alternative, relative to the exact law. */
export function* updateGains(
  table: UpdateTable,
  loaded: LoadedProbe,
  histories: readonly (readonly SpinRows[])[],
): Generator<readonly [fault: string, gain: number]> {
  const counts = cellCounts(table, histories);
  for (const { fault, p } of cellVariants(table, loaded)) yield [fault, cellGain(table, counts, p)];
  yield* orderGains(table, histories);
}

function* cellVariants(table: UpdateTable, { probe }: LoadedProbe): Generator<Variant> {
  const beta = probe.beta ?? 1;
  const f = (cell: number): number => table.field[cell] as number;
  const scaled = (factor: number) => (cell: number) => logistic(2 * factor * f(cell));
  for (const factor of [0.8, 0.9, 0.95, 0.98, 1.02, 1.05, 1.1, 1.25, 2]) yield { fault: 'M01', p: scaled(factor) };
  yield { fault: 'M03', p: scaled(0.5) };
  yield {
    fault: 'M13',
    p: (cell, spin) => logistic(4 * (f(cell) - beta * (probe.fields[spin] as number))),
  };
  yield { fault: 'M19', p: (cell) => Math.min(1, Math.max(0, 0.5 + f(cell) / 2)) };
  yield { fault: 'M19', p: (cell) => normalUpperTail(-2 * f(cell) * Math.sqrt(Math.PI / 8)) };
  yield { fault: 'M19', p: (cell) => logistic(Math.max(-2, Math.min(2, 2 * f(cell)))) };
  // Tables with 16 and 64 entries over |f| < 4, and one that ends at 2f = ±4.
  for (const step of [0.5, 0.125]) yield { fault: 'M18', p: (cell) => logistic(2 * Math.floor(f(cell) / step) * step) };
  yield { fault: 'M18', p: (cell) => logistic(Math.max(-4, Math.min(4, 2 * f(cell)))) };
  yield { fault: 'M20', p: (cell) => Math.floor((table.p[cell] as number) * 256) / 256 };
  for (const bias of [-0.02, -0.005, 0.005, 0.02])
    yield { fault: 'M21', p: (cell) => (table.p[cell] as number) + bias };
  for (const flipped of table.neighbours.keys()) {
    const p = (cell: number, spin: number): number =>
      spin === flipped
        ? logistic(2 * (f(cell) - 2 * beta * (probe.fields[spin] as number)))
        : (table.p[cell] as number);
    yield { fault: 'M12', p };
  }
  for (const { a, b, w } of probe.edges) {
    const without =
      (ends: readonly number[]) =>
      (cell: number, spin: number): number => {
        if (!ends.includes(spin)) return table.p[cell] as number;
        const bit = (table.neighbours[spin] ?? []).indexOf(spin === a ? b : a);
        const value = ((cell - (table.first[spin] as number)) >>> bit) & 1 ? 1 : -1;
        return logistic(2 * (f(cell) - beta * probe.scale * w * value));
      };
    yield { fault: 'M10', p: without([a, b]) };
    yield { fault: 'M11', p: without([a]) };
    yield { fault: 'M11', p: without([b]) };
  }
}

interface Counts {
  readonly trials: Float64Array;
  readonly ups: Float64Array;
}

function cellCounts(table: UpdateTable, histories: readonly (readonly SpinRows[])[]): Counts {
  const trials = new Float64Array(table.cells);
  const ups = new Float64Array(table.cells);
  eachUpdate(table, histories, ({ cell, up }) => {
    trials[cell] = (trials[cell] as number) + 1;
    ups[cell] = (ups[cell] as number) + up;
  });
  return { trials, ups };
}

function cellGain(table: UpdateTable, { trials, ups }: Counts, p: Variant['p']): number {
  let gain = 0;
  for (const spin of table.neighbours.keys()) {
    for (let cell = table.first[spin] as number; cell < (table.first[spin + 1] as number); cell++) {
      const n = trials[cell] as number;
      if (n === 0) continue;
      const k = ups[cell] as number;
      gain += binomialLog(k, n, p(cell, spin)) - binomialLog(k, n, table.p[cell] as number);
    }
  }
  return gain;
}

/** Faults of the order: spins that saw their neighbours at another time. */
function* orderGains(
  table: UpdateTable,
  histories: readonly (readonly SpinRows[])[],
): Generator<readonly [fault: string, gain: number]> {
  let [simultaneous, reversed] = [0, 0];
  const second = new Set(table.colors[1] ?? []);
  const stale = table.neighbours.map((list, spin) => list.map(() => (second.has(spin) ? 0 : Number.NEGATIVE_INFINITY)));
  const held = table.neighbours.map(() => 0);
  eachUpdate(table, histories, ({ spin, cell, up, before, after, offset }) => {
    const seen = binomialLog(up, 1, table.p[cell] as number);
    const early = table.cellOf(spin, before, offset);
    simultaneous += binomialLog(up, 1, table.p[early] as number) - seen;
    const other = second.has(spin) ? early : table.cellOf(spin, after, offset);
    reversed += binomialLog(up, 1, table.p[other] as number) - seen;
    held[spin] = (held[spin] as number) + binomialLog((before[offset + spin] as number) > 0 ? up : 1 - up, 1, 1) - seen;
    const gains = stale[spin] as number[];
    for (const bit of gains.keys()) {
      const first = table.first[spin] as number;
      const mask = 1 << bit;
      const mixed = first + (((cell - first) & ~mask) | ((early - first) & mask));
      gains[bit] = (gains[bit] as number) + binomialLog(up, 1, table.p[mixed] as number) - seen;
    }
  });
  if (second.size > 0) {
    yield ['M04', simultaneous];
    yield ['M05', reversed];
  }
  for (const gains of stale) for (const gain of gains) if (Number.isFinite(gain)) yield ['M07', gain];
  for (const gain of held) yield ['M09', gain];
}

interface Update {
  readonly spin: number;
  readonly cell: number;
  readonly up: 0 | 1;
  readonly before: Int8Array;
  readonly after: Int8Array;
  readonly offset: number;
}

function eachUpdate(
  table: UpdateTable,
  histories: readonly (readonly SpinRows[])[],
  use: (update: Update) => void,
): void {
  for (const history of histories) {
    for (let t = 1; t < history.length; t++) {
      const before = (history[t - 1] as SpinRows).values;
      const { values: after, rows, spins } = history[t] as SpinRows;
      for (let row = 0; row < rows; row++) {
        const offset = row * spins;
        for (const [rank, color] of table.colors.entries()) {
          for (const spin of color) {
            const cell = table.cellOf(spin, rank === 0 ? before : after, offset);
            const up = (after[offset + spin] as number) > 0 ? 1 : 0;
            use({ spin, cell, up, before, after, offset });
          }
        }
      }
    }
  }
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
