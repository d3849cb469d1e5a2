/**
 * One stretch of one color of one row (semantics 1.5): random numbers, half sums, new states, sums of retained sweeps.
 *
 *   mode sums     rowHalfSums → updateRowSums
 *   mode fields   H → Σ couplings (rowHalfSums → addRowHalfSums → addScaled) → updateRowFields
 */
import { addInfluence, type GivenStates, setStaticField, stretchPlace } from './spin-fields.ts';
import type { SpinsContext } from './spins-context.ts';
import type { StretchCall, SumsCall } from './stretch-calls.ts';
import { type Stretch, stretchUnitsMax } from './stretches.ts';

export interface StretchUpdate {
  /** The first of `rows` rows. */
  readonly row: number;
  readonly rows: number;
  /** Sweep of the run, from 1. */
  readonly t: number;
  /** Whether the sweep's sample is kept. */
  readonly retained: boolean;
  /** The worker slot. */
  readonly slot: number;
}

/** Constants of a row's draws for sweep counter `sweep`, at the scratch's place for them; its address. */
export function prepareDraws(x: SpinsContext, row: number, sweep: number, slot: number): number {
  const prepared = x.scratchOf(slot) + x.scratch.prepared;
  const image = x.counters[2 * row] as number;
  x.kernels.prepareRowDraws(prepared, x.run.keys, sweep, image, x.counters[2 * row + 1] as number);
  return prepared;
}

/** The draws of a stretch, made for it alone or, of listed banks, before (see drawListed); their address. */
export function stretchDraws(
  x: SpinsContext,
  bank: number,
  stretch: Stretch,
  o: { readonly row: number; readonly slot: number; readonly sweep: number },
): number {
  const { kernels, run } = x;
  if (x.bank(bank).spins.colors !== null) return x.row(o.row) + x.at(bank).draws;
  const draws = x.scratchOf(o.slot) + x.scratch.draws;
  const prepared = prepareDraws(x, o.row, o.sweep, o.slot);
  for (const { block, blocks, at } of stretch.draws) kernels.drawRow(draws + at, run.keys, prepared, block, blocks);
  return draws;
}

/** Blocks of draws made at once for a listed bank; the few that drawRow makes beyond are the same that the next piece makes. */
const blocksPerPiece = 640;

/** Draws of a listed bank for one sweep: the pieces that fall to thread `index` of `of`. */
export function* drawListed(
  x: SpinsContext,
  bank: number,
  o: {
    readonly row: number;
    readonly sweep: number;
    readonly slot: number;
    readonly index: number;
    readonly of: number;
  },
): Generator<void, void, void> {
  const { lanes } = x.bank(bank);
  const draws = x.row(o.row) + x.at(bank).draws;
  const blocks = Math.ceil(lanes.spinCount / 8);
  for (let first = o.index * blocksPerPiece; first < blocks; first += o.of * blocksPerPiece) {
    const prepared = prepareDraws(x, o.row, o.sweep, o.slot);
    const count = Math.min(blocksPerPiece, blocks - first);
    x.kernels.drawRow(draws + 16 * first, x.run.keys, prepared, lanes.offset / 8 + first, count);
    yield;
  }
}

/** The states of a free bank of a row. */
export function bankStates(x: SpinsContext, bank: number, row: number): GivenStates {
  const { nibbles, masks } = x.at(bank);
  const base = x.row(row);
  return { nibbles: nibbles < 0 ? 0 : base + nibbles, masks: masks < 0 ? 0 : base + masks };
}

/**
 * New states for the chosen spins of a stretch in consecutive rows; how many changed. Rows of short stretches get their half sums together: they
 * share what the cache holds of the tables.
 */
export function updateStretch(x: SpinsContext, call: StretchCall, o: StretchUpdate): number {
  const { units } = call.stretch;
  const end = o.row + o.rows;
  let flips = 0;
  if (call.sums === null) {
    for (let row = o.row; row < end; row++) flips += updateFromFields(x, call, row, o);
    return flips;
  }
  const halfSums = x.scratchOf(o.slot) + x.scratch.halfSums;
  const atOnce = Math.floor(stretchUnitsMax / units);
  for (let first = o.row; first < end; first += atOnce) {
    const count = Math.min(atOnce, end - first);
    call.sums.halfSums(halfSums, x.row(first), count, x.run.tileBytes);
    for (let n = 0; n < count; n++) {
      flips += updateFromSums(x, call, call.sums, first + n, halfSums + 32 * units * n, o);
    }
  }
  return flips;
}

/** The draws of a stretch of a row: their address. */
function callDraws(x: SpinsContext, call: StretchCall, row: number, o: StretchUpdate): number {
  if (call.drawsInRow >= 0) return x.row(row) + call.drawsInRow;
  const { kernels, run } = x;
  const draws = x.scratchOf(o.slot) + x.scratch.draws;
  const prepared = prepareDraws(x, row, run.sweepOffset + o.t, o.slot);
  for (const { block, blocks, at } of call.stretch.draws)
    kernels.drawRow(draws + at, run.keys, prepared, block, blocks);
  return draws;
}

function updateFromSums(
  x: SpinsContext,
  call: StretchCall,
  sums: SumsCall,
  row: number,
  halfSums: number,
  o: StretchUpdate,
): number {
  const { bank, stretch, nibbles, masks, counts, conditional } = call;
  const base = x.row(row);
  return x.kernels.updateRowSums(
    call.at.constants,
    stretch.units,
    halfSums,
    sums.pixels,
    sums.classes,
    sums.constants,
    call.fieldInRow ? base + call.field : call.field,
    call.bits,
    bank.bitsStride,
    callDraws(x, call, row, o),
    bank.spins.order,
    call.offsets,
    x.scratchOf(o.slot) + x.scratch.arranged,
    nibbles < 0 ? 0 : base + nibbles,
    stretch.nibbleStride,
    masks < 0 ? 0 : base + masks,
    o.retained && counts >= 0 ? base + counts : 0,
    o.retained && conditional >= 0 ? base + conditional : 0,
  );
}

function updateFromFields(x: SpinsContext, call: StretchCall, row: number, o: StretchUpdate): number {
  const { bank, at, stretch, nibbles, masks, counts, conditional } = call;
  const base = x.row(row);
  const place = stretchPlace(x, stretch, row, o.slot);
  setStaticField(x, at, place);
  for (const influence of bank.fromFree) addInfluence(x, influence, bankStates(x, influence.giver, row), place);
  return x.kernels.updateRowFields(
    at.constants,
    stretch.units,
    place.fields,
    call.chosen,
    x.run.temperatures?.[o.t - 1] ?? 65536,
    call.bits,
    bank.bitsStride,
    callDraws(x, call, row, o),
    bank.spins.order,
    call.offsets,
    x.scratchOf(o.slot) + x.scratch.arranged,
    nibbles < 0 ? 0 : base + nibbles,
    stretch.nibbleStride,
    masks < 0 ? 0 : base + masks,
    o.retained && counts >= 0 ? base + counts : 0,
    o.retained && conditional >= 0 ? base + conditional : 0,
  );
}
