/**
 * One stretch of one color of one row (semantics 1.5): random numbers, half sums, new states, sums of retained sweeps.
 *
 *   mode sums     rowHalfSums → updateRowSums
 *   mode fields   H → Σ couplings (rowHalfSums → addRowHalfSums → addScaled) → updateRowFields
 */
import {
  addInfluence,
  type GivenStates,
  setStaticField,
  stretchHalfSums,
  stretchPixels,
  stretchPlace,
} from './spin-fields.ts';
import type { SpinMapSegment } from './spin-sum-map.ts';
import type { SpinsInfluence, SpinsPart } from './spins-block.ts';
import type { SpinsContext } from './spins-context.ts';
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
  const [image, blockAndChain] = new Uint32Array(x.memory.buffer, x.run.counters + 8 * row, 2);
  x.kernels.prepareRowDraws(prepared, x.run.keys, sweep, image as number, blockAndChain as number);
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
export function updateStretch(x: SpinsContext, part: SpinsPart, stretch: Stretch, o: StretchUpdate): number {
  const { kernels, run, scratch } = x;
  const { unit, units } = stretch;
  const bank = x.bank(part.bank);
  const at = x.at(part.bank);
  const { row: base, halfSums, ...place } = stretchPlace(x, stretch, o.row, o.slot);
  const draws = stretchDraws(x, part.bank, stretch, { row: o.row, slot: o.slot, sweep: run.sweepOffset + o.t });
  const arranged = x.scratchOf(o.slot) + scratch.arranged;
  const { nibbles, masks } = x.statesOf(part.bank, o.row, stretch);
  const counts = o.retained && at.counts >= 0 ? base + at.counts + 16 * unit : 0;
  const conditional = o.retained && at.conditional >= 0 ? base + at.conditional + 64 * unit : 0;
  const bits = bank.bits + 16 * unit;
  const offsets = bank.drawOffsets + (bank.spins.colors === null ? 0 : 64 * unit);
  const { order } = bank.spins;
  if (at.mode === 'sums') {
    const { map, coupling, side, giver } = bank.fromFree[0] as SpinsInfluence;
    const segment = map.segments[0] as SpinMapSegment;
    stretchHalfSums(kernels, map, 0, stretch, bankStates(x, giver, o.row), halfSums);
    const constants = run.couplings[coupling]?.constants[side] as number;
    return kernels.updateRowSums(
      at.constants,
      units,
      halfSums,
      stretchPixels(map, segment, stretch),
      segment.classes,
      constants + segment.baseBytesPerStream * stretch.group,
      at.field < 0 ? at.biases16 + 32 * unit : base + at.field + 32 * unit,
      bits,
      bank.bitsStride,
      draws,
      order,
      offsets,
      arranged,
      nibbles,
      stretch.nibbleStride,
      masks,
      counts,
      conditional,
    );
  }
  const whole = { row: base, halfSums, ...place };
  setStaticField(x, at, whole);
  for (const influence of bank.fromFree) addInfluence(x, influence, bankStates(x, influence.giver, o.row), whole);
  return kernels.updateRowFields(
    at.constants,
    units,
    whole.fields,
    part.chosen === 0 ? 0 : part.chosen + 16 * unit,
    run.temperatures?.[o.t - 1] ?? 65536,
    bits,
    bank.bitsStride,
    draws,
    order,
    offsets,
    arranged,
    nibbles,
    stretch.nibbleStride,
    masks,
    counts,
    conditional,
  );
}
