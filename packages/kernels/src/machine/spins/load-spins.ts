/** A block turned into tables, geometry and color maps of the one-row form, in device memory. */
import { type Block, type Coupling, couplingView, type Program, type Side } from '@isinglass/sdk';
import { type BankLanes, blockLanes } from '../bank-lanes.ts';
import type { DeviceMemory, Region } from '../memory/device-memory.ts';
import type { Writer } from '../rows/half-sum-map.ts';
import { regionWriter } from '../rows/load-block.ts';
import {
  fieldLimitOf,
  fitsShortTable,
  inverseTableBytes,
  thresholdTableBytes,
  writeInverseTable,
  writeThresholdTable,
} from '../rows/update-constants.ts';
import { buildListed, type ListedCoupling, type ListedPlan, listedMapBytes, planListed } from './listed-sum-map.ts';
import { neighbourCounts } from './neighbour-counts.ts';
import { type SpinLanes, slotsOfSpins, spinLanes, spinsPerUnit } from './spin-lanes.ts';
import { buildSpinSumMap, spinBaseBytes, spinSumMapBytes } from './spin-sum-map.ts';
import { planSpinSums, type SpinSumPlan } from './spin-sum-plan.ts';
import { type SpinSumSource, spinSumSource } from './spin-sum-source.ts';
import type { SpinsBank, SpinsBlock, SpinsInfluence, SpinsPart } from './spins-block.ts';
import { drawOffsets } from './stretches.ts';

/** One coupling seen from a free bank that it reaches, decided from the weights. */
export interface PlannedSpinInfluence {
  readonly coupling: number;
  readonly side: Side;
  readonly giver: number;
  readonly receiver: number;
  /** Σ|w| of all classes, as i32. */
  readonly baseBytes: number;
  readonly plan: { readonly source: SpinSumSource; readonly sums: SpinSumPlan } | { readonly listed: ListedPlan };
}

/** What is known of a block before anything is allocated. */
export interface SpinsPlanning {
  readonly spins: readonly SpinLanes[];
  readonly influences: readonly PlannedSpinInfluence[];
  /** Of the inverse table; 0 where no bank can take the 16-bit form. */
  readonly inverseBytes: number;
  readonly bytes: number;
}

/** In slices: looks at every weight once per direction. */
export function* planSpins(program: Program, block: Block): Generator<void, SpinsPlanning, void> {
  const banks = blockLanes(block);
  const listed = yield* listedCouplings(program, block, banks);
  const spins = banks.map((lanes) => spinLanes(program, block, lanes, degreesOf(lanes, listed)));
  const influences: PlannedSpinInfluence[] = [];
  const fractionBits = block.fixed?.fractionBits ?? 0;
  let bytes = rounded(thresholdTableBytes(fractionBits));
  for (const place of placesOf(block, banks)) {
    const { coupling: index, side } = place;
    const [receiver, giver] = [spins[place.receiver] as SpinLanes, spins[place.giver] as SpinLanes];
    const list = listed.find(({ coupling, side: end }) => coupling === index && end === side);
    if (list !== undefined) {
      const plan = planListed(list, receiver, giver);
      influences.push({ ...place, baseBytes: 64 * receiver.units, plan: { listed: plan } });
      bytes += listedMapBytes(plan);
    } else {
      const source = spinSumSource(program, block, block.couplings[index] as Coupling, side, spins);
      const sums = yield* planSpinSums(source);
      influences.push({ ...place, baseBytes: spinBaseBytes(source), plan: { source, sums } });
      bytes += spinSumMapBytes(source, sums);
    }
  }
  for (const bank of spins) {
    // Bits, draw offsets, slots, one byte per slot and color.
    if (!bank.lanes.free) continue;
    bytes += rounded(bank.slots) + rounded(Math.max(64, 4 * bank.slots)) + rounded(4 * bank.lanes.spinCount);
    bytes += colorsOf(program, block, bank).length * rounded(bank.slots);
  }
  const fromFree = influences.some(({ giver }) => spins[giver]?.lanes.free === true);
  // What else the 16-bit form asks for depends on the run (set-up-spins-run.ts).
  const inverseBytes = fromFree && fitsShortTable(fractionBits) ? inverseTableBytes : 0;
  return { spins, influences, inverseBytes, bytes: bytes + inverseBytes };
}

/** A coupling as one of its ends sees it; indices of `block.couplings` and of the banks. */
type Place = Pick<PlannedSpinInfluence, 'coupling' | 'side' | 'giver' | 'receiver'>;

/** Every free end of every coupling. A coupling of a bank with itself reaches it once. */
function placesOf(block: Block, banks: readonly BankLanes[]): Place[] {
  return block.couplings.flatMap((coupling, index): Place[] => {
    const sides: readonly Side[] = coupling.from === coupling.to ? ['to'] : ['to', 'from'];
    const bankAt = (side: Side): number => banks.findIndex(({ id }) => id === coupling[side]);
    return sides
      .map((side) => ({ coupling: index, side, receiver: bankAt(side), giver: bankAt(side === 'to' ? 'from' : 'to') }))
      .filter(({ receiver }) => banks[receiver]?.free === true);
  });
}

type ListedPlace = Place & ListedCoupling;

function* listedCouplings(
  program: Program,
  block: Block,
  banks: readonly BankLanes[],
): Generator<void, ListedPlace[], void> {
  const listed: ListedPlace[] = [];
  for (const place of placesOf(block, banks)) {
    const coupling = block.couplings[place.coupling] as Coupling;
    if (coupling.form.kind !== 'sparse' && coupling.form.kind !== 'diagonal') continue;
    const view = couplingView(coupling, block, program.tensors);
    yield;
    const spinCount = banks[place.receiver]?.spinCount ?? 0;
    listed.push({ ...place, view, ...(yield* neighbourCounts(view, place.side, spinCount)) });
  }
  return listed;
}

