/**
 * One stretch of one color of one row (semantics 1.5): random numbers, half sums, new states, sums of retained sweeps.
 *
 *   mode sums     rowHalfSums → updateRowSums
 *   mode fields   H → Σ couplings (rowHalfSums → addRowHalfSums → addScaled) → updateRowFields
 */
import { addInfluence, type GivenStates, setStaticField, stretchPlace } from './spin-fields.ts';
import type { SpinsContext } from './spins-context.ts';
import type { StretchCall } from './stretch-calls.ts';
import type { Stretch } from './stretches.ts';

export interface StretchUpdate {
  readonly row: number;
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

/** Blocks of draws made at once for a listed bank. */
const blocksPerPiece = 512;

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

/** New states for the chosen spins of a stretch; how many changed. */
export function updateStretch(x: SpinsContext, call: StretchCall, o: StretchUpdate): number {
  const { kernels, run, scratch } = x;
  const { bank, at, stretch, nibbles, masks, counts, conditional } = call;
  const { units } = stretch;
  const row = x.row(o.row);
  const base = x.scratchOf(o.slot);
  const halfSums = base + scratch.halfSums;
  const arranged = base + scratch.arranged;
  let draws = row + call.drawsInRow;
  if (call.drawsInRow < 0) {
    draws = base + scratch.draws;
    const prepared = prepareDraws(x, o.row, run.sweepOffset + o.t, o.slot);
    for (const { block, blocks, at: place } of stretch.draws) {
      kernels.drawRow(draws + place, run.keys, prepared, block, blocks);
    }
  }
  if (call.sums !== null) {
    call.sums.run(halfSums, row);
    return kernels.updateRowSums(
      at.constants,
      units,
      halfSums,
      call.sums.pixels,
      call.sums.classes,
      call.sums.constants,
      call.fieldInRow ? row + call.field : call.field,
      call.bits,
      bank.bitsStride,
      draws,
      bank.spins.order,
      call.offsets,
      arranged,
      nibbles < 0 ? 0 : row + nibbles,
      stretch.nibbleStride,
      masks < 0 ? 0 : row + masks,
      o.retained && counts >= 0 ? row + counts : 0,
      o.retained && conditional >= 0 ? row + conditional : 0,
    );
  }
  const place = stretchPlace(x, stretch, o.row, o.slot);
  setStaticField(x, at, place);
  for (const influence of bank.fromFree) addInfluence(x, influence, bankStates(x, influence.giver, o.row), place);
  return kernels.updateRowFields(
    at.constants,
    units,
    place.fields,
    call.chosen,
    run.temperatures?.[o.t - 1] ?? 65536,
    call.bits,
    bank.bitsStride,
    draws,
    bank.spins.order,
    call.offsets,
    arranged,
    nibbles < 0 ? 0 : row + nibbles,
    stretch.nibbleStride,
    masks < 0 ? 0 : row + masks,
    o.retained && counts >= 0 ? row + counts : 0,
    o.retained && conditional >= 0 ? row + conditional : 0,
  );
}
