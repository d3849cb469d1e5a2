/** Before the first sweep of a tile: static fields from the pinned banks (semantics 4.4), then the initial state (1.6, 4.8). */
import { rowsPerTile } from '../../row-lanes.ts';
import { addInfluence, addMeanInfluence, type ChunkPlace, setStaticField } from './chunk-fields.ts';
import type { Chunk, DrawGroup } from './chunks.ts';
import { drawGroup } from './gibbs-sweep.ts';
import type { PackedRows, RowsPart } from './rows-block.ts';
import { nibbleOffset, nibbleStride, type RowsContext } from './rows-context.ts';
import { planeCount } from './scratch.ts';

type TileWork = Generator<void, void, void>;

export function* prepareTile(x: RowsContext, tile: number, slot: number): TileWork {
  yield* staticFields(x, tile, slot);
  switch (x.run.start) {
    case 'random':
      yield* tossCoins(x, tile, slot);
      return;
    case 'given':
      yield* unpackStates(x, tile, slot);
      return;
    case 'feed-forward':
      yield* startFeedForward(x, tile, slot);
      return;
    default:
      x.run.start satisfies never;
  }
}

function* staticFields(x: RowsContext, tile: number, slot: number): TileWork {
  const { kernels, scratch } = x;
  const base = x.scratchOf(slot);
  for (const [n, { lanes }] of x.block.banks.entries()) {
    const at = scratch.pinned[n] as (typeof scratch.pinned)[number];
    if (at.nibbles < 0 && at.masks < 0) continue;
    const address = (offset: number): number => (offset < 0 ? 0 : base + offset);
    const sources = rowSources(x, x.run.sources[n] as PackedRows, tile, base + scratch.sources);
    kernels.unpackTile(sources, address(at.nibbles), address(at.masks), lanes.channels, lanes.pixels);
    yield;
  }
  for (const [n, bank] of x.block.banks.entries()) {
    if (!bank.lanes.free || x.at(n).field < 0) continue;
    const at = x.at(n);
    for (const place of chunkPlaces(x, { bank: n, part: -1 }, tile, slot)) {
      const { unit, units } = place.chunk;
      kernels.setFields(place.fields, at.biases + 16 * unit, 4 * units);
      for (const influence of bank.fromPinned) {
        const giver = scratch.pinned[influence.giver] as (typeof scratch.pinned)[number];
        addInfluence(x, influence, { nibbles: base + giver.nibbles, masks: base + giver.masks }, place);
      }
      if (at.mode !== 'fields') {
        kernels.narrowFields(place.tile + at.field + 128 * unit, place.fields, 4 * units);
      } else {
        const bytes = new Uint8Array(x.memory.buffer);
        bytes.copyWithin(place.tile + at.field + 256 * unit, place.fields, place.fields + 256 * units);
      }
      yield;
    }
  }
}

function* tossCoins(x: RowsContext, tile: number, slot: number): TileWork {
  const { kernels } = x;
  for (const [n, { lanes }] of x.block.banks.entries()) {
    if (!lanes.free) continue;
    const at = x.at(n);
    for (const group of x.groups[n] as readonly DrawGroup[]) {
      const draws = drawGroup(x, group, { tile, sweep: 0, slot });
      for (const chunk of group.chunks) {
        const [d0, d1, d2, d3] = chunk.draws;
        const states = statesOf(x, n, tile, chunk);
        kernels.tossCoins(
          x.constants(at, tile),
          chunk.units,
          lanes.channels - 4 * chunk.quad,
          lanes.flat ? 4 : 0,
          draws + d0,
          draws + d1,
          draws + d2,
          draws + d3,
          chunk.drawStride,
          states.nibbles,
          nibbleStride(lanes),
          states.masks,
        );
      }
      yield;
    }
  }
}

function* unpackStates(x: RowsContext, tile: number, slot: number): TileWork {
  const base = x.tile(tile);
  for (const [n, { lanes }] of x.block.banks.entries()) {
    if (!lanes.free) continue;
    const { nibbles, masks } = x.at(n);
    const sources = rowSources(x, x.run.sources[n] as PackedRows, tile, x.scratchOf(slot) + x.scratch.sources);
    const address = (offset: number): number => (offset < 0 ? 0 : base + offset);
    x.kernels.unpackTile(sources, address(nibbles), address(masks), lanes.channels, lanes.pixels);
    yield;
  }
}

