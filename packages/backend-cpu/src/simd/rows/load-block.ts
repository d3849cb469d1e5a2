/** A block turned into tables, geometry and color maps in device memory. */
import type { Block, Program, Side } from '@isinglass/sdk';
import type { DeviceMemory, Region } from '../../memory/device-memory.ts';
import { type BankLanes, blockLanes, spinOfSlot } from '../bank-lanes.ts';
import { buildHalfSumMap, type Writer } from './half-sum-map.ts';
import { type HalfSumPlan, planHalfSums } from './half-sum-plan.ts';
import { type HalfSumSource, halfSumSource } from './half-sum-source.ts';
import type { RowsBank, RowsBlock, RowsInfluence, RowsPart } from './rows-block.ts';
import { fieldLimitOf, thresholdTableBytes, writeThresholdTable } from './update-constants.ts';

/** One coupling seen from a free bank that it reaches, decided from the weights. */
export interface PlannedInfluence {
  readonly coupling: number;
  readonly side: Side;
  readonly giver: number;
  readonly receiver: number;
  readonly source: HalfSumSource;
  readonly plan: HalfSumPlan;
}

/** What is known of a block before anything is allocated. */
export interface BlockPlanning {
  readonly lanes: readonly BankLanes[];
  readonly influences: readonly PlannedInfluence[];
  readonly bytes: number;
}

/** In slices: looks at every weight once per direction. */
export function* planBlock(program: Program, block: Block): Generator<void, BlockPlanning, void> {
  const lanes = blockLanes(block);
  const influences: PlannedInfluence[] = [];
  for (const [index, coupling] of block.couplings.entries()) {
    for (const side of ['to', 'from'] as const) {
      const receiver = lanes.findIndex(({ id }) => id === coupling[side]);
      const giver = lanes.findIndex(({ id }) => id === coupling[side === 'to' ? 'from' : 'to']);
      if (lanes[receiver]?.free !== true) continue;
      const source = halfSumSource(program, block, coupling, side, lanes);
      const plan = yield* planHalfSums(source);
      influences.push({ coupling: index, side, giver, receiver, source, plan });
    }
  }
  const fractionBits = block.fixed?.fractionBits ?? 0;
  let bytes = rounded(thresholdTableBytes(fractionBits));
  for (const { plan } of influences) bytes += rounded(plan.tableBytes) + plan.geometryBytes + 1024;
  for (const { bank, chosen } of colorParts(program, block, lanes)) {
    if (chosen !== null) bytes += rounded((lanes[bank] as BankLanes).slots);
    yield;
  }
  return { lanes, influences, bytes };
}

export interface LoadedRows {
  readonly block: RowsBlock;
  readonly region: Region;
  /** Address of the threshold table. */
  readonly table: number;
  /** Beyond ± this a field's threshold is 0 or 65536. */
  readonly fieldLimit: number;
}

/** Frees what it took when it is abandoned half-way. */
export function* loadRows(
  program: Program,
  block: Block,
  { lanes, influences, bytes }: BlockPlanning,
  memory: DeviceMemory,
): Generator<void, LoadedRows, void> {
  const region = memory.allocateZeroed(bytes, `block ${block.id}`);
  let complete = false;
  try {
    const writer = regionWriter(memory, region);
    const fractionBits = block.fixed?.fractionBits ?? 0;
    const table = writer.reserve(thresholdTableBytes(fractionBits));
    writeThresholdTable(new Int16Array(memory.memory.buffer), table, fractionBits);
    const maps: { readonly receiver: number; readonly influence: RowsInfluence }[] = [];
    for (const { coupling, side, giver, receiver, source, plan } of influences) {
      const map = yield* buildHalfSumMap(source, plan, writer);
      maps.push({ receiver, influence: { coupling, side, giver, map } });
    }
    const banks = lanes.map((own, index): RowsBank => {
      const reaching = maps.filter(({ receiver }) => receiver === index).map(({ influence }) => influence);
      return {
        lanes: own,
        fromFree: reaching.filter(({ giver }) => lanes[giver]?.free === true),
        fromPinned: reaching.filter(({ giver }) => lanes[giver]?.free === false),
      };
    });
    const parts: { readonly color: number; readonly part: RowsPart }[] = [];
    for (const { color, bank, whole, chosen } of colorParts(program, block, lanes)) {
      const address = chosen === null ? 0 : writer.reserve(chosen.length);
      if (chosen !== null) writer.u8.set(chosen, address);
      parts.push({ color, part: { bank, whole, chosen: address } });
      yield;
    }
    const colors = block.schedule.colors.map((color): RowsPart[] =>
      parts.filter((entry) => entry.color === color).map(({ part }) => part),
    );
    complete = true;
    return { block: { banks, colors }, region, table, fieldLimit: fieldLimitOf(fractionBits) };
  } finally {
    if (!complete) region.free();
  }
}

interface ColoredPart {
  readonly color: number;
  readonly bank: number;
  readonly whole: boolean;
  /** A byte per slot; null: every slot. */
  readonly chosen: Uint8Array | null;
}

function* colorParts(program: Program, block: Block, lanes: readonly BankLanes[]): Generator<ColoredPart> {
  for (const [bank, description] of block.banks.entries()) {
    if (description.role === 'pinned') continue;
    const own = lanes[bank] as BankLanes;
    const { color, colorMap } = description;
    if (color !== undefined) {
      // Slots without spins stay out: a temperature of 0 would flip them.
      const chosen = own.slots === own.spinCount ? null : chosenSlots(own, () => true);
      yield { color, bank, whole: true, chosen };
      continue;
    }
    const map = program.tensors.get(colorMap?.tensor ?? '')?.data as Uint16Array;
    for (const listed of block.schedule.colors) {
      if (map.includes(listed)) {
        yield { color: listed, bank, whole: false, chosen: chosenSlots(own, (spin) => map[spin] === listed) };
      }
    }
  }
}

function chosenSlots(lanes: BankLanes, isChosen: (spin: number) => boolean): Uint8Array {
  const chosen = new Uint8Array(lanes.slots);
  for (let slot = 0; slot < lanes.slots; slot++) {
    const spin = spinOfSlot(lanes, slot);
    if (spin >= 0 && isChosen(spin)) chosen[slot] = 0xff;
  }
  return chosen;
}

/** Hands out addresses of a region from its beginning. */
export function regionWriter(memory: DeviceMemory, { address, bytes }: Region): Writer {
  let next = address;
  const { buffer } = memory.memory;
  return {
    reserve(size) {
      const at = next;
      next += rounded(size);
      if (next > address + bytes) throw new RangeError(`a region of ${bytes} bytes was planned too small`);
      return at;
    },
    i32: new Int32Array(buffer),
    u8: new Uint8Array(buffer),
  };
}

const rounded = (bytes: number): number => Math.ceil(bytes / 64) * 64;
