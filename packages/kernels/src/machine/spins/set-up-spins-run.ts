/**
 * A run of single rows laid out in device memory: constants of its gains, packed inputs and states, rows, scratch. Decides for every bank which
 * way its updates take, from what can be proved about the numbers.
 */

import { type Block, blockAndChain, type DriverRun, type PackedSpins, philoxKey, scaled } from '@isinglass/sdk';
import { type FixedConstants, retainedCount } from '@isinglass/sdk/machine-driver';
import { keyBytes } from '../../random-words/random-words.exports.ts';
import { rowConstants } from '../../row-update/row-update.exports.ts';
import { controlBytes } from '../job-control.ts';
import type { DeviceMemory, Region } from '../memory/device-memory.ts';
import type { Writer } from '../rows/half-sum-map.ts';
import { regionWriter } from '../rows/load-block.ts';
import type { PackedRows } from '../rows/rows-block.ts';
import { packedBytes, retainedPerFlush } from '../rows/rows-executor.ts';
import { allNeeds, type TileNeeds } from '../rows/tile-layout.ts';
import { fitsShortTable } from '../rows/update-constants.ts';
import type { LoadedSpins, SpinsPlanning } from './load-spins.ts';
import { rowLayout } from './row-layout.ts';
import { placeOf, type SpinLanes, slotsOfSpins } from './spin-lanes.ts';
import type { SpinMapSegment } from './spin-sum-map.ts';
import type { SpinsBank, SpinsRun, SpinsRunBank, SpinsRunCoupling } from './spins-block.ts';
import { writeSpinsConstants } from './spins-constants.ts';
import { spinsScratch } from './spins-scratch.ts';

export interface SpinsRunMemory {
  readonly run: SpinsRun;
  readonly region: Region;
}

export interface SpinsSetup {
  readonly block: Block;
  readonly loaded: LoadedSpins;
  readonly constants: FixedConstants;
  readonly request: DriverRun;
  /** The states of a `given` start, or of a resumed one: row r of the run is row rowOf(r). */
  readonly states: {
    readonly of: Readonly<Record<string, PackedSpins>>;
    readonly rowOf: (row: number) => number;
  } | null;
  /** Rows of the request that this run is for. */
  readonly rows: { readonly first: number; readonly count: number };
  readonly workers: number;
}

type Mode = SpinsRunBank['mode'];
interface Multiplier {
  readonly M: number;
  readonly sh: number;
}

