/**
 * A sparse or diagonal coupling seen from one end, as the one-row kernels read it (see row-sparse-sums.as.ts): 16 receiving spins side by side,
 * their n-th neighbours one step.
 *
 *   units      per unit u32 offset and u32 number of its steps
 *   steps      16 × u32 slot of the neighbour, 16 × u8 0xFF where w < 0, 16 × u8 |w|; a spin with fewer neighbours has |w| = 0
 *   pixels, classes   as of the other maps, one class a unit: they only lead to the constants
 *   bases      16 i32 a unit, E then O: Σ|w|
 */

import type { CouplingView, Side } from '@isinglass/sdk';
import { rowStepBytes, statesFollow } from '../../row-sparse-sums/row-sparse-sums.exports.ts';
import type { Writer } from '../rows/half-sum-map.ts';
import type { NeighbourCounts } from './neighbour-counts.ts';
import { placeOf, type SpinLanes, slotsOfSpins, spinsPerUnit } from './spin-lanes.ts';
import type { SpinMapSegment } from './spin-sum-map.ts';

export interface ListedSumMap {
  readonly kind: 'listed';
  readonly kernel: 'rowSparseSums' | 'rowSparseByteSums';
  readonly perUnit: true;
  readonly segments: readonly ListedSegment[];
  readonly sumMax: number;
}

export interface ListedSegment extends SpinMapSegment {
  readonly units: number;
  readonly steps: number;
}

/** Decided from the list before anything is allocated. */
export interface ListedPlan {
  readonly view: CouplingView;
  readonly side: Side;
  readonly receiver: SpinLanes;
  readonly giver: SpinLanes;
  /** The most neighbours of any spin of each unit. */
  readonly degrees: Uint32Array;
  readonly sumMax: number;
}

/** Neighbours that one pass sums over where 2¹⁶ could be reached: 512·127 is below. */
const neighboursPerPass = 512;
/** Entries between two yields. */
const entriesPerSlice = 2 ** 12;

/** A sparse or diagonal coupling of a block seen from one end, and how many neighbours that gives each spin there. */
export interface ListedCoupling extends NeighbourCounts {
  readonly view: CouplingView;
  readonly side: Side;
}

export function planListed(
  { view, side, counts, sumMax }: ListedCoupling,
  receiver: SpinLanes,
  giver: SpinLanes,
): ListedPlan {
  const degrees = new Uint32Array(receiver.units);
  for (const [spin, slot] of slotsOfSpins(receiver).entries()) {
    const unit = Math.floor(slot / spinsPerUnit);
    degrees[unit] = Math.max(degrees[unit] as number, counts[spin] as number);
  }
  return { view, side, receiver, giver, degrees, sumMax };
}

function passesOf({ sumMax, degrees }: ListedPlan): number {
  if (sumMax < 2 ** 16) return 1;
  return Math.ceil(degrees.reduce((most, degree) => Math.max(most, degree), 0) / neighboursPerPass);
}

/** What buildListed reserves, at most. */
export function listedMapBytes(plan: ListedPlan): number {
  const steps = plan.degrees.reduce((sum, degree) => sum + degree, 0);
  // Units, pixels, classes, bases.
  return rowStepBytes * steps + passesOf(plan) * (plan.receiver.units * (8 + 8 + 16 + 64) + 6 * 64);
}

export function* buildListed(plan: ListedPlan, writer: Writer): Generator<void, ListedSumMap, void> {
  const passes = passesOf(plan);
  const neighbours = passes === 1 ? Number.POSITIVE_INFINITY : neighboursPerPass;
  const segments: ListedSegment[] = [];
  for (let pass = 0; pass < passes; pass++) {
    const firstNeighbour = pass === 0 ? 0 : pass * neighboursPerPass;
    segments.push(yield* writeSegment(plan, firstNeighbour, firstNeighbour + neighbours, writer));
  }
  const kernel = plan.sumMax <= 255 ? 'rowSparseByteSums' : 'rowSparseSums';
  return { kind: 'listed', kernel, perUnit: true, segments, sumMax: plan.sumMax };
}

function* writeSegment(
  { view, side, receiver, giver, degrees }: ListedPlan,
  begin: number,
  end: number,
  writer: Writer,
): Generator<void, ListedSegment, void> {
  const { i32, u8 } = writer;
  const counts = degrees.map((degree) => Math.max(0, Math.min(degree, end) - begin));
  const units = writer.reserve(8 * receiver.units);
  const steps = writer.reserve(rowStepBytes * counts.reduce((sum, count) => sum + count, 0));
  const pixels = writer.reserve(8 * receiver.units);
  const classes = writer.reserve(16 * receiver.units);
  const bases = writer.reserve(64 * receiver.units);
  let offset = 0;
  for (let unit = 0; unit < receiver.units; unit++) {
    i32[units / 4 + 2 * unit] = offset;
    i32[units / 4 + 2 * unit + 1] = counts[unit] as number;
    offset += rowStepBytes * (counts[unit] as number);
    i32[pixels / 4 + 2 * unit + 1] = 16 * unit;
    i32[classes / 4 + 4 * unit + 1] = 64 * unit;
  }
  const slots = slotsOfSpins(receiver);
  const giverSlots = slotsOfSpins(giver);
  let work = 0;
  for (let spin = 0; spin < slots.length; spin++) {
    const slot = slots[spin] as number;
    const unit = Math.floor(slot / spinsPerUnit);
    const lane = slot % spinsPerUnit;
    let step = steps + (i32[units / 4 + 2 * unit] as number);
    let sum = 0;
    let n = 0;
    for (const [other, weight] of view.neighbours(side, spin)) {
      if (n >= begin && n < end) {
        i32[step / 4 + lane] = giverSlots[other] as number;
        u8[step + 64 + lane] = weight < 0 ? 0xff : 0;
        u8[step + 80 + lane] = Math.abs(weight);
        sum += Math.abs(weight);
        step += rowStepBytes;
      }
      n++;
    }
    i32[bases / 4 + 16 * unit + placeOf(lane)] = sum;
    work += 1 + n;
    if (work > entriesPerSlice) {
      work = 0;
      yield;
    }
  }
  markFollowing(i32, steps, offset);
  return { units, steps, pixels, classes, bases, baseBytesPerStream: 0, baseCount: 16 * receiver.units };
}

/** Four or eight neighbours whose states follow each other, as on lattices, are loaded at once. */
function markFollowing(i32: Int32Array, steps: number, bytes: number): void {
  for (let step = steps / 4; step < (steps + bytes) / 4; step += rowStepBytes / 4) {
    for (let eight = step; eight < step + spinsPerUnit; eight += 8) {
      const low = follow(i32, eight);
      const high = follow(i32, eight + 4);
      const both = low && high && i32[eight + 4] === (i32[eight] as number) + 4;
      if (low) i32[eight + 1] = statesFollow;
      if (both) i32[eight + 2] = statesFollow;
      else if (high) i32[eight + 5] = statesFollow;
    }
  }
}

function follow(i32: Int32Array, quad: number): boolean {
  const first = i32[quad] as number;
  return i32[quad + 1] === first + 1 && i32[quad + 2] === first + 2 && i32[quad + 3] === first + 3;
}
