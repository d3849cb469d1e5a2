/**
 * What `gibbs-update.as.ts` computes, one spin of one row at a time: the scalar witness. Memory and addresses as there.
 *
 *     u = H + scaled(2V − base)        u ← ⌊(u·b + 32768) / 65536⌋        s = +1 iff r < T[clamp(u)]
 *
 * Numbers are whole and unbounded here: nothing saturates, so that a bound which the kernel relies on and a caller breaks is a difference.
 */
import { placeOfLane, rowsPerTile } from '../row-lanes.ts';
import { gibbsConstants } from './gibbs-update.exports.ts';

/** What all three read: where the states and draws of `units` units lie. 0: not wanted, for nibbles and masks. */
export interface StatesCall {
  readonly constants: number;
  readonly units: number;
  /** Draws of channel 0, 1, 2, 3 of the first unit. */
  readonly draws: readonly [number, number, number, number];
  readonly drawStride: number;
  readonly nibbles: number;
  readonly nibbleStride: number;
  readonly masks: number;
}

/** Where sums over retained sweeps lie; 0: not wanted. */
export interface ReadoutCall {
  readonly counts: number;
  readonly conditional: number;
}

export interface UpdateSumsCall extends StatesCall, ReadoutCall {
  readonly sums: number;
  readonly pixels: number;
  readonly classes: number;
  readonly classConstants: number;
  readonly field: number;
  /** 32: H of every row as `[E][O]`; 2: one H for all rows. */
  readonly fieldStride: 32 | 2;
}

/** Flips. */
export function updateSums(memory: DataView, call: UpdateSumsCall): number {
  const law = readLaw(memory, call.constants);
  return updateSpins(memory, call, ({ unit, channel, place }) => {
    const spin = 4 * unit + channel;
    const V = memory.getUint16(call.sums + 32 * spin + 2 * place, true) - law.lessV;
    const ofClass = memory.getUint32(call.classes + memory.getUint32(call.pixels + 8 * unit + 4, true) + 4, true);
    const C = memory.getInt32(call.classConstants + ofClass + 4 * channel, true);
    const perRow = call.fieldStride === 32;
    const H = memory.getInt16(call.field + call.fieldStride * spin + (perRow ? 2 * place : 0), true);
    // C is given modulo 2³².
    return law.threshold16(H + Math.floor(((V * law.M + C) | 0) / 2 ** law.roundShift));
  });
}

export interface UpdateFieldsCall extends StatesCall, ReadoutCall {
  readonly fields: number;
  /** A byte per slot; 0: all spins. */
  readonly chosen: number;
  /** b, 0 … 65536. */
  readonly temperature: number;
}

/** Flips. */
export function updateFields(memory: DataView, call: UpdateFieldsCall): number {
  const law = readLaw(memory, call.constants);
  return updateSpins(memory, call, ({ unit, channel, place }) => {
    const slot = 4 * unit + channel;
    if (call.chosen !== 0 && memory.getUint8(call.chosen + slot) === 0) return null;
    const u = memory.getInt32(call.fields + 64 * slot + 4 * place, true);
    return law.threshold32(Math.floor((u * call.temperature + 32768) / 65536));
  });
}

export interface TossCoinsCall extends StatesCall {
  /** Channels from the first unit on. */
  readonly channels: number;
  readonly channelStep: 0 | 4;
}

export function tossCoins(memory: DataView, call: TossCoinsCall): void {
  for (let unit = 0; unit < call.units; unit++) {
    const channels = Math.min(4, call.channels - call.channelStep * unit);
    for (let lane = 0; lane < rowsPerTile; lane++) {
      if (call.nibbles !== 0) memory.setUint8(call.nibbles + call.nibbleStride * unit + lane, 0);
      for (let channel = 0; channel < channels; channel++) {
        setState(memory, call, { unit, channel, lane }, drawOf(memory, call, { unit, channel, lane }) < 32768);
      }
    }
  }
}

