/** A block as the machine walks it: which couplings reach a bank, which spins a color updates. Built once, at load. */
import {
  type Bank,
  type BankLayout,
  type Block,
  blockLayout,
  type Coupling,
  type Program,
  type Side,
} from '@isinglass/sdk';
import { couplingMap } from './coupling-map.ts';
import type { Footprint } from './footprint.ts';
import type { LinearMap } from './linear-map.ts';
import type { RowPacking } from './row-packing.ts';

export interface BlockStructure {
  readonly program: Program;
  readonly block: Block;
  readonly banks: readonly BankStructure[];
  /** In the order of a sweep. */
  readonly colors: readonly (readonly ColorPart[])[];
  readonly packing: RowPacking;
  /** See Footprint. */
  readonly sumBounds: ReadonlyMap<string, number>;
}

export interface BankStructure extends BankLayout {
  /** Position in the block's list of banks. */
  readonly index: number;
  readonly free: boolean;
  /** Couplings that reach this bank from a pinned bank: part of the static field. Empty for pinned banks. */
  readonly fromPinned: readonly Influence[];
  /** Couplings that reach this bank from a free one, itself included. Empty for pinned banks. */
  readonly fromFree: readonly Influence[];
  /** 0, 1, 2, … */
  readonly allSpins: Uint32Array;
}

/** One coupling seen from a bank that it reaches. */
export interface Influence {
  readonly coupling: Coupling;
  readonly map: LinearMap;
  /** The end that the reached bank is. */
  readonly side: Side;
  /** Index of the bank at the other end. */
  readonly giver: number;
}

/** Spins of one bank that one color updates, rising. */
export interface ColorPart {
  readonly bank: BankStructure;
  readonly spins: Uint32Array;
}

/** Yields after each coupling: copying weights and transposing lists takes time. */
export function* buildBlockStructure(
  program: Program,
  block: Block,
  { packing, sumBounds }: Footprint,
): Generator<void, BlockStructure, void> {
  const layout = blockLayout(block);
  const maps = new Map<string, LinearMap>();
  for (const coupling of block.couplings) {
    const shapes = { from: shapeOf(layout, coupling.from), to: shapeOf(layout, coupling.to) };
    maps.set(coupling.id, couplingMap(coupling, shapes, program.tensors));
    yield;
  }
  const banks = layout.map((place, index): BankStructure => {
    const free = place.bank.role === 'free';
    const influences = free ? influencesOn(place.bank, block, maps) : [];
    const fromFree = influences.filter(({ giver }) => block.banks[giver]?.role === 'free');
    const fromPinned = influences.filter(({ giver }) => block.banks[giver]?.role === 'pinned');
    return {
      ...place,
      index,
      free,
      fromPinned,
      fromFree,
      allSpins: upTo(place.spinCount),
    };
  });
  return { program, block, banks, colors: colorParts(program, block, banks), packing, sumBounds };
}

/** A coupling within one bank reaches it once, not once per end. */
function influencesOn(bank: Bank, block: Block, maps: ReadonlyMap<string, LinearMap>): Influence[] {
  const found: Influence[] = [];
  for (const coupling of block.couplings) {
    const map = maps.get(coupling.id) as LinearMap;
    for (const [side, other] of [
      ['to', 'from'],
      ['from', 'to'],
    ] as const) {
      if (coupling[side] !== bank.id || (side === 'from' && coupling.from === coupling.to)) continue;
      const giver = block.banks.findIndex((candidate) => candidate.id === coupling[other]);
      found.push({ coupling, map, side, giver });
    }
  }
  return found;
}

function colorParts(program: Program, block: Block, banks: readonly BankStructure[]): ColorPart[][] {
  return block.schedule.colors.map((color) => {
    const parts: ColorPart[] = [];
    for (const bank of banks) {
      if (bank.bank.role === 'pinned') continue;
      if (bank.bank.color === color) parts.push({ bank, spins: bank.allSpins });
      if (bank.bank.colorMap === undefined) continue;
      const map = program.tensors.get(bank.bank.colorMap.tensor)?.data as Uint16Array;
      const spins = bank.allSpins.filter((spin) => map[spin] === color);
      if (spins.length > 0) parts.push({ bank, spins });
    }
    return parts;
  });
}

function shapeOf(layout: readonly BankLayout[], id: string): readonly number[] {
  const place = layout.find(({ bank }) => bank.id === id);
  if (place === undefined) throw new TypeError(`no bank ${id}`);
  return place.bank.shape;
}

/** 0 … count − 1. */
function upTo(count: number): Uint32Array {
  const list = new Uint32Array(count);
  for (let i = 0; i < count; i++) list[i] = i;
  return list;
}
