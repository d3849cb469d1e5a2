/**
 * One color part of one draw group of one tile (semantics 1.5): random numbers, half sums, new states, sums of retained sweeps.
 *
 *   mode sums     halfSums → updateSums
 *   mode sparse   see sparse-sweep.ts
 *   mode fields   H → Σ couplings (halfSums → addHalfSums → addScaled) → updateFields
 */

import { addInfluence, chunkHalfSums, chunkPixels, setStaticField } from './chunk-fields.ts';
import type { DrawGroup } from './chunks.ts';
import type { MapSegment } from './half-sum-map.ts';
import type { RowsInfluence, RowsPart } from './rows-block.ts';

type HalfSumInfluence = Extract<RowsInfluence, { kind: 'half-sums' }>;

import { nibbleOffset, nibbleStride, type RowsContext } from './rows-context.ts';

export interface GroupUpdate {
  readonly tile: number;
  /** Sweep of the run, from 1. */
  readonly t: number;
  /** Whether the sweep's sample is kept. */
  readonly retained: boolean;
  /** The worker slot. */
  readonly slot: number;
}

/** Draws of a group for sweep counter `sweep`; the address of the group's buffer. */
export function drawGroup(x: RowsContext, group: DrawGroup, o: { tile: number; sweep: number; slot: number }): number {
  const { kernels, run, scratch } = x;
  const base = x.scratchOf(o.slot);
  const prepared = base + scratch.prepared;
  const draws = base + scratch.draws;
  kernels.prepareDraws(prepared, run.keys, x.counters(o.tile), o.sweep);
  for (const { block, blocks, at } of group.draws) x.draw(o.tile, draws + at, prepared, block, blocks);
  return draws;
}

/** New states for the chosen spins of a group; how many changed. */
export function updateGroup(x: RowsContext, part: RowsPart, group: DrawGroup, o: GroupUpdate): number {
  const { kernels, run, scratch } = x;
  const draws = drawGroup(x, group, { tile: o.tile, sweep: run.sweepOffset + o.t, slot: o.slot });
  const tile = x.tile(o.tile);
  const base = x.scratchOf(o.slot);
  const halfSums = base + scratch.halfSums;
  const bank = x.bank(part.bank);
  const at = x.at(part.bank);
  const constants = x.constants(at, o.tile);
  const stride = nibbleStride(bank.lanes);
  let flips = 0;
  for (const chunk of group.chunks) {
    const { unit, units } = chunk;
    const [d0, d1, d2, d3] = chunk.draws;
    const nibbles = at.nibbles < 0 ? 0 : tile + at.nibbles + nibbleOffset(bank.lanes, chunk);
    const masks = at.masks < 0 ? 0 : tile + at.masks + 64 * unit;
    const counts = o.retained && at.counts >= 0 ? tile + at.counts + 64 * unit : 0;
    const conditional = o.retained && at.conditional >= 0 ? tile + at.conditional + 256 * unit : 0;
    if (at.mode === 'sums') {
      const { map, coupling, side, giver } = bank.fromFree[0] as HalfSumInfluence;
      const segment = map.segments[0] as MapSegment;
      chunkHalfSums(kernels, map, segment, chunk, { nibbles: tile + x.at(giver).nibbles, out: halfSums });
      const ofClasses = run.couplings[coupling]?.constants[side] as number;
      const perRow = at.field >= 0;
      flips += kernels.updateSums(
        constants,
        units,
        halfSums,
        chunkPixels(map, segment, chunk),
        segment.classes,
        ofClasses + segment.baseBytesPerStream * chunk.quad,
        perRow ? tile + at.field + 128 * unit : at.biases16 + 8 * unit,
        perRow ? 32 : 2,
        draws + d0,
        draws + d1,
        draws + d2,
        draws + d3,
        chunk.drawStride,
        nibbles,
        stride,
        masks,
        counts,
        conditional,
      );
      continue;
    }
    const place = {
      tile,
      chunk,
      halfSums,
      sums: base + scratch.sums,
      fields: base + scratch.fields,
      slot: o.slot,
      part: part.index,
    };
    setStaticField(x, at, place);
    for (const influence of bank.fromFree) {
      const giver = x.at(influence.giver);
      addInfluence(x, influence, { nibbles: tile + giver.nibbles, masks: tile + giver.masks }, place);
    }
    flips += kernels.updateFields(
      constants,
      units,
      place.fields,
      part.chosen === 0 ? 0 : part.chosen + 4 * unit,
      run.temperatures?.[o.t - 1] ?? 65536,
      draws + d0,
      draws + d1,
      draws + d2,
      draws + d3,
      chunk.drawStride,
      nibbles,
      stride,
      masks,
      counts,
      conditional,
    );
  }
  return flips;
}