interface Spin {
  readonly unit: number;
  readonly channel: number;
  readonly lane: number;
}

/** `threshold` gives T of a spin in a row, null where the spin stays as it is. */
function updateSpins(
  memory: DataView,
  call: StatesCall & ReadoutCall,
  threshold: (spin: Spin & { readonly place: number }) => number | null,
): number {
  let flips = 0;
  for (let unit = 0; unit < call.units; unit++) {
    for (let channel = 0; channel < 4; channel++) {
      for (let lane = 0; lane < rowsPerTile; lane++) {
        const spin = { unit, channel, lane, place: placeOfLane[lane] as number };
        const T = threshold(spin);
        if (T === null) continue;
        const up = drawOf(memory, call, spin) < T;
        const isRow = memory.getUint8(call.constants + gibbsConstants.rows + lane) !== 0;
        if (isRow && stateOf(memory, call, spin) !== up) flips++;
        setState(memory, call, spin, up);
        const slot = 4 * unit + channel;
        if (call.counts !== 0 && up) {
          const at = call.counts + 16 * slot + lane;
          memory.setUint8(at, memory.getUint8(at) + 1);
        }
        if (call.conditional !== 0) {
          const at = call.conditional + 64 * slot + 4 * spin.place;
          memory.setInt32(at, memory.getInt32(at, true) + T - 32768, true);
        }
      }
    }
  }
  return flips;
}

/** r, 0 … 65535. */
function drawOf(memory: DataView, { draws, drawStride }: StatesCall, { unit, channel, lane }: Spin): number {
  const at = (draws[channel] as number) + drawStride * unit + 2 * (placeOfLane[lane] as number);
  return memory.getInt16(at, true) + 32768;
}

/** Of the nibbles, where there are any. */
function stateOf(
  memory: DataView,
  { nibbles, nibbleStride, masks }: StatesCall,
  { unit, channel, lane }: Spin,
): boolean {
  if (nibbles !== 0) return ((memory.getUint8(nibbles + nibbleStride * unit + lane) >> channel) & 1) === 1;
  return memory.getUint8(masks + 64 * unit + 16 * channel + lane) === 0xff;
}

function setState(memory: DataView, call: StatesCall, { unit, channel, lane }: Spin, up: boolean): void {
  if (call.nibbles !== 0) {
    const at = call.nibbles + call.nibbleStride * unit + lane;
    const bit = 1 << channel;
    memory.setUint8(at, (memory.getUint8(at) & ~bit) | (up ? bit : 0));
  }
  if (call.masks !== 0) memory.setUint8(call.masks + 64 * unit + 16 * channel + lane, up ? 0xff : 0);
}

/** The constants as numbers: limits L of both forms, and T by field. */
function readLaw(memory: DataView, constants: number) {
  const i16 = (at: number): number => memory.getInt16(constants + at, true);
  const i32 = (at: number): number => memory.getInt32(constants + at, true);
  const { cap, always, multiplier, roundShift, table, limit32, always32, table32, sign } = gibbsConstants;
  const limit16 = 32767 - i16(cap);
  const clamp = (u: number, limit: number): number => Math.max(-limit, Math.min(u, limit));
  return {
    M: i16(multiplier) + i16(multiplier + 2),
    roundShift: i32(roundShift),
    /** What V is multiplied less, and C knows more. */
    lessV: i16(sign) === 0 ? 0 : 32768,
    /** The table of the short form begins at x = 32767 − 2L, x = u + 32767 − L. */
    threshold16(u: number): number {
      const x = clamp(u, limit16) + 32767 - limit16;
      return x > i16(always) ? 65536 : memory.getInt16((i32(table) + 2 * x) >>> 0, true) + 32768;
    },
    threshold32(u: number): number {
      const j = clamp(u, i32(limit32));
      return j > i32(always32) ? 65536 : memory.getInt16((i32(table32) + 2 * j) >>> 0, true) + 32768;
    },
  };
}
