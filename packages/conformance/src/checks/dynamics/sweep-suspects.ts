/** Which fault of the order or of the updates explains states some sweeps after known starts, on probes of a few spins. */
import { spinsOfPattern } from '../../oracle/exact-law.ts';
import { binomialLog, type Suspect, suspectsOf } from '../distribution/suspects.ts';
import type { UpdateTable } from '../distribution/update-table.ts';

export interface SweptCounts {
  /** Law of the start, over all 2^n states. */
  readonly start: Float64Array;
  readonly sweeps: number;
  /** How often each state was seen. */
  readonly counts: Float64Array;
}

/** How updates of one sweep go: what each spin sees of each neighbour, and what it makes of it. */
interface Variant {
  readonly fault: string;
  readonly sees: (spin: number, neighbour: number) => 'old' | 'new';
  readonly p: (cell: number) => number;
  readonly frozen?: number;
}

export function sweepSuspects(table: UpdateTable, cases: readonly SweptCounts[]): readonly Suspect[] {
  const second = new Set(table.colors[1] ?? []);
  const sees: Variant['sees'] = (spin) => (second.has(spin) ? 'new' : 'old');
  const p: Variant['p'] = (cell) => table.p[cell] as number;
  const exact = logLikelihood(kernelOf(table, { fault: '', sees, p }), cases);
  const variants: Variant[] = [
    { fault: 'M04', sees: () => 'old', p },
    { fault: 'M05', sees: (spin) => (second.has(spin) ? 'old' : 'new'), p },
    ...table.neighbours.map((_, frozen) => ({ fault: 'M09', sees, p, frozen })),
    ...[...second].flatMap((spin) =>
      (table.neighbours[spin] ?? []).map((stale): Variant => {
        const late: Variant['sees'] = (i, j) => (i === spin && j === stale ? 'old' : sees(i, j));
        return { fault: 'M07', sees: late, p };
      }),
    ),
    ...[0.8, 0.9, 1.1, 1.25, 2].map((factor): Variant => ({ fault: 'M01', sees, p: scaledBeta(table, factor) })),
    { fault: 'M03', sees, p: scaledBeta(table, 0.5) },
  ];
  return suspectsOf([
    ...variants.map((each) => [each.fault, logLikelihood(kernelOf(table, each), cases) - exact] as const),
    ['M08', logLikelihood(randomScanKernel(table), cases) - exact],
  ]);
}

const scaledBeta =
  (table: UpdateTable, factor: number): Variant['p'] =>
  (cell) =>
    1 / (1 + Math.exp(-2 * factor * (table.field[cell] as number)));

function logLikelihood(kernel: Float64Array, cases: readonly SweptCounts[]): number {
  const states = Math.round(Math.sqrt(kernel.length));
  let log = 0;
  for (const { start, sweeps, counts } of cases) {
    let law = start;
    for (let sweep = 0; sweep < sweeps; sweep++) {
      const next = new Float64Array(states);
      for (const [from, weight] of law.entries()) {
        if (weight === 0) continue;
        for (let to = 0; to < states; to++) {
          next[to] = (next[to] as number) + weight * (kernel[from * states + to] as number);
        }
      }
      law = next;
    }
    for (const [state, count] of counts.entries())
      if (count > 0) log += binomialLog(count, count, law[state] as number);
  }
  return log;
}

/** As many updates as there are spins, of spins at random. */
function randomScanKernel(table: UpdateTable): Float64Array {
  const { spins } = table;
  const states = 2 ** spins;
  const kernel = new Float64Array(states * states);
  for (let from = 0; from < states; from++) {
    let law = new Float64Array(states);
    law[from] = 1;
    for (let update = 0; update < spins; update++) {
      const next = new Float64Array(states);
      for (const [state, weight] of law.entries()) {
        if (weight === 0) continue;
        const view = spinsOfPattern(state, spins);
        for (let spin = 0; spin < spins; spin++) {
          const up = table.p[table.cellOf(spin, view, 0)] as number;
          const [raised, lowered] = [state | (1 << spin), state & ~(1 << spin)];
          next[raised] = (next[raised] as number) + (weight * up) / spins;
          next[lowered] = (next[lowered] as number) + (weight * (1 - up)) / spins;
        }
      }
      law = next;
    }
    kernel.set(law, from * states);
  }
  return kernel;
}

/** Entry from · 2^n + to: the probability that a sweep leads from one state to the other. */
function kernelOf(table: UpdateTable, { sees, p, frozen }: Variant): Float64Array {
  const { spins, neighbours } = table;
  const states = 2 ** spins;
  const kernel = new Float64Array(states * states).fill(1);
  const view = new Int8Array(spins);
  for (let from = 0; from < states; from++) {
    const old = spinsOfPattern(from, spins);
    for (let to = 0; to < states; to++) {
      const at = from * states + to;
      for (const [spin, list] of neighbours.entries()) {
        const up = (to >>> spin) & 1;
        for (const neighbour of list) {
          const seen = sees(spin, neighbour) === 'old' ? (old[neighbour] as number) : (to >>> neighbour) & 1 ? 1 : -1;
          view[neighbour] = seen;
        }
        const chance = spin === frozen ? (from >>> spin) & 1 : p(table.cellOf(spin, view, 0));
        kernel[at] = (kernel[at] as number) * (up === 1 ? chance : 1 - chance);
      }
    }
  }
  return kernel;
}
