/**
 * How a block's sweep is walked on P lanes of W couplings, before anything is unrolled: chunks of each color, coupling groups and their steps. Cycle formulas
 * (devices.md 5.2) and memory needs follow from it.
 */
import { type Block, type CouplingView, couplingView, type Program, type Side, spinCountOf } from '@isinglass/sdk';

/** One end of a coupling at a free bank. */
export interface CouplingEnd {
  readonly view: CouplingView;
  readonly side: Side;
  /** The bank whose spins add this coupling. */
  readonly bank: string;
  readonly otherBank: string;
  /** Whether the other bank is pinned: then the coupling acts through the static field. */
  readonly pinned: boolean;
}

/** The couplings of one color that share a multiplier: those of one coupling of the program. */
export interface CouplingGroup {
  readonly coupling: string;
  /** Most non-zero couplings of any spin of the color. */
  readonly degree: number;
  /** Cycles of a chunk: ⌈degree / W⌉. */
  readonly steps: number;
}

export interface ColorGeometry {
  readonly color: number;
  readonly spins: number;
  /** ⌈spins / P⌉. */
  readonly chunks: number;
  /** Couplings to pinned spins, in program order. */
  readonly staticGroups: readonly CouplingGroup[];
  /** Couplings to free spins, in program order. */
  readonly groups: readonly CouplingGroup[];
}

export interface LaneGeometry {
  /** In the order of a sweep. */
  readonly colors: readonly ColorGeometry[];
  readonly ends: readonly CouplingEnd[];
}

/** Groups of which no spin has a coupling are left out. */
export function laneGeometry(
  program: Pick<Program, 'tensors'>,
  block: Block,
  machine: { readonly lanes: number; readonly couplingsPerLane: number },
): LaneGeometry {
  const ends = couplingEnds(program, block);
  const colorOf = new Map(block.banks.map((bank) => [bank.id, colorsOfBank(program, bank)]));
  const spins = new Map(block.schedule.colors.map((color) => [color, 0]));
  const add = (color: number, count: number): void => void spins.set(color, (spins.get(color) ?? 0) + count);
  for (const bank of block.banks) {
    const colors = colorOf.get(bank.id);
    if (bank.role === 'pinned' || colors === undefined) continue;
    if (typeof colors === 'number') add(colors, spinCountOf(bank));
    else for (const color of colors) add(color, 1);
  }
  const degrees = new Map<string, number>();
  const key = (color: number, end: Pick<CouplingEnd, 'view' | 'pinned'>): string =>
    `${color} ${end.pinned} ${end.view.coupling.id}`;
  for (const end of ends) {
    const colors = colorOf.get(end.bank) ?? 0;
    for (const [color, degree] of degreesByColor(end, colors)) {
      degrees.set(key(color, end), Math.max(degree, degrees.get(key(color, end)) ?? 0));
    }
  }
  const groupsOf = (color: number, pinned: boolean): CouplingGroup[] =>
    block.couplings.flatMap(({ id }) => {
      const degree = degrees.get(`${color} ${pinned} ${id}`) ?? 0;
      return degree === 0 ? [] : [{ coupling: id, degree, steps: Math.ceil(degree / machine.couplingsPerLane) }];
    });
  const colors = block.schedule.colors.map((color) => ({
    color,
    spins: spins.get(color) ?? 0,
    chunks: Math.ceil((spins.get(color) ?? 0) / machine.lanes),
    staticGroups: groupsOf(color, true),
    groups: groupsOf(color, false),
  }));
  return { colors, ends };
}

/** One color for the whole bank, or one for each spin; pinned banks have none. */
export function colorsOfBank(
  program: Pick<Program, 'tensors'>,
  bank: Block['banks'][number],
): number | Uint16Array | undefined {
  if (bank.role === 'pinned') return undefined;
  if (bank.colorMap === undefined) return bank.color;
  return program.tensors.get(bank.colorMap.tensor)?.data as Uint16Array;
}

function couplingEnds(program: Pick<Program, 'tensors'>, block: Block): CouplingEnd[] {
  const pinned = new Set(block.banks.filter(({ role }) => role === 'pinned').map(({ id }) => id));
  return block.couplings.flatMap((coupling) => {
    const view = couplingView(coupling, block, program.tensors);
    // From = to: one side already has the partners of rows and columns.
    const sides: readonly Side[] = coupling.from === coupling.to ? ['to'] : ['to', 'from'];
    return sides.flatMap((side) => {
      const bank = coupling[side];
      const otherBank = coupling[side === 'to' ? 'from' : 'to'];
      return pinned.has(bank) ? [] : [{ view, side, bank, otherBank, pinned: pinned.has(otherBank) }];
    });
  });
}

function degreesByColor(end: CouplingEnd, colors: number | Uint16Array): ReadonlyMap<number, number> {
  if (typeof colors === 'number') return new Map([[colors, end.view.maxDegree(end.side)]]);
  const degrees = new Map<number, number>();
  colors.forEach((color, spin) => {
    degrees.set(color, Math.max(degrees.get(color) ?? 0, end.view.degree(end.side, spin)));
  });
  return degrees;
}

/** Rows of SLOTS that the block takes: those of the static pass and those of a sweep. */
export function rowsOf({ colors }: LaneGeometry): { readonly staticRows: number; readonly sweepRows: number } {
  const steps = (groups: readonly CouplingGroup[]): number => groups.reduce((sum, group) => sum + group.steps, 0);
  return {
    staticRows: colors.reduce((sum, { chunks, staticGroups }) => sum + chunks * steps(staticGroups), 0),
    sweepRows: colors.reduce((sum, { chunks, groups }) => sum + chunks * steps(groups), 0),
  };
}
