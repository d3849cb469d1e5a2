/** Whether a program's blocks fit into the memory that a device may use, and how many rows then fit beside them. */
import type { BlockPlan, Misfit, Plan } from '../contract/driver.ts';
import type { Program } from '../program/program.ts';
import type { Block } from '../program/program-json.ts';

/** What a block takes in memory: closed forms, known before anything is allocated. */
export interface MemoryFootprint {
  /** Held while the program is loaded, beyond its own tensors. */
  readonly loadedBytes: number;
  /** Held by a run whatever its rows. */
  readonly runBytes: number;
  /** Held by a run for each row (image, chain); above 0. */
  readonly bytesPerRow: number;
  /** Rows of one run from which on more rows are no faster. */
  readonly rowsPreferred: number;
}

/** What a device has for a program. */
export interface MemoryPlanOptions {
  /** Pure. */
  readonly footprint: (block: Block) => MemoryFootprint;
  /** Bytes that all loaded blocks and one run may take together. */
  readonly bytesMax: number;
  /** Rows (images × chains) of one run; Infinity: as many as fit into memory. */
  readonly rowsMax: number;
  /** What a user of this device reads of a block that does not fit: the limit in its own unit, and what helps. */
  readonly misfit: (shortage: MemoryShortage) => Misfit;
}

/** A block of which not one row fits beside all loaded blocks. */
export interface MemoryShortage {
  /** Taken by all loaded blocks and a run of one row of this one. */
  readonly bytesNeeded: number;
  readonly bytesAvailable: number;
  /** `stages[2]` */
  readonly where: string;
}

/** The plan of a device whose one limit is memory, for blocks that are all loaded at once and run one at a time. Pure. */
export function planInMemory(
  program: Program,
  { footprint, bytesMax, rowsMax, misfit }: MemoryPlanOptions,
): Plan | readonly Misfit[] {
  const blocks = program.json.stages.filter((stage): stage is Block => stage.kind === 'block');
  const sizes = blocks.map((block) => ({ block, size: footprint(block) }));
  const loaded = sizes.reduce((sum, { size }) => sum + size.loadedBytes, 0);
  const misfits: Misfit[] = [];
  const plans: BlockPlan[] = [];
  for (const { block, size } of sizes) {
    const bytesNeeded = loaded + size.runBytes + size.bytesPerRow;
    if (bytesNeeded > bytesMax) {
      const where = `stages[${program.json.stages.indexOf(block)}]`;
      misfits.push(misfit({ bytesNeeded, bytesAvailable: bytesMax, where }));
    } else {
      plans.push(planOf(size, { bytes: bytesMax - loaded - size.runBytes, rowsMax }));
    }
  }
  if (misfits.length > 0) return misfits;
  return { bytes: loaded + sizes.reduce((most, { size }) => Math.max(most, size.runBytes), 0), blocks: plans };
}

function planOf(size: MemoryFootprint, free: { readonly bytes: number; readonly rowsMax: number }): BlockPlan {
  const rowsMax = Math.min(free.rowsMax, Math.floor(free.bytes / size.bytesPerRow));
  return { bytesPerRow: size.bytesPerRow, rowsMax, rowsPreferred: Math.min(size.rowsPreferred, rowsMax) };
}
