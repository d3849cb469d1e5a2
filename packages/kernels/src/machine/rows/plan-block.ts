/** What is known of a block before anything is allocated: which kernels its couplings take, and how much memory. */
import type { Bank, Block, Coupling, Program, Side } from '@isinglass/sdk';
import { type BankLanes, blockLanes } from '../bank-lanes.ts';
import { drawGroups } from './chunks.ts';
import { type ColorPart, colorParts } from './color-parts.ts';
import { type HalfSumPlan, planHalfSums } from './half-sum-plan.ts';
import { type HalfSumSource, halfSumSource } from './half-sum-source.ts';
import { couplingRows } from './sparse/coupling-rows.ts';
import { planSparse, type SparsePlan, type SparseSource } from './sparse/sparse-plan.ts';
import { fitsShortTable, inverseTableBytes, thresholdTableBytes } from './update-constants.ts';

/** One coupling seen from a free bank that it reaches, decided from the weights. */
export type PlannedInfluence = {
  /** Index in the block's couplings, and which end the reached bank is. */
  readonly coupling: number;
  readonly side: Side;
  readonly giver: number;
  readonly receiver: number;
} & (
  | { readonly kind: 'half-sums'; readonly source: HalfSumSource; readonly plan: HalfSumPlan }
  | { readonly kind: 'sparse'; readonly source: SparseSource; readonly plan: SparsePlan }
);

export interface BlockPlanning {
  readonly lanes: readonly BankLanes[];
  readonly parts: readonly ColorPart[];
  readonly influences: readonly PlannedInfluence[];
  /** Of the inverse table; 0 where no bank can take the 16-bit form. */
  readonly inverseBytes: number;
  /** Device memory of the loaded block. */
  readonly bytes: number;
}

/** In slices: looks at every weight once per direction. */
export function* planBlock(program: Program, block: Block): Generator<void, BlockPlanning, void> {
  const lanes = blockLanes(block);
  const parts = colorParts(program, block, lanes);
  yield;
  const influences: PlannedInfluence[] = [];
  for (const [index, coupling] of block.couplings.entries()) {
    for (const side of ['to', 'from'] as const) {
      // A coupling within one bank reaches it once, not once per end.
      if (side === 'from' && coupling.from === coupling.to) continue;
      const receiver = lanes.findIndex(({ id }) => id === coupling[side]);
      const giver = lanes.findIndex(({ id }) => id === coupling[side === 'to' ? 'from' : 'to']);
      if (lanes[receiver]?.free !== true) continue;
      const ends = { coupling: index, side, giver, receiver };
      if (coupling.form.kind === 'conv' || coupling.form.kind === 'dense') {
        const source = halfSumSource(program, block, coupling, side, lanes);
        influences.push({ ...ends, kind: 'half-sums', source, plan: yield* planHalfSums(source) });
      } else {
        const source = yield* sparseSource(program, block, coupling, { ...ends, lanes, parts });
        influences.push({ ...ends, kind: 'sparse', source, plan: yield* planSparse(source) });
      }
    }
  }
  const fractionBits = block.fixed?.fractionBits ?? 0;
  // What else the 16-bit form asks for depends on the run (bank-mode.ts).
  const fromFree = influences.filter(({ giver }) => lanes[giver]?.free === true);
  const mayBeShort = fitsShortTable(fractionBits) && fromFree.some(({ kind }) => kind === 'half-sums');
  const inverseBytes = mayBeShort ? inverseTableBytes : 0;
  let bytes = 1024 + rounded(thresholdTableBytes(fractionBits)) + inverseBytes;
  for (const { kind, plan } of influences) {
    bytes += kind === 'sparse' ? plan.bytes : rounded(plan.tableBytes) + plan.geometryBytes + 1024;
  }
  for (const { bank, slots } of parts) {
    const own = lanes[bank] as BankLanes;
    if (slots.length < own.slots) bytes += rounded(own.slots);
  }
  return { lanes, parts, influences, inverseBytes, bytes };
}

function* sparseSource(
  program: Program,
  block: Block,
  coupling: Coupling,
  o: {
    readonly side: Side;
    readonly receiver: number;
    readonly giver: number;
    readonly lanes: readonly BankLanes[];
    readonly parts: readonly ColorPart[];
  },
): Generator<void, SparseSource, void> {
  const receiver = o.lanes[o.receiver] as BankLanes;
  const bankOf = (id: string): Bank => block.banks.find((bank) => bank.id === id) as Bank;
  const ends = { from: bankOf(coupling.from), to: bankOf(coupling.to) };
  const pinned = block.couplings.some(({ from, to }) => {
    const other = from === receiver.id ? to : to === receiver.id ? from : null;
    return other !== null && bankOf(other).role === 'pinned';
  });
  return {
    receiver,
    giver: o.lanes[o.giver] as BankLanes,
    rows: yield* couplingRows(program, coupling, o.side, ends),
    parts: o.parts.filter(({ bank }) => bank === o.receiver).map(({ slots }) => slots),
    cells: Uint32Array.from(drawGroups(receiver).flatMap(({ chunks }) => chunks.map(({ unit }) => unit))),
    // Counting neighbours serves fields that all rows share.
    equal: !pinned,
  };
}

const rounded = (bytes: number): number => Math.ceil(bytes / 64) * 64;