export function setUpSpinsRun(memory: DeviceMemory, o: SpinsSetup): SpinsRunMemory {
  const { block, loaded, constants, request } = o;
  const { banks } = loaded.block;
  const { first: firstRow, count: rows } = o.rows;
  const retained = retainedCount(request);
  const start = request.start.kind === 'resume' ? 'given' : request.start.kind;
  const modes = banks.map((bank, n): Mode => (bank.lanes.free ? modeOf(bank, n, o) : 'fields'));
  const layout = rowLayout(
    banks.map((bank, n) => ({ spins: bank.spins, needs: needsOf(bank, modes[n] as Mode, request, retained) })),
  );
  const scratchBytes = spinsScratch(
    banks.map(({ spins }) => spins),
    { feedForward: start === 'feed-forward' },
  ).bytes;
  const stateBytes = ({ lanes }: SpinsBank): number =>
    lanes.free && request.readouts.some((readout) => readout.bank === lanes.id && readout.observable === 'state')
      ? rows * retained * packedBytes(lanes.spinCount)
      : 0;
  const sourceBytes = ({ lanes }: SpinsBank): number =>
    (lanes.free ? (o.states === null ? 0 : rows) : request.images.length) * packedBytes(lanes.spinCount);
  let bytes = 1024 + controlBytes + keyBytes + 8 * rows;
  for (const [n, bank] of banks.entries()) {
    bytes += bankBytes(bank.spins) + sourceBytes(bank) + stateBytes(bank);
    if (modes[n] === 'sums') bytes += 64 + 4 * (bank.fromFree[0]?.map.segments[0]?.baseCount ?? 0);
  }
  bytes += o.workers * scratchBytes + rows * layout.bytes + 256;
  const region = memory.allocateZeroed(bytes, `a run of ${rows} rows of block ${block.id}`);
  const writer = regionWriter(memory, region);
  const { buffer } = memory.memory;
  const control = writer.reserve(controlBytes);
  const keys = writer.reserve(keyBytes);
  const counters = writer.reserve(8 * rows);
  writeCounters(new Uint32Array(buffer, counters, 2 * rows), block.index, request, firstRow);
  const couplings = block.couplings.map(({ id }) => {
    const { M, sh } = constants.multipliers.get(id) as Multiplier;
    return { M, sh, constants: { to: 0, from: 0 } };
  });
  const runBanks = banks.map((bank, n): SpinsRunBank | null => {
    const place = layout.banks[n];
    if (place === null || place === undefined) return null;
    const mode = modes[n] as Mode;
    const only = bank.fromFree[0];
    const own = only === undefined ? undefined : couplings[only.coupling];
    const at = writer.reserve(rowConstants.bytes);
    const { M, sh } = mode === 'sums' && own !== undefined ? own : { M: 32768, sh: 1 };
    const { table, inverse, fieldLimit: limit } = loaded;
    writeSpinsConstants(buffer, at, { table, inverse, limit, M, sh });
    if (mode === 'sums' && own !== undefined && only !== undefined) {
      own.constants[only.side] = writeClassConstants(only.map.segments[0] as SpinMapSegment, { M, sh }, writer);
    }
    const biases = writer.reserve(4 * bank.spins.slots);
    const biases16 = mode === 'sums' ? writer.reserve(2 * bank.spins.slots) : 0;
    writeBiases(buffer, { biases, biases16 }, bank.spins, constants.biases.get(bank.lanes.id) as Int32Array);
    const wanted = stateBytes(bank);
    return { ...place, mode, constants: at, biases, biases16, states: wanted > 0 ? writer.reserve(wanted) : 0 };
  });
  const sources = banks.map((bank): PackedRows => {
    const { lanes } = bank;
    const rowBytes = packedBytes(lanes.spinCount);
    const per = lanes.free ? 'row' : 'image';
    const size = sourceBytes(bank);
    if (size === 0) return { address: 0, rowBytes, per };
    const address = writer.reserve(size);
    const from = (lanes.free ? o.states?.of : request.inputs)?.[lanes.id] as PackedSpins;
    const rowOf = (row: number): number => (lanes.free ? (o.states?.rowOf(firstRow + row) ?? 0) : row);
    copyRows(new Uint32Array(buffer, address, size / 4), from.words, { stride: rowBytes / 4, rowOf });
    return { address, rowBytes, per };
  });
  const scratch = rounded(writer.reserve(o.workers * scratchBytes), 64);
  const tileBase = rounded(writer.reserve(rows * layout.bytes + 128), 128);
  const run: SpinsRun = {
    control,
    keys,
    seed: philoxKey(request.seed),
    counters,
    firstRow,
    rows,
    tiles: rows,
    tileBase,
    tileBytes: layout.bytes,
    scratch,
    scratchBytes,
    chains: request.chains,
    sweepOffset: request.sweepOffset,
    burnIn: request.burnIn,
    stride: request.stride,
    retained,
    temperatures: request.temperatures,
    banks: runBanks,
    couplings: couplings satisfies SpinsRunCoupling[],
    sources,
    start,
    table: loaded.table,
    limit: loaded.fieldLimit,
  };
  return { run, region };
}

/** Bytes that every run of single rows takes, and that each row adds, whatever the request but for stored states. */
export function spinsRunFootprint(
  { spins, influences }: SpinsPlanning,
  { workers }: { readonly workers: number },
): { readonly runBytes: number; readonly bytesPerRow: number } {
  const pinned = (bank: number): boolean =>
    influences.some(({ receiver, giver }) => receiver === bank && spins[giver]?.lanes.free === false);
  const layout = rowLayout(
    spins.map((bank, n) => ({ spins: bank, needs: { ...allNeeds, fieldBytes: pinned(n) ? 4 : 0 } })),
  );
  let runBytes = 4096 + workers * spinsScratch(spins, { feedForward: true }).bytes;
  let packed = 0;
  for (const bank of spins) {
    runBytes += bankBytes(bank);
    // Given states, or inputs; and the packed states of one trace or of the end.
    packed += 2 * packedBytes(bank.lanes.spinCount);
  }
  // Constants of the classes take no more than their bases.
  for (const { baseBytes } of influences) runBytes += 64 + baseBytes;
  return { runBytes, bytesPerRow: layout.bytes + 8 + packed };
}

/** Constants and biases of a bank. */
const bankBytes = ({ slots }: SpinLanes): number => 64 * 8 + rowConstants.bytes + 6 * slots;