/** Colors in listed order; spins of colors already visited lend their means, the others 0. */
function* startFeedForward(x: RowsContext, tile: number, slot: number): TileWork {
  const base = x.scratchOf(slot);
  clearMeans(x, base);
  yield;
  for (const color of x.block.colors) {
    for (const part of color) {
      for (const place of chunkPlaces(x, { bank: part.bank, part: part.index }, tile, slot)) {
        startChunk(x, part, place, base, tile);
        yield;
      }
    }
  }
}

function startChunk(x: RowsContext, part: RowsPart, place: ChunkPlace, base: number, tile: number): void {
  const { lanes, fromFree } = x.bank(part.bank);
  const at = x.at(part.bank);
  const { chunk } = place;
  setStaticField(x, at, place);
  for (const influence of fromFree) {
    const giver = x.bank(influence.giver).lanes;
    const planes = x.scratch.planes[influence.giver] as { nibbles: number; masks: number };
    const of = { nibbles: base + planes.nibbles, masks: base + planes.masks };
    addMeanInfluence(x, influence, { ...of, nibbleBytes: 16 * giver.units, maskBytes: 16 * giver.slots }, place);
  }
  const planes = x.scratch.planes[part.bank] as { nibbles: number; masks: number };
  const states = statesOf(x, part.bank, tile, chunk);
  x.kernels.startFeedForward(
    x.constants(at, tile),
    place.fields,
    chunk.units,
    part.chosen === 0 ? 0 : part.chosen + 4 * chunk.unit,
    states.nibbles,
    nibbleStride(lanes),
    states.masks,
    planes.nibbles < 0 ? 0 : base + planes.nibbles + nibbleOffset(lanes, chunk),
    16 * lanes.units,
    planes.masks < 0 ? 0 : base + planes.masks + 64 * chunk.unit,
    16 * lanes.slots,
  );
}

/** Mean 0 is y = 128: bit 7 of X alone. */
function clearMeans({ memory, block, scratch }: RowsContext, base: number): void {
  const bytes = new Uint8Array(memory.buffer);
  for (const [n, { lanes }] of block.banks.entries()) {
    const at = scratch.planes[n] as (typeof scratch.planes)[number];
    for (const [offset, size, ones] of [
      [at.nibbles, 16 * lanes.units, 0x0f],
      [at.masks, 16 * lanes.slots, 0xff],
    ] as const) {
      if (offset < 0) continue;
      bytes.fill(0, base + offset, base + offset + planeCount * size);
      bytes.fill(ones, base + offset + 7 * size, base + offset + 8 * size);
    }
  }
}

function* chunkPlaces(
  x: RowsContext,
  { bank, part }: { readonly bank: number; readonly part: number },
  tile: number,
  slot: number,
): Generator<ChunkPlace, void, void> {
  const { scratch } = x;
  const base = x.scratchOf(slot);
  for (const { chunks } of x.groups[bank] as readonly DrawGroup[]) {
    for (const chunk of chunks) {
      yield {
        tile: x.tile(tile),
        chunk,
        halfSums: base + scratch.halfSums,
        sums: base + scratch.sums,
        fields: base + scratch.fields,
        slot,
        part,
      };
    }
  }
}

function statesOf(x: RowsContext, bank: number, tile: number, chunk: Chunk): { nibbles: number; masks: number } {
  const { nibbles, masks } = x.at(bank);
  const { lanes } = x.bank(bank);
  const base = x.tile(tile);
  return {
    nibbles: nibbles < 0 ? 0 : base + nibbles + nibbleOffset(lanes, chunk),
    masks: masks < 0 ? 0 : base + masks + 64 * chunk.unit,
  };
}

/** Writes the addresses of a tile's 16 packed rows; absent rows repeat the last one. */
function rowSources(x: RowsContext, { address, rowBytes, per }: PackedRows, tile: number, at: number): number {
  const words = new Uint32Array(x.memory.buffer, at, rowsPerTile);
  for (let lane = 0; lane < rowsPerTile; lane++) {
    const row = Math.min(tile * rowsPerTile + lane, x.run.rows - 1);
    words[lane] = address + rowBytes * (per === 'row' ? row : Math.floor((x.run.firstRow + row) / x.run.chains));
  }
  return at;
}
