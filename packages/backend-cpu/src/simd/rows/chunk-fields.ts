/**
 * Fields of a chunk's units as 32-bit numbers, 16 rows (semantics 4.4, 4.5): the general form.
 *
 *   u = H + Σ_c scaled_c(A),   A = Σ over segments of 2V − base
 */
import type { Kernels } from '@isinglass/kernels';
import type { Chunk } from './chunks.ts';
import type { HalfSumMap, MapSegment } from './half-sum-map.ts';
import type { RowsInfluence, RunBank } from './rows-block.ts';
import type { RowsContext } from './rows-context.ts';
import { planeCount } from './scratch.ts';

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
  kernel(o.out, nibbles, tables, segment.pixels, segment.classes, pixel, pixel + units);
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
  } else if (at.mode === 'sums') {
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
}

/** fields += scaled(A) of one coupling; `states`: the giving bank's nibbles. */
export function addInfluence(x: RowsContext, influence: RowsInfluence, states: number, o: ChunkPlace): void {
  const { kernels, run } = x;
  const slots = 4 * o.chunk.units;
  const { M, sh } = run.couplings[influence.coupling] as (typeof run.couplings)[number];
  clear(x, o.sums, 64 * slots);
  addSums(x, influence.map, states, o, 0);
  kernels.addScaled(o.fields, o.sums, slots, M, sh);
}

/** The same with the means of the feed-forward start, written as nine planes of spins. */
export function addMeanInfluence(
  x: RowsContext,
  influence: RowsInfluence,
  planes: { readonly address: number; readonly bytes: number },
  o: ChunkPlace,
): void {
  const { kernels, run } = x;
  const slots = 4 * o.chunk.units;
  const { M, sh } = run.couplings[influence.coupling] as (typeof run.couplings)[number];
  clear(x, o.sums, 64 * slots);
  for (let plane = 0; plane < planeCount; plane++) {
    // Planes 0 … 7 are the bits of X, plane 8 the rest.
    addSums(x, influence.map, planes.address + plane * planes.bytes, o, plane === 8 ? 0 : plane);
  }
  kernels.addScaledMeans(o.fields, o.sums, slots, M, sh);
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
