/** Before the first sweep of a row: static fields from the pinned banks (semantics 4.4), then the initial state (1.6, 4.8). */
import type { PackedRows } from '../rows/rows-block.ts';
import { addInfluence, addMeanInfluence, type GivenStates, setStaticField, stretchPlace } from './spin-fields.ts';
import { drawListed, stretchDraws } from './spin-sweep.ts';
import type { SpinsPart } from './spins-block.ts';
import type { SpinsContext } from './spins-context.ts';
import { planeCount } from './spins-scratch.ts';
import type { Stretch } from './stretches.ts';

type RowWork = Generator<void, void, void>;

export function* prepareRow(x: SpinsContext, row: number, slot: number): RowWork {
  yield* staticFields(x, row, slot);
  switch (x.run.start) {
    case 'random':
      yield* tossCoins(x, row, slot);
      return;
    case 'given':
      yield* unpackStates(x, row);
      return;
    case 'feed-forward':
      yield* startFeedForward(x, row, slot);
      return;
    default:
      x.run.start satisfies never;
  }
}

function* staticFields(x: SpinsContext, row: number, slot: number): RowWork {
  const { kernels, scratch } = x;
  const base = x.scratchOf(slot);
  const pinned = scratch.pinned.map(
    ({ nibbles, masks }): GivenStates => ({
      nibbles: nibbles < 0 ? 0 : base + nibbles,
      masks: masks < 0 ? 0 : base + masks,
    }),
  );
  for (const [n, { lanes }] of x.block.banks.entries()) {
    const { nibbles, masks } = pinned[n] as GivenStates;
    if (nibbles === 0 && masks === 0) continue;
    kernels.unpackRow(sourceOf(x, n, row), nibbles, masks, 0, lanes.channels, lanes.pixels);
    yield;
  }
  for (const [n, bank] of x.block.banks.entries()) {
    if (!bank.lanes.free || x.at(n).field < 0) continue;
    const at = x.at(n);
    for (const stretch of x.stretches[n] as readonly Stretch[]) {
      const { unit, units } = stretch;
      const place = stretchPlace(x, stretch, row, slot);
      kernels.copyBytes(place.fields, at.biases + 64 * unit, 64 * units);
      for (const influence of bank.fromPinned) {
        addInfluence(x, influence, pinned[influence.giver] as GivenStates, place);
      }
      if (at.mode === 'sums') kernels.narrowFields(place.row + at.field + 32 * unit, place.fields, units);
      else kernels.copyBytes(place.row + at.field + 64 * unit, place.fields, 64 * units);
      yield;
    }
  }
}

function* tossCoins(x: SpinsContext, row: number, slot: number): RowWork {
  for (const [n, bank] of x.block.banks.entries()) {
    if (!bank.lanes.free) continue;
    if (bank.spins.colors !== null) yield* drawListed(x, n, { row, slot, sweep: 0, index: 0, of: 1 });
    for (const stretch of x.stretches[n] as readonly Stretch[]) {
      const draws = stretchDraws(x, n, stretch, { row, slot, sweep: 0 });
      const { nibbles, masks } = x.statesOf(n, row, stretch);
      x.kernels.startRowRandom(
        stretch.units,
        bank.bits + 16 * stretch.unit,
        bank.bitsStride,
        draws,
        bank.spins.order,
        bank.drawOffsets + (bank.spins.colors === null ? 0 : 64 * stretch.unit),
        x.scratchOf(slot) + x.scratch.arranged,
        nibbles,
        stretch.nibbleStride,
        masks,
      );
      yield;
    }
  }
}

function* unpackStates(x: SpinsContext, row: number): RowWork {
  const base = x.row(row);
  for (const [n, { lanes, slots }] of x.block.banks.entries()) {
    if (!lanes.free) continue;
    const { nibbles, masks } = x.at(n);
    const address = (offset: number): number => (offset < 0 ? 0 : base + offset);
    x.kernels.unpackRow(sourceOf(x, n, row), address(nibbles), address(masks), slots, lanes.channels, lanes.pixels);
    yield;
  }
}

/** Colors in listed order; spins of colors already visited lend their means, the others 0. */
function* startFeedForward(x: SpinsContext, row: number, slot: number): RowWork {
  clearMeans(x, x.scratchOf(slot));
  yield;
  for (const color of x.colors) {
    for (const { part, stretches } of color) {
      for (const stretch of stretches) {
        startStretch(x, part, stretch, row, slot);
        yield;
      }
    }
  }
}

function startStretch(x: SpinsContext, part: SpinsPart, stretch: Stretch, row: number, slot: number): void {
  const bank = x.bank(part.bank);
  const place = stretchPlace(x, stretch, row, slot);
  setStaticField(x, x.at(part.bank), place);
  for (const influence of bank.fromFree) addMeanInfluence(x, influence, planesOf(x, influence.giver, slot), place);
  const planes = planesOf(x, part.bank, slot);
  const { nibbles, masks } = x.statesOf(part.bank, row, stretch);
  x.kernels.startRowFeedForward(
    place.fields,
    stretch.units,
    x.run.limit,
    x.run.table,
    part.chosen === 0 ? 0 : part.chosen + 16 * stretch.unit,
    bank.bits + 16 * stretch.unit,
    bank.bitsStride,
    nibbles,
    stretch.nibbleStride,
    masks,
    planes.nibbles === 0 ? 0 : planes.nibbles + stretch.nibbles,
    planes.nibbleBytes,
    planes.masks === 0 ? 0 : planes.masks + 16 * stretch.unit,
    planes.maskBytes,
  );
}

/** The nine planes of a free bank's means. */
function planesOf(x: SpinsContext, bank: number, slot: number) {
  const { nibbles, masks } = x.scratch.planes[bank] as (typeof x.scratch.planes)[number];
  const { units, slots } = x.bank(bank).spins;
  const base = x.scratchOf(slot);
  return {
    nibbles: nibbles < 0 ? 0 : base + nibbles,
    masks: masks < 0 ? 0 : base + masks,
    nibbleBytes: 4 * units,
    maskBytes: slots,
  };
}

/** Mean 0 is 128 above the least: plane 7 alone. */
function clearMeans({ memory, block, scratch }: SpinsContext, base: number): void {
  const bytes = new Uint8Array(memory.buffer);
  for (const [n, { spins }] of block.banks.entries()) {
    const at = scratch.planes[n] as (typeof scratch.planes)[number];
    for (const [offset, size, ones] of [
      [at.nibbles, 4 * spins.units, 0xf0],
      [at.masks, spins.slots, 0xff],
    ] as const) {
      if (offset < 0) continue;
      bytes.fill(0, base + offset, base + offset + planeCount * size);
      bytes.fill(ones, base + offset + 7 * size, base + offset + 8 * size);
    }
  }
}

/** The packed row of a bank that belongs to a row of the run. */
function sourceOf({ run }: SpinsContext, bank: number, row: number): number {
  const { address, rowBytes, per } = run.sources[bank] as PackedRows;
  return address + rowBytes * (per === 'row' ? row : Math.floor((run.firstRow + row) / run.chains));
}
