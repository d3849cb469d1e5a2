/** The rows of a run: one per image and chain, with their states as the run begins (semantics 1.6, 2.6). */
import type { Program } from '../program/program.ts';
import type { Block } from '../program/program-json.ts';
import { type PackedSpins, packSpins, unpackSpins } from '../spins/packed-spins.ts';
import { checkBanks, pinnedBanks } from './check-run.ts';
import { feedForwardStates } from './feed-forward-states.ts';
import { resumedStates } from './kept-states.ts';
import { fillDraws } from './random-draws.ts';
import type { ReferenceRun } from './reference-run.ts';
import type { SpinGraph } from './spin-graph.ts';
import type { UpdateLaw } from './update-law.ts';

/** One Markov chain of one image. */
export interface Row {
  readonly image: number;
  readonly chain: number;
  readonly state: Int8Array;
  /** H per free spin; shared by the chains of an image. */
  readonly staticFields: Float64Array;
  /** n of every free spin's last update, by `order`. */
  readonly plusDraws: Int32Array;
}

/** Rows image-major (semantics 2.6), pinned spins in place, free spins as the run starts (1.6). */
export function startRows(
  program: Program,
  block: Block,
  law: UpdateLaw,
  run: ReferenceRun,
  graph: SpinGraph,
): readonly Row[] {
  const { chains, start } = run;
  const rowCount = run.images.length * chains;
  const resumed = start.kind === 'resume' ? resumedStates(start.handle, start.rows, rowCount) : undefined;
  const states = Array.from({ length: rowCount }, (_, row) => resumed?.[row] ?? new Int8Array(graph.stateLength));
  if (resumed === undefined) {
    place(graph, states, run.inputs, (row) => Math.floor(row / chains));
  } else if (Object.keys(run.inputs).length > 0) {
    checkBanks('inputs', run.inputs, pinnedBanks(block), run.images.length);
    place(graph, states, run.inputs, (row) => Math.floor(row / chains));
  }
  if (start.kind === 'given') place(graph, states, start.states, (row) => row);
  if (start.kind === 'feed-forward') {
    const { gains, inputs, images } = run;
    place(graph, states, feedForwardStates(program, block, { gains, inputs, images }), (row) =>
      Math.floor(row / chains),
    );
  }
  let staticFields = new Float64Array(0);
  return states.map((state, n) => {
    // The chains of an image have the same pinned spins; a resumed row may come from anywhere.
    if (n % chains === 0 || resumed !== undefined) {
      staticFields = Float64Array.from(graph.freeSpins, (spin) => law.staticField(spin, state));
    }
    const row: Row = {
      image: run.images[Math.floor(n / chains)] as number,
      chain: run.chainOffset + (n % chains),
      state,
      staticFields,
      plusDraws: new Int32Array(graph.freeSpins.length),
    };
    if (start.kind === 'random') tossCoins(block, run, graph, row);
    return row;
  });
}

/** Semantics 5.4: +1 iff r < 32768, at sweep 0. */
function tossCoins(block: Block, run: ReferenceRun, graph: SpinGraph, row: Row): void {
  const draws = new Uint16Array(graph.stateLength);
  fillDraws(graph, { seed: run.seed, blockIndex: block.index, image: row.image, chain: row.chain, sweep: 0 }, draws);
  for (const { spinIndex } of graph.freeSpins) row.state[spinIndex] = (draws[spinIndex] as number) < 32768 ? 1 : -1;
}

/** Copies packed banks into states; `sourceRow` says which packed row a state takes. */
function place(
  graph: SpinGraph,
  states: readonly Int8Array[],
  banks: Readonly<Record<string, PackedSpins>>,
  sourceRow: (row: number) => number,
): void {
  for (const { bank, offset, spinCount } of graph.layout) {
    const packed = banks[bank.id];
    if (packed === undefined) continue;
    const spins = unpackSpins(packed);
    states.forEach((state, row) => {
      const from = sourceRow(row) * spinCount;
      state.set(spins.subarray(from, from + spinCount), offset);
    });
  }
}

/** Every bank in declared order, one row per state. */
export function packedBanks(graph: SpinGraph, rows: readonly Row[]): Readonly<Record<string, PackedSpins>> {
  return Object.fromEntries(
    graph.layout.map(({ bank, offset, spinCount }) => {
      const values = new Int8Array(rows.length * spinCount);
      rows.forEach(({ state }, n) => {
        values.set(state.subarray(offset, offset + spinCount), n * spinCount);
      });
      return [bank.id, packSpins(values, rows.length, spinCount)];
    }),
  );
}
