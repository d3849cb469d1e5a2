/** How many couplings a program has and how much work a run is (semantics 3.7, 3.8). All float64: counts exceed 2³². */
import { spinCountOf } from '../program/block-layout.ts';
import type { Program } from '../program/program.ts';
import type { Block, ProgramJson } from '../program/program-json.ts';
import { couplingView } from './coupling-view.ts';

/**
 * `nominal` counts every tap, as the paper's Table 2; `actual` those in bounds; `free` those of them between free
 * banks.
 */
export interface CouplingCounts {
  readonly nominal: number;
  readonly actual: number;
  readonly free: number;
}

/** The counts of one block. */
export function blockCounts(block: Pick<Block, 'banks' | 'couplings'>, tensors: Program['tensors']): CouplingCounts {
  const pinned = pinnedBanks(block);
  let nominal = 0;
  let actual = 0;
  let free = 0;
  for (const coupling of block.couplings) {
    const count = couplingView(coupling, block, tensors).nnz();
    nominal += count.nominal;
    actual += count.actual;
    if (!pinned.has(coupling.from) && !pinned.has(coupling.to)) free += count.actual;
  }
  return { nominal, actual, free };
}

/** The counts of all blocks together. */
export function programCounts(program: {
  readonly json: Pick<ProgramJson, 'stages'>;
  readonly tensors: Program['tensors'];
}): CouplingCounts {
  let total: CouplingCounts = { nominal: 0, actual: 0, free: 0 };
  for (const stage of program.json.stages) {
    if (stage.kind !== 'block') continue;
    const counts = blockCounts(stage, program.tensors);
    total = {
      nominal: total.nominal + counts.nominal,
      actual: total.actual + counts.actual,
      free: total.free + counts.free,
    };
  }
  return total;
}

/** Spins of a block that are updated in every sweep. */
export function freeSpinCount(block: Pick<Block, 'banks'>): number {
  return block.banks.reduce((sum, bank) => (bank.role === 'free' ? sum + spinCountOf(bank) : sum), 0);
}

export interface RunWork {
  /** Free spins · sweeps · chains · images. */
  readonly updates: number;
  /**
   * 2 · free couplings · sweeps · chains · images, and once per image the in-bounds couplings between a pinned and a
   * free spin.
   */
  readonly synapticOperations: number;
}

/** The work of one run of `block`. `images` is how many, not which. */
export function workOfRun(o: {
  readonly block: Pick<Block, 'banks' | 'couplings'>;
  readonly tensors: Program['tensors'];
  readonly images: number;
  readonly chains: number;
  readonly sweeps: number;
}): RunWork {
  const pinned = pinnedBanks(o.block);
  let free = 0;
  let pinnedToFree = 0;
  for (const coupling of o.block.couplings) {
    const { actual } = couplingView(coupling, o.block, o.tensors).nnz();
    const pinnedEnds = Number(pinned.has(coupling.from)) + Number(pinned.has(coupling.to));
    if (pinnedEnds === 0) free += actual;
    if (pinnedEnds === 1) pinnedToFree += actual;
  }
  const rows = o.images * o.chains;
  return {
    updates: freeSpinCount(o.block) * o.sweeps * rows,
    synapticOperations: 2 * free * o.sweeps * rows + pinnedToFree * o.images,
  };
}

function pinnedBanks(block: Pick<Block, 'banks'>): ReadonlySet<string> {
  return new Set(block.banks.filter((bank) => bank.role === 'pinned').map((bank) => bank.id));
}