function needsOf({ lanes, fromPinned }: SpinsBank, mode: Mode, { readouts }: DriverRun, retained: number): TileNeeds {
  const wants = (observable: string): boolean =>
    readouts.some((readout) => readout.bank === lanes.id && readout.observable === observable);
  const counts = wants('spin-sum');
  return {
    fieldBytes: fromPinned.length === 0 ? 0 : mode === 'sums' ? 2 : 4,
    counts,
    spinSums: counts && retained > retainedPerFlush,
    conditional: wants('conditional-sum'),
  };
}

/**
 * Whether 16 bits and one coupling are all that a bank's updates need (see row-update.as.ts). scaled(A) saturates at 16 bits, and so does the
 * sum with H: as long as |H| + limit stays below, a saturated sum is beyond the limit on the same side as the true one.
 */
function modeOf({ spins, fromFree, fromPinned }: SpinsBank, index: number, o: SpinsSetup): Mode {
  const [only] = fromFree;
  const { loaded, constants, request, block } = o;
  const chosen = loaded.block.colors.flat().some((part) => part.bank === index && part.chosen !== 0);
  const warm = request.temperatures?.some((b) => b !== 65536) ?? false;
  if (fromFree.length !== 1 || only === undefined || chosen || warm) return 'fields';
  const { map } = only;
  const multiplierOf = (coupling: number) =>
    constants.multipliers.get(block.couplings[coupling]?.id as string) as Multiplier;
  const { M, sh } = multiplierOf(only.coupling);
  if (map.segments.length !== 1 || sh < 1 || sh > 31 || M > 65534) return 'fields';
  if ((map.sumMax * M) / 2 + 2 ** (sh - 2) >= 2 ** 31) return 'fields';
  if (!fitsShortTable(constants.fractionBits)) return 'fields';
  const biases = constants.biases.get(spins.lanes.id) as Int32Array;
  let field = biases.reduce((most, B) => Math.max(most, Math.abs(B)), 0);
  for (const influence of fromPinned) field += scaled(influence.map.sumMax, multiplierOf(influence.coupling));
  const short = field <= 32767 && scaled(map.sumMax, { M, sh }) <= 32767;
  return short || field + loaded.fieldLimit <= 32767 ? 'sums' : 'fields';
}

/** C + 32768·M, C = ⌊(half − base·M) / 2⌋, for every class and lane. */
function writeClassConstants({ bases, baseCount }: SpinMapSegment, { M, sh }: Multiplier, writer: Writer): number {
  const at = writer.reserve(4 * baseCount);
  const half = 2 ** (sh - 1);
  for (let n = 0; n < baseCount; n++) {
    const base = writer.i32[bases / 4 + n] as number;
    writer.i32[at / 4 + n] = Math.floor((half - base * M) / 2) + 32768 * M;
  }
  return at;
}

function writeBiases(
  buffer: SharedArrayBuffer,
  at: { readonly biases: number; readonly biases16: number },
  spins: SpinLanes,
  B: Int32Array,
): void {
  const wide = new Int32Array(buffer, at.biases, spins.slots);
  const short = at.biases16 === 0 ? null : new Int16Array(buffer, at.biases16, spins.slots);
  for (const [spin, slot] of slotsOfSpins(spins).entries()) {
    const place = slot - (slot & 15) + placeOf(slot & 15);
    wide[place] = B[spin] as number;
    if (short !== null) short[place] = B[spin] as number;
  }
}

/** c2 and c3 of every row (semantics 5.1). */
function writeCounters(words: Uint32Array, blockIndex: number, request: DriverRun, firstRow: number): void {
  const { images, chains, chainOffset } = request;
  for (let at = 0; 2 * at < words.length; at++) {
    const row = firstRow + at;
    words[2 * at] = images[Math.floor(row / chains)] as number;
    words[2 * at + 1] = blockAndChain(blockIndex, chainOffset + (row % chains));
  }
}

function copyRows(
  to: Uint32Array,
  from: Uint32Array,
  o: { readonly stride: number; readonly rowOf: (row: number) => number },
): void {
  for (let row = 0; row * o.stride < to.length; row++) {
    const source = o.rowOf(row);
    to.set(from.subarray(source * o.stride, (source + 1) * o.stride), row * o.stride);
  }
}

const rounded = (bytes: number, multiple: number): number => Math.ceil(bytes / multiple) * multiple;
