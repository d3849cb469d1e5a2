/**
 * Fields of a chunk's units as 32-bit numbers, 16 rows (semantics 4.4, 4.5): the general form.
 *
 *   u = H + Σ_c scaled_c(A),   A = Σ over segments of 2V − base
 */
import type { Kernels } from '../../load-kernels.ts';
import type { Chunk } from './chunks.ts';
import type { HalfSumMap, MapSegment } from './half-sum-map.ts';
import type { RowsInfluence, RunBank } from './rows-block.ts';
import type { RowsContext } from './rows-context.ts';
import { planeCount } from './scratch.ts';
import type { SparseMap } from './sparse/sparse-map.ts';
import type { SparseSpins } from './sparse/sparse-step.ts';

/** V of a chunk's units, one segment: u16 `[unit][4][E][O]` at `out`. `nibbles`: of the whole giving bank. */
export function chunkHalfSums(
  kernels: Kernels,
  map: HalfSumMap,
  segment: MapSegment,
  chunk: Chunk,
  o: { readonly nibbles: number; readonly out: number },
): void {
  const { unit, units, quad, pixel } = chunk;
  const kernel = kernels[map.kernel];
  if (map.perUnit) {
    kernel(o.out, o.nibbles, map.tables, segment.pixels, segment.classes, unit, unit + units);
    return;
  }
  const nibbles = o.nibbles + 16 * (map.firstQuad[quad] as number);
  const tables = map.tables + map.tableBytesPerStream * quad;
  const classes = segment.classes + segment.classBytesPerStream * quad;
  kernel(o.out, nibbles, tables, segment.pixels, classes, pixel, pixel + units);
}

/** Where the pixel records of a chunk begin. */
export function chunkPixels({ perUnit }: HalfSumMap, { pixels }: MapSegment, chunk: Chunk): number {
  return pixels + 8 * (perUnit ? chunk.unit : chunk.pixel);
}

/** H of a chunk into the scratch's fields: per row where pinned couplings made it so, else the bias. */
export function setStaticField(x: RowsContext, at: RunBank, o: ChunkPlace): void {
  const { kernels } = x;
  const { fields, chunk } = o;
  const slots = 4 * chunk.units;
  if (at.field < 0) {
    kernels.setFields(fields, at.biases + 16 * chunk.unit, slots);
  } else if (at.mode !== 'fields') {
    kernels.widenFields(fields, o.tile + at.field + 128 * chunk.unit, slots);
  } else {
    const from = o.tile + at.field + 256 * chunk.unit;
    new Uint8Array(x.memory.buffer).copyWithin(fields, from, from + 64 * slots);
  }
}

/** A chunk of a tile: addresses of the tile and of the scratch's parts. */
export interface ChunkPlace {
  readonly tile: number;
  readonly chunk: Chunk;
  readonly halfSums: number;
  readonly sums: number;
  readonly fields: number;
  /** The worker slot. */
  readonly slot: number;
  /** The only part of the bank whose spins are wanted; −1: all spins. */
  readonly part: number;
}

/** A bank's states as the couplings read them: addresses of its nibbles and masks. */
export interface States {
  readonly nibbles: number;
  readonly masks: number;
}

/** fields += scaled(A) of one coupling; `states`: of the giving bank. */
export function addInfluence(x: RowsContext, influence: RowsInfluence, states: States, o: ChunkPlace): void {
  const { kernels, run } = x;
  const slots = 4 * o.chunk.units;
  const { M, sh } = run.couplings[influence.coupling] as (typeof run.couplings)[number];
  if (influence.kind === 'sparse') {
    // Records count from the bank's first slot, the scratch from the chunk's.
    const fields = o.fields - 256 * o.chunk.unit;
    eachPart(influence.map, o, (spins) => {
      x.sparse(o.slot).addFields(spins, { M, sh }, { giver: states.masks, fields });
    });
    return;
  }
  clear(x, o.sums, 64 * slots);
  addSums(x, influence.map, states.nibbles, o, 0);
  kernels.addScaled(o.fields, o.sums, slots, M, sh);
}

/** Nine planes of spins that a bank's means are written as: the first one's states, and bytes from one to the next. */
export interface Planes extends States {
  readonly nibbleBytes: number;
  readonly maskBytes: number;
}

/** The same with the means of the feed-forward start. */
export function addMeanInfluence(x: RowsContext, influence: RowsInfluence, planes: Planes, o: ChunkPlace): void {
  const { kernels, run } = x;
  const slots = 4 * o.chunk.units;
  const { M, sh } = run.couplings[influence.coupling] as (typeof run.couplings)[number];
  clear(x, o.sums, 64 * slots);
  for (let plane = 0; plane < planeCount; plane++) {
    // Planes 0 … 7 are the bits of X, plane 8 the rest.
    const shift = plane === 8 ? 0 : plane;
    if (influence.kind === 'sparse') {
      const giver = planes.masks + plane * planes.maskBytes;
      const sums = o.sums - 256 * o.chunk.unit;
      eachPart(influence.map, o, (spins) => x.sparse(o.slot).addSums(spins, shift, { giver, sums }));
    } else {
      addSums(x, influence.map, planes.nibbles + plane * planes.nibbleBytes, o, shift);
    }
  }
  kernels.addScaledMeans(o.fields, o.sums, slots, M, sh);
}

function eachPart(map: SparseMap, { chunk: { cell }, part }: ChunkPlace, use: (spins: SparseSpins) => void): void {
  const cells = { first: cell, end: cell + 1 };
  if (part >= 0) use({ map, part, cells });
  else for (let n = 0; n < map.parts.length; n++) use({ map, part: n, cells });
}

/** sums += A·2^shift. */
function addSums({ kernels }: RowsContext, map: HalfSumMap, nibbles: number, o: ChunkPlace, shift: number): void {
  for (const segment of map.segments) {
    chunkHalfSums(kernels, map, segment, o.chunk, { nibbles, out: o.halfSums });
    const bases = segment.bases + segment.baseBytesPerStream * o.chunk.quad;
    const pixels = chunkPixels(map, segment, o.chunk);
    kernels.addHalfSums(o.sums, o.halfSums, pixels, segment.classes, bases, o.chunk.units, shift);
  }
}

function clear({ memory }: RowsContext, address: number, bytes: number): void {
  new Uint8Array(memory.buffer, address, bytes).fill(0);
}
