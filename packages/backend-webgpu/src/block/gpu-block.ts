/** A block as the kernels walk it: banks with their words, which couplings reach a bank, which spins a color updates. No GPU is needed for it. */
import {
  type Bank,
  type Block,
  blockLayout,
  type Coupling,
  type Program,
  type Side,
  wordsPerRow,
} from '@isinglass/sdk';
import { type ConvGeometry, couplingGeometry } from './conv-geometry.ts';

export interface GpuBlock {
  readonly law: 'fixed' | 'real';
  readonly program: Program;
  readonly block: Block;
  readonly banks: readonly GpuBank[];
  /** In the order of a sweep. */
  readonly colors: readonly (readonly ColorPart[])[];
}

export interface GpuBank {
  readonly index: number;
  readonly bank: Bank;
  readonly free: boolean;
  readonly spins: number;
  /** spinIndex of spin 0: a multiple of 32. */
  readonly offset: number;
  /** Words of a row, as everywhere. */
  readonly words: number;
  readonly channels: number;
  readonly width: number;
  readonly pixels: number;
  /** Words of a pixel where its channels lie together. */
  readonly pixelWords: number;
  /** Whether convolutions read it so: then its spins are kept in both orders. */
  readonly spread: boolean;
  /** Couplings that reach this bank from a pinned bank: part of the static field. Empty for pinned banks. */
  readonly fromPinned: readonly Influence[];
  /** Couplings that reach this bank from a free one, itself included. Empty for pinned banks. */
  readonly fromFree: readonly Influence[];
}

/** One coupling seen from a bank that it reaches. */
export interface Influence {
  readonly coupling: Coupling;
  /** The end that the reached bank is. */
  readonly side: Side;
  /** Index of the bank at the other end. */
  readonly giver: number;
  /** How conv-field sees it; null: sparse-field has it as lists. */
  readonly geometry: ConvGeometry | null;
  /** Couplings of one spin, on average; those of a convolution that fall on padding count, too. */
  readonly degree: number;
}

/** Spins of one bank that one color updates. */
export interface ColorPart {
  readonly bank: GpuBank;
  /** Rising; null: all. */
  readonly spins: Uint32Array<ArrayBuffer> | null;
}

export function gpuBlock(program: Program, block: Block): GpuBlock {
  const shapes = new Map(block.banks.map(({ id, shape }) => [id, shape]));
  const influences = new Map(block.banks.map((bank) => [bank.id, influencesOn(program, block, bank, shapes)]));
  const spread = new Set<number>();
  for (const list of influences.values()) {
    for (const { geometry, giver } of list) if (geometry?.spread === true) spread.add(giver);
  }
  const banks = blockLayout(block).map(({ bank, spinCount, offset }, index): GpuBank => {
    const [channels = 1, ...spatial] = bank.shape;
    const pixels = spatial.reduce((product, size) => product * size, 1);
    const reached = bank.role === 'free' ? (influences.get(bank.id) ?? []) : [];
    const fromRole = (role: Bank['role']): readonly Influence[] =>
      reached.filter(({ giver }) => block.banks[giver]?.role === role);
    return {
      index,
      bank,
      free: bank.role === 'free',
      spins: spinCount,
      offset,
      words: wordsPerRow(spinCount),
      channels,
      width: spatial.at(-1) ?? 1,
      pixels,
      pixelWords: Math.ceil(channels / 32),
      spread: spread.has(index),
      fromPinned: fromRole('pinned'),
      fromFree: fromRole('free'),
    };
  });
  return { law: program.json.law.kind, program, block, banks, colors: colorParts(program, block, banks) };
}

/** A coupling within one bank reaches it once, not once per end. */
function influencesOn(
  program: Program,
  block: Block,
  bank: Bank,
  shapes: ReadonlyMap<string, readonly number[]>,
): readonly Influence[] {
  if (bank.role === 'pinned') return [];
  const found: Influence[] = [];
  for (const coupling of block.couplings) {
    for (const [side, other] of [
      ['to', 'from'],
      ['from', 'to'],
    ] as const) {
      if (coupling[side] !== bank.id || (side === 'from' && coupling.from === coupling.to)) continue;
      const giver = block.banks.findIndex(({ id }) => id === coupling[other]);
      const ends = {
        from: shapes.get(coupling.from) as readonly number[],
        to: shapes.get(coupling.to) as readonly number[],
      };
      const geometry = couplingGeometry(coupling, side, ends, program.tensors);
      found.push({ coupling, side, giver, geometry, degree: degreeOf(program, coupling, geometry, ends[side]) });
    }
  }
  return found;
}

function degreeOf(
  { tensors }: Program,
  { form, from, to }: Coupling,
  geometry: ConvGeometry | null,
  shape: readonly number[],
): number {
  if (geometry !== null) return geometry.taps * geometry.givers;
  if (form.kind !== 'sparse') return 1;
  const spins = shape.reduce((product, size) => product * size, 1);
  // A pair within one bank is stored once, and has two ends there.
  const ends = from === to ? 2 : 1;
  return (ends * (tensors.get(form.value.tensor)?.data.length ?? 0)) / spins;
}

function colorParts(program: Program, block: Block, banks: readonly GpuBank[]): readonly (readonly ColorPart[])[] {
  return block.schedule.colors.map((color) =>
    banks.flatMap((bank): ColorPart[] => {
      if (!bank.free) return [];
      if (bank.bank.color === color) return [{ bank, spins: null }];
      if (bank.bank.colorMap === undefined) return [];
      const map = program.tensors.get(bank.bank.colorMap.tensor)?.data as Uint16Array;
      const spins: number[] = [];
      for (let spin = 0; spin < bank.spins; spin++) if (map[spin] === color) spins.push(spin);
      return spins.length === 0 ? [] : [{ bank, spins: Uint32Array.from(spins) }];
    }),
  );
}
