/**
 * The machine that both laws share: rows of independent chains, swept color by color.
 *
 *   for every sweep t, every row, every color in order, every spin i of the color:
 *       n = plusDraws(field_i)        s_i = +1  iff  r_i < n
 *
 * Spins of one color are never coupled, so updating them one after another is updating them simultaneously (semantics
 * 1.4, 1.5).
 */
import type { ReadoutRequest } from '../contract/driver.ts';
import { fullTemperature } from '../law/temperature.ts';
import type { Program } from '../program/program.ts';
import type { Block } from '../program/program-json.ts';
import { checkRun } from './check-run.ts';
import { KeptStates } from './kept-states.ts';
import { fillDraws } from './random-draws.ts';
import { ReadoutAccumulator } from './readout-accumulator.ts';
import { type ReferenceResult, type ReferenceRun, retainedSweeps } from './reference-run.ts';
import { packedBanks, type Row, startRows } from './rows.ts';
import { type SpinGraph, spinGraph } from './spin-graph.ts';
import type { UpdateLaw } from './update-law.ts';

/** What stays the same through a run. */
interface Machine {
  readonly block: Block;
  readonly law: UpdateLaw;
  readonly run: ReferenceRun;
  readonly graph: SpinGraph;
  /** The random numbers of one row and sweep, by spinIndex: room that every row uses in turn. */
  readonly draws: Uint16Array;
}

/** Runs `block` by `law`. Synchronous: for small blocks, tests and specifications. */
export function runMachine(program: Program, block: Block, law: UpdateLaw, run: ReferenceRun): ReferenceResult {
  checkRun(block, run);
  const graph = spinGraph(program, block);
  const machine: Machine = { block, law, run, graph, draws: new Uint16Array(graph.stateLength) };
  const rows = startRows(program, block, law, run, graph);
  const readouts = run.readouts.map((request) => accumulatorFor(request, run, graph));
  run.trace?.(0, packedBanks(graph, rows));
  let flips = 0;
  for (let sweep = 1; sweep <= run.sweeps; sweep++) {
    for (const row of rows) flips += sweepRow(machine, row, sweep);
    run.trace?.(sweep, packedBanks(graph, rows));
    const k = retainedIndex(run, sweep);
    if (k < 0) continue;
    for (const readout of readouts) {
      rows.forEach((row, n) => {
        readout.add(n, k, row.state, row.plusDraws);
      });
    }
  }
  return { readouts: readouts.map((readout) => readout.result()), ...keptState(run, graph, rows), counters: { flips } };
}

/** One sweep of one row; returns how many spins changed. */
function sweepRow({ block, law, run, graph, draws }: Machine, row: Row, sweep: number): number {
  const { image, chain, state, staticFields, plusDraws } = row;
  const b = run.temperatures === null ? fullTemperature : (run.temperatures[sweep - 1] as number);
  const key = { seed: run.seed, blockIndex: block.index, image, chain, sweep: run.sweepOffset + sweep };
  fillDraws(graph, key, draws);
  let flips = 0;
  for (const color of graph.colors) {
    for (const spin of color) {
      const { spinIndex, order } = spin;
      const n = law.plusDraws(law.field(spin, staticFields[order] as number, state), b);
      const next = (draws[spinIndex] as number) < n ? 1 : -1;
      if (next !== state[spinIndex]) flips++;
      state[spinIndex] = next;
      plusDraws[order] = n;
    }
  }
  return flips;
}

/** Which sample a sweep is, from 0, or −1: the retained sweeps are burnIn + k·stride, k = 1 … K (semantics 1.7). */
function retainedIndex({ burnIn, stride }: ReferenceRun, sweep: number): number {
  return sweep > burnIn && (sweep - burnIn) % stride === 0 ? (sweep - burnIn) / stride - 1 : -1;
}

function accumulatorFor(request: ReadoutRequest, run: ReferenceRun, graph: SpinGraph): ReadoutAccumulator {
  const size = { images: run.images.length, chains: run.chains, retained: retainedSweeps(run) };
  return new ReadoutAccumulator(
    request,
    graph.freeSpins.filter((spin) => spin.bank === request.bank),
    size,
  );
}

function keptState(
  run: ReferenceRun,
  graph: SpinGraph,
  rows: readonly Row[],
): Pick<ReferenceResult, 'last' | 'handle'> {
  if (run.keep === 'device') return { handle: new KeptStates(rows.map((row) => row.state)) };
  if (run.keep === 'nothing') return {};
  const free = new Set(graph.freeSpins.map((spin) => spin.bank));
  return { last: Object.fromEntries(Object.entries(packedBanks(graph, rows)).filter(([id]) => free.has(id))) };
}