/** Neighbours of every spin of a bank, over all its listed couplings. */
function degreesOf({ index, spinCount }: BankLanes, listed: readonly ListedPlace[]): Uint32Array {
  const degrees = new Uint32Array(spinCount);
  for (const { counts } of listed.filter(({ receiver }) => receiver === index)) {
    for (const [spin, count] of counts.entries()) degrees[spin] = (degrees[spin] as number) + count;
  }
  return degrees;
}

export interface LoadedSpins {
  readonly block: SpinsBlock;
  readonly region: Region;
  /** Address of the threshold table. */
  readonly table: number;
  /** Address of the inverse table; 0 where no bank can take the 16-bit form. */
  readonly inverse: number;
  /** Beyond ± this a field's threshold is 0 or 65536. */
  readonly fieldLimit: number;
}

/** Frees what it took when it is abandoned half-way. */
export function* loadSpins(
  program: Program,
  block: Block,
  { spins, influences, inverseBytes, bytes }: SpinsPlanning,
  memory: DeviceMemory,
): Generator<void, LoadedSpins, void> {
  const region = memory.allocateZeroed(bytes, `block ${block.id}`);
  let complete = false;
  try {
    const writer = regionWriter(memory, region);
    const fractionBits = block.fixed?.fractionBits ?? 0;
    const table = writer.reserve(thresholdTableBytes(fractionBits));
    const i16 = new Int16Array(memory.memory.buffer);
    writeThresholdTable(i16, table, fractionBits);
    const inverse = inverseBytes === 0 ? 0 : writer.reserve(inverseBytes);
    if (inverse !== 0) writeInverseTable(i16, inverse, fractionBits);
    const reaching: { readonly receiver: number; readonly influence: SpinsInfluence }[] = [];
    for (const { coupling, side, giver, receiver, plan } of influences) {
      const map =
        'listed' in plan
          ? yield* buildListed(plan.listed, writer)
          : yield* buildSpinSumMap(plan.source, plan.sums, writer);
      reaching.push({ receiver, influence: { coupling, side, giver, map } });
    }
    const banks: SpinsBank[] = [];
    for (const [index, own] of spins.entries()) {
      const of = reaching.filter(({ receiver }) => receiver === index).map(({ influence }) => influence);
      banks.push({
        lanes: own.lanes,
        spins: own,
        ...writeBank(own, writer),
        fromFree: of.filter(({ giver }) => spins[giver]?.lanes.free === true),
        fromPinned: of.filter(({ giver }) => spins[giver]?.lanes.free === false),
      });
      yield;
    }
    const parts = spins.flatMap((own) => colorParts(program, block, own, writer));
    const colors = block.schedule.colors.map((color): SpinsPart[] =>
      parts.filter((entry) => entry.color === color).map(({ part }) => part),
    );
    complete = true;
    return { block: { banks, colors }, region, table, inverse, fieldLimit: fieldLimitOf(fractionBits) };
  } finally {
    if (!complete) region.free();
  }
}

function writeBank(own: SpinLanes, writer: Writer): Pick<SpinsBank, 'bits' | 'bitsStride' | 'drawOffsets' | 'slots'> {
  const { u8, i32 } = writer;
  if (!own.lanes.free) return { bits: 0, bitsStride: 0, drawOffsets: 0, slots: 0 };
  const slots = slotsOfSpins(own);
  const bits = writer.reserve(own.slots);
  for (const slot of slots) u8[bits + slot] = 16 << (slot & 3);
  const offsets = drawOffsets(own);
  const drawOffsetsAt = offsets.length === 0 ? 0 : writer.reserve(4 * offsets.length);
  i32.set(offsets, drawOffsetsAt / 4);
  const slotsAt = own.colors === null ? 0 : writer.reserve(4 * slots.length);
  if (slotsAt > 0) i32.set(slots, slotsAt / 4);
  return { bits, bitsStride: 16, drawOffsets: drawOffsetsAt, slots: slotsAt };
}

function colorsOf(program: Program, block: Block, { lanes, colors }: SpinLanes): readonly number[] {
  const map = block.banks[lanes.index]?.colorMap;
  if (map === undefined || colors !== null) return [];
  const present = new Set(program.tensors.get(map.tensor)?.data as Uint16Array);
  return block.schedule.colors.filter((color) => present.has(color));
}

function colorParts(
  program: Program,
  block: Block,
  own: SpinLanes,
  writer: Writer,
): { readonly color: number; readonly part: SpinsPart }[] {
  const bank = block.banks[own.lanes.index];
  if (bank === undefined || bank.role === 'pinned') return [];
  const { index } = own.lanes;
  if (own.colors !== null) {
    return own.colors.map(({ color, unit, units }) => ({ color, part: { bank: index, unit, units, chosen: 0 } }));
  }
  const all = { bank: index, unit: 0, units: own.units };
  if (bank.colorMap === undefined) return [{ color: bank.color as number, part: { ...all, chosen: 0 } }];
  const map = program.tensors.get(bank.colorMap.tensor)?.data as Uint16Array;
  const slots = slotsOfSpins(own);
  return colorsOf(program, block, own).map((color) => {
    const chosen = writer.reserve(spinsPerUnit * own.units);
    for (const [spin, slot] of slots.entries()) if (map[spin] === color) writer.u8[chosen + slot] = 0xff;
    return { color, part: { ...all, chosen } };
  });
}

const rounded = (bytes: number): number => Math.ceil(bytes / 64) * 64;
