/**
 * How the one-row form sees a bank: 16 spins to a unit, one in each byte lane.
 *
 *   planes   `channels × pixels`: unit g·pixels + p holds channels 16g … 16g + 15 of pixel p; flat banks have one pixel
 *   listed   spins in the order of a list, color after color, each color from a new unit on: flat banks with a color map that only
 *            sparse and diagonal couplings reach, so that an update touches no spin of another color. A unit takes as many steps as
 *            the spin with the most neighbours in it, so the spins of a color are sorted by that number where it saves steps
 *
 * slot = 16·unit + lane. Padding lanes have slots but no spins. Nibbles of a unit are four bytes: those of the units of one pixel follow each
 * other, pixel after pixel.
 */

import type { Block, Program } from '@isinglass/sdk';
import type { DrawOrder } from '../../row-update/row-update.exports.ts';
import type { BankLanes } from '../bank-lanes.ts';

export const spinsPerUnit = 16;

export interface SpinLanes {
  readonly lanes: BankLanes;
  /** ⌈channels / 16⌉ */
  readonly groups: number;
  readonly units: number;
  readonly slots: number;
  /** Bytes of the nibbles of one pixel: 4·groups. */
  readonly quads: number;
  /** How draws, which lie in index order, reach the units. */
  readonly order: DrawOrder;
  /** Of listed banks: first unit and spins of every color, in the order of the schedule. */
  readonly colors: readonly ColorList[] | null;
}

export interface ColorList {
  readonly color: number;
  readonly unit: number;
  readonly units: number;
  readonly spins: Uint32Array;
}

/** `degrees`: neighbours of every spin by sparse and diagonal couplings, all of them together; empty for banks that none reaches. */
export function spinLanes(program: Program, block: Block, lanes: BankLanes, degrees: Uint32Array): SpinLanes {
  const bank = block.banks[lanes.index];
  const groups = Math.ceil(lanes.channels / spinsPerUnit);
  const planes = { lanes, groups, quads: 4 * groups, units: groups * lanes.pixels, slots: 16 * groups * lanes.pixels };
  const order = lanes.pixels === 1 ? 1 : 0;
  if (bank?.role !== 'free' || bank.colorMap === undefined || !lanes.flat || lanes.nibbles) {
    return { ...planes, order, colors: null };
  }
  const map = program.tensors.get(bank.colorMap.tensor)?.data as Uint16Array;
  const spinsOf = new Map<number, number[]>();
  for (const [spin, color] of map.entries()) {
    const spins = spinsOf.get(color);
    if (spins === undefined) spinsOf.set(color, [spin]);
    else spins.push(spin);
  }
  let unit = 0;
  const colors = block.schedule.colors.flatMap((color): ColorList[] => {
    const spins = spinsOf.get(color);
    if (spins === undefined) return [];
    const list = {
      color,
      unit,
      units: Math.ceil(spins.length / spinsPerUnit),
      spins: sortedByDegree(Uint32Array.from(spins), degrees),
    };
    unit += list.units;
    return [list];
  });
  return { ...planes, units: unit, slots: spinsPerUnit * unit, order: 2, colors };
}

/**
 * Sorting scatters neighbours that follow each other in memory, so it has to save a tenth of the steps. Lattices with open borders stay as
 * they are.
 */
const stepsWorthSorting = 0.9;

/** The spins of a color, those with the most neighbours first, equals in index order; as they came where that saves little. */
function sortedByDegree(spins: Uint32Array, degrees: Uint32Array): Uint32Array {
  const sorted = spins.toSorted((a, b) => (degrees[b] ?? 0) - (degrees[a] ?? 0) || a - b);
  return stepsOf(sorted, degrees) <= stepsWorthSorting * stepsOf(spins, degrees) ? sorted : spins;
}

/** Of all units. */
function stepsOf(spins: Uint32Array, degrees: Uint32Array): number {
  let steps = 0;
  for (let first = 0; first < spins.length; first += spinsPerUnit) {
    steps += spins.subarray(first, first + spinsPerUnit).reduce((most, spin) => Math.max(most, degrees[spin] ?? 0), 0);
  }
  return steps;
}

/** The slot of every spin of a bank, in index order. */
export function slotsOfSpins({ lanes: { channels, pixels, spinCount }, colors }: SpinLanes): Uint32Array {
  const slots = new Uint32Array(spinCount);
  if (colors !== null) {
    for (const { unit, spins } of colors)
      for (const [n, spin] of spins.entries()) slots[spin] = spinsPerUnit * unit + n;
    return slots;
  }
  let spin = 0;
  for (let c = 0; c < channels; c++) {
    for (let p = 0; p < pixels; p++) slots[spin++] = spinsPerUnit * ((c >>> 4) * pixels + p) + (c & 15);
  }
  return slots;
}

/** Number of a lane in the 16- and 32-bit forms: even lanes first. */
export const placeOf = (lane: number): number => (lane & 1 ? 8 + (lane >> 1) : lane >> 1);
