/**
 * What a block takes in memory, and how its rows are cut into tiles: closed forms, known before anything is allocated.
 * Array bytes only; a few kilobytes of objects per row tile and block come on top.
 */
import { type Block, type Coupling, type Program, spinCountOf } from '@isinglass/sdk';
import { sumBound } from '@isinglass/sdk/machine-driver';
import { type RowPacking, rowPacking, unpacked } from './row-packing.ts';

export interface Footprint {
  readonly packing: RowPacking;
  /** By coupling id: no spin's Σ|w| is larger (semantics 4.1). Empty under the real law. */
  readonly sumBounds: ReadonlyMap<string, number>;
  /** Rows that are run side by side. */
  readonly tileRows: number;
  /** Held while the program is loaded, beyond its own tensors. */
  readonly loadedBytes: number;
  /** Held by a run whatever its rows. */
  readonly runBytes: number;
  /** Held by a run for each row (image, chain). Stored states of `state` readouts come on top: K·spins/8 bytes. */
  readonly bytesPerRow: number;
}

/** Lanes of a block whose banks alone make long stretches; small blocks get more, up to `lanesMax`, until a bank fills a cache. */
const lanesOfLargeBlocks = 8;
const lanesMax = 64;
const valuesPerBank = 2 ** 14;
/** Multiply-adds without a yield, at most, where the geometry allows it: half a millisecond. */
const productsUninterruptedMax = 2 ** 20;

export function footprint(program: Program, block: Block): Footprint {
  const fixed = program.json.law.kind === 'fixed';
  const sumBounds = new Map(
    fixed ? block.couplings.map((coupling) => [coupling.id, sumBound(program.tensors, coupling)]) : [],
  );
  const packing = fixed ? rowPacking(Math.max(0, ...sumBounds.values())) : unpacked;
  const uninterrupted = block.couplings.reduce(
    (most, coupling) => Math.max(most, productsUninterrupted(program, block, coupling)),
    1,
  );
  const counts = { free: 0, pinned: 0, largestFree: 0 };
  for (const bank of block.banks) {
    const spins = spinCountOf(bank);
    counts[bank.role] += spins;
    if (bank.role === 'free') counts.largestFree = Math.max(counts.largestFree, spins);
  }
  const { free, pinned, largestFree } = counts;
  const wanted = Math.max(lanesOfLargeBlocks, Math.min(lanesMax, Math.floor(valuesPerBank / Math.max(1, largestFree))));
  const lanes = Math.max(1, Math.min(wanted, Math.floor(productsUninterruptedMax / uninterrupted)));
  const tileRows = lanes * packing.rowsPerLane;
  const couplingBytes = block.couplings.reduce((sum, coupling) => sum + mapBytes(program, block, coupling), 0);
  return {
    packing,
    sumBounds,
    tileRows,
    // Couplings; the list of all spins of a bank and of the spins of each color.
    loadedBytes: couplingBytes + 4 * (free + pinned) + 4 * free,
    // Packed sums, field, thresholds of the largest bank; means and sums of the feed-forward start; unpacked inputs of a tile.
    runBytes: tileRows * (largestFree * (8 + 8 + 4 + 8) + free * 8 + pinned * 9),
    // States as bytes and packed; static field; both kinds of sums; the packed last state and trace; kept inputs.
    bytesPerRow: Math.ceil(free * (1 + 8 + 8 + 2 * 4 + 2 / 8) + (pinned * 2) / 8) + 64,
  };
}

/** Multiply-adds of one lane between two yields of the coupling's map, at most. */
function productsUninterrupted(program: Program, block: Block, { form, from, to }: Coupling): number {
  switch (form.kind) {
    case 'conv': {
      // Four channels of a plane, all taps.
      const taps = (program.tensors.get(form.kernel.tensor)?.shape ?? []).slice(2);
      const outputs = (block.banks.find((bank) => bank.id === to)?.shape ?? []).slice(1);
      return 4 * [...taps, ...outputs].reduce((product, size) => product * size, 1);
    }
    case 'dense':
    case 'sparse':
      return Math.max(spinsOf(block, from), spinsOf(block, to));
    case 'diagonal':
      return 1;
    default:
      return form satisfies never;
  }
}

/** Arrays of a coupling's map: float32 copies of int8 weights, compressed rows for both ends. */
function mapBytes(program: Program, block: Block, { form, from, to }: Coupling): number {
  const copy = (name: string): number => (program.json.law.kind === 'fixed' ? 4 * elements(program, name) : 0);
  switch (form.kind) {
    case 'conv':
      return copy(form.kernel.tensor);
    case 'dense':
      return copy(form.matrix.tensor);
    case 'sparse': {
      const entries = elements(program, form.value.tensor);
      const adjoint = 8 * (spinsOf(block, from) + 1) + 8 * entries;
      const own = 8 * (spinsOf(block, to) + 1) + 4 * entries;
      // Within one bank the two are joined, and the parts are dropped afterwards.
      return from === to ? 2 * (own + adjoint) + 8 * entries : own + adjoint;
    }
    case 'diagonal':
      return 12 * spinsOf(block, to) + 8 + copy(form.value.tensor);
    default:
      return form satisfies never;
  }
}

function spinsOf(block: Block, id: string): number {
  const bank = block.banks.find((candidate) => candidate.id === id);
  return bank === undefined ? 0 : spinCountOf(bank);
}

function elements(program: Program, tensor: string): number {
  return program.tensors.get(tensor)?.data.length ?? 0;
}
