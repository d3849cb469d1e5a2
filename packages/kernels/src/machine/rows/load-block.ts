/** A block turned into tables, geometry, lists and color maps in device memory. */
import type { Block } from '@isinglass/sdk';
import type { BankLanes } from '../bank-lanes.ts';
import type { DeviceMemory, Region } from '../memory/device-memory.ts';
import { chosenBytes } from './color-parts.ts';
import { buildHalfSumMap, type Writer } from './half-sum-map.ts';
import type { BlockPlanning } from './plan-block.ts';
import type { RowsBank, RowsBlock, RowsInfluence, RowsPart } from './rows-block.ts';
import { buildSparseMap } from './sparse/sparse-map.ts';
import { thresholdTableBytes, writeInverseTable, writeThresholdTable } from './update-constants.ts';

export interface LoadedRows {
  readonly block: RowsBlock;
  readonly region: Region;
  /** Address of the threshold table. */
  readonly table: number;
  /** Address of the inverse table; 0 where no bank can take the 16-bit form. */
  readonly inverse: number;
}

/** In slices. Frees what it took when it is abandoned half-way. */
export function* loadRows(
  block: Block,
  planning: BlockPlanning,
  memory: DeviceMemory,
): Generator<void, LoadedRows, void> {
  const region = memory.allocateZeroed(planning.bytes, `block ${block.id}`);
  let complete = false;
  try {
    const writer = regionWriter(memory, region);
    const fractionBits = block.fixed?.fractionBits ?? 0;
    const table = writer.reserve(thresholdTableBytes(fractionBits));
    const i16 = new Int16Array(memory.memory.buffer);
    writeThresholdTable(i16, table, fractionBits);
    const inverse = planning.inverseBytes === 0 ? 0 : writer.reserve(planning.inverseBytes);
    if (inverse !== 0) writeInverseTable(i16, inverse, fractionBits);
    const banks = yield* loadBanks(planning, writer);
    const colors: RowsPart[][] = block.schedule.colors.map(() => []);
    for (const part of planning.parts) {
      const chosen = chosenBytes(planning.lanes[part.bank] as BankLanes, part);
      const address = chosen === null ? 0 : writer.reserve(chosen.length);
      if (chosen !== null) writer.u8.set(chosen, address);
      const { bank, whole, index } = part;
      colors[block.schedule.colors.indexOf(part.color)]?.push({ bank, whole, index, chosen: address });
      yield;
    }
    complete = true;
    return { block: { banks, colors }, region, table, inverse };
  } finally {
    if (!complete) region.free();
  }
}

function* loadBanks({ lanes, influences }: BlockPlanning, writer: Writer): Generator<void, RowsBank[], void> {
  const loaded: { readonly receiver: number; readonly influence: RowsInfluence }[] = [];
  for (const planned of influences) {
    const { coupling, side, giver, receiver } = planned;
    const ends = { coupling, side, giver };
    if (planned.kind === 'sparse') {
      const map = yield* buildSparseMap(planned.source, planned.plan, writer);
      loaded.push({ receiver, influence: { ...ends, kind: 'sparse', map } });
    } else {
      const map = yield* buildHalfSumMap(planned.source, planned.plan, writer);
      loaded.push({ receiver, influence: { ...ends, kind: 'half-sums', map } });
    }
  }
  return lanes.map((own, index): RowsBank => {
    const reaching = loaded.filter(({ receiver }) => receiver === index).map(({ influence }) => influence);
    return {
      lanes: own,
      fromFree: reaching.filter(({ giver }) => lanes[giver]?.free === true),
      fromPinned: reaching.filter(({ giver }) => lanes[giver]?.free === false),
    };
  });
}

/** Hands out addresses of a region from its beginning. */
export function regionWriter(memory: DeviceMemory, { address, bytes }: Region): Writer {
  let next = address;
  const { buffer } = memory.memory;
  return {
    reserve(size) {
      const at = next;
      next += Math.ceil(size / 64) * 64;
      if (next > address + bytes) throw new RangeError(`a region of ${bytes} bytes was planned too small`);
      return at;
    },
    i32: new Int32Array(buffer),
    u8: new Uint8Array(buffer),
  };
}
