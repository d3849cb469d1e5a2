/**
 * What `fields.as.ts` computes, one number at a time: the scalar witness. Memory and addresses as there.
 *
 *     u = H + Σ over couplings of scaled(A)        scaled(A) = ⌊(A·M + half) / 2^sh⌋, half = 2^(sh−1), 0 for sh = 0
 *
 * Of the feed-forward start: scaledMeans(A′) = ⌊(A′·M + 2^(sh+6)) / 2^(sh+7)⌋, m = ⌊(T[clamp(u)] − 32768 + 128) / 256⌋, s = +1 iff u ≥ 0.
 */
import { gibbsConstants } from '../gibbs-update/gibbs-update.exports.ts';
import { placeOfLane, rowsPerTile } from '../row-lanes.ts';

export function setFields(
  memory: DataView,
  o: { readonly fields: number; readonly biases: number; readonly slots: number },
): void {
  for (let n = 0; n < rowsPerTile * o.slots; n++) {
    const bias = memory.getInt32(o.biases + 4 * Math.floor(n / rowsPerTile), true);
    memory.setInt32(o.fields + 4 * n, bias, true);
  }
}

export interface ScaledCall {
  readonly fields: number;
  /** A; of addScaledMeans: 2A′. */
  readonly sums: number;
  readonly slots: number;
  readonly multiplier: number;
  readonly sh: number;
}

export function addScaled(memory: DataView, call: ScaledCall): void {
  const half = call.sh === 0 ? 0 : 2 ** (call.sh - 1);
  addEach(memory, call, (A) => Math.floor((A * call.multiplier + half) / 2 ** call.sh));
}

export function addScaledMeans(memory: DataView, call: ScaledCall): void {
  const half = 2 ** (call.sh + 6);
  addEach(memory, call, (twice) => Math.floor(((twice / 2) * call.multiplier + half) / 2 ** (call.sh + 7)));
}

function addEach(memory: DataView, { fields, sums, slots }: ScaledCall, use: (A: number) => number): void {
  for (let at = 0; at < 4 * rowsPerTile * slots; at += 4) {
    const A = memory.getInt32(sums + at, true);
    memory.setInt32(fields + at, memory.getInt32(fields + at, true) + use(A), true);
  }
}

export interface AddHalfSumsCall {
  readonly sums: number;
  readonly halfSums: number;
  readonly pixels: number;
  readonly classes: number;
  readonly bases: number;
  readonly units: number;
  readonly shift: number;
}

export function addHalfSums(memory: DataView, call: AddHalfSumsCall): void {
  for (let unit = 0; unit < call.units; unit++) {
    const ofClass = memory.getUint32(call.classes + memory.getUint32(call.pixels + 8 * unit + 4, true) + 4, true);
    for (let channel = 0; channel < 4; channel++) {
      const base = memory.getInt32(call.bases + ofClass + 4 * channel, true);
      for (let place = 0; place < rowsPerTile; place++) {
        const n = rowsPerTile * (4 * unit + channel) + place;
        const A = 2 * memory.getUint16(call.halfSums + 2 * n, true) - base;
        memory.setInt32(call.sums + 4 * n, memory.getInt32(call.sums + 4 * n, true) + A * 2 ** call.shift, true);
      }
    }
  }
}

interface NarrowCall {
  readonly narrow: number;
  readonly fields: number;
  readonly slots: number;
}

export function narrowFields(memory: DataView, { narrow, fields, slots }: NarrowCall): void {
  for (let n = 0; n < rowsPerTile * slots; n++) {
    const u = memory.getInt32(fields + 4 * n, true);
    memory.setInt16(narrow + 2 * n, Math.max(-32768, Math.min(u, 32767)), true);
  }
}

export function widenFields(memory: DataView, { narrow, fields, slots }: NarrowCall): void {
  for (let n = 0; n < rowsPerTile * slots; n++) {
    memory.setInt32(fields + 4 * n, memory.getInt16(narrow + 2 * n, true), true);
  }
}

export interface FeedForwardCall {
  readonly constants: number;
  readonly fields: number;
  readonly units: number;
  /** A byte per slot; 0: all. */
  readonly chosen: number;
  /** Of the states, 0: not wanted; nibbles of all planes have the same stride. */
  readonly nibbles: number;
  readonly nibbleStride: number;
  readonly masks: number;
  /** Of the first plane, 0: not wanted, and bytes from one plane to the next. */
  readonly nibblePlanes: number;
  readonly nibblePlane: number;
  readonly maskPlanes: number;
  readonly maskPlane: number;
}

/** A mean m is nine spins: 2m = Σ 2^b·x_b over the eight bits b of X, plus one spin more. */
export function startFeedForward(memory: DataView, call: FeedForwardCall): void {
  for (let slot = 0; slot < 4 * call.units; slot++) {
    if (call.chosen !== 0 && memory.getUint8(call.chosen + slot) === 0) continue;
    for (let lane = 0; lane < rowsPerTile; lane++) {
      const u = memory.getInt32(call.fields + 64 * slot + 4 * (placeOfLane[lane] as number), true);
      setSpin(memory, call, { nibbles: call.nibbles, masks: call.masks }, { slot, lane }, u >= 0);
      const mean = Math.floor((thresholdAt(memory, call.constants, u) - 32768 + 128) / 256);
      for (const [plane, up] of planesOf(mean).entries()) {
        const states = {
          nibbles: call.nibblePlanes === 0 ? 0 : call.nibblePlanes + plane * call.nibblePlane,
          masks: call.maskPlanes === 0 ? 0 : call.maskPlanes + plane * call.maskPlane,
        };
        setSpin(memory, call, states, { slot, lane }, up);
      }
    }
  }
}

/** Planes 0 … 7: bits of X = min(m + 128, 255); plane 8: what is left of m + 128. */
export function planesOf(mean: number): boolean[] {
  const X = Math.min(mean + 128, 255);
  return [...Array.from({ length: 8 }, (_, bit) => ((X >> bit) & 1) === 1), mean + 128 > X];
}

/** T[clamp(u)], by the 32-bit constants of an update. */
function thresholdAt(memory: DataView, constants: number, u: number): number {
  const limit = memory.getInt32(constants + gibbsConstants.limit32, true);
  const j = Math.max(-limit, Math.min(u, limit));
  if (j > memory.getInt32(constants + gibbsConstants.always32, true)) return 65536;
  return memory.getInt16(memory.getUint32(constants + gibbsConstants.table32, true) + 2 * j, true) + 32768;
}

function setSpin(
  memory: DataView,
  { nibbleStride }: FeedForwardCall,
  { nibbles, masks }: { readonly nibbles: number; readonly masks: number },
  { slot, lane }: { readonly slot: number; readonly lane: number },
  up: boolean,
): void {
  if (masks !== 0) memory.setUint8(masks + 16 * slot + lane, up ? 0xff : 0);
  if (nibbles === 0) return;
  const at = nibbles + nibbleStride * (slot >> 2) + lane;
  const bit = 1 << (slot & 3);
  memory.setUint8(at, (memory.getUint8(at) & ~bit) | (up ? bit : 0));
}
