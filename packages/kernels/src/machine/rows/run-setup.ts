/**
 * A run laid out in device memory: constants of its gains, packed inputs and states, tiles, scratch. Decides for every bank which way its
 * updates take, from what can be proved about the numbers.
 */

import {
  type Block,
  blockAndChain,
  type DriverRun,
  type Multiplier,
  type PackedSpins,
  philoxKey,
} from '@isinglass/sdk';
import { type FixedConstants, retainedCount } from '@isinglass/sdk/machine-driver';
import { gibbsConstants } from '../../gibbs-update/gibbs-update.exports.ts';
import { counterBytes, keyBytes } from '../../random-words/random-words.exports.ts';
import { laneOrder32, rowsPerTile } from '../../row-lanes.ts';
import { type BankLanes, spinOfSlot } from '../bank-lanes.ts';
import { controlBytes } from '../job-control.ts';
import type { DeviceMemory, Region } from '../memory/device-memory.ts';
import { type BankMode, bankMode } from './bank-mode.ts';
import type { MapSegment } from './half-sum-map.ts';
import { type LoadedRows, regionWriter } from './load-block.ts';
import type { BlockPlanning } from './plan-block.ts';
import type { PackedRows, RowsRun, RunBank, RunCoupling } from './rows-block.ts';
import { packedBytes, retainedPerFlush } from './rows-executor.ts';
import { scratchLayout } from './scratch.ts';
import type { SparsePlan } from './sparse/sparse-plan.ts';
import { writeTerms } from './sparse/sparse-terms.ts';
import { allNeeds, type TileNeeds, tileLayout } from './tile-layout.ts';
import { excludeRows, writeUpdateConstants } from './update-constants.ts';

/** A field that every temperature and table turns into −1; small enough to stay one when nothing is added. */
const neverUp = -(2 ** 26);

export interface RunMemory {
  readonly run: RowsRun;
  readonly region: Region;
}

export interface SetupOptions {
  readonly block: Block;
  readonly loaded: LoadedRows;
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

export function setUpRun(memory: DeviceMemory, o: SetupOptions): RunMemory {
  const { block, loaded, constants, request } = o;
  const { banks } = loaded.block;
  const { first: firstRow, count: rows } = o.rows;
  const tiles = Math.ceil(rows / rowsPerTile);
  const retained = retainedCount(request);
  const start = request.start.kind === 'resume' ? 'given' : request.start.kind;
  const i32 = new Int32Array(memory.memory.buffer);
  const modes = banks.map(
    (bank, n): BankMode => (bank.lanes.free ? bankMode(bank, n, { ...o, i32 }) : { mode: 'fields' }),
  );
  const needs = banks.map((bank, n): TileNeeds => {
    const wants = (observable: string): boolean =>
      request.readouts.some((readout) => readout.bank === bank.lanes.id && readout.observable === observable);
    const fieldBytes = bank.fromPinned.length === 0 ? 0 : modes[n]?.mode === 'fields' ? 4 : 2;
    const counts = wants('spin-sum');
    return {
      fieldBytes,
      counts,
      spinSums: counts && retained > retainedPerFlush,
      conditional: wants('conditional-sum'),
      draws: modes[n]?.mode === 'sparse',
    };
  });
  const layout = tileLayout(banks.map(({ lanes }, n) => ({ lanes, needs: needs[n] as TileNeeds })));
  const scratchBytes = roundedTo(scratchLayout(loaded.block, { feedForward: start === 'feed-forward' }).bytes, 128);
  const stateBytes = (lanes: BankLanes): number =>
    lanes.free && request.readouts.some((readout) => readout.bank === lanes.id && readout.observable === 'state')
      ? rows * retained * packedBytes(lanes.spinCount)
      : 0;
  const images = request.images.length;
  const sourceBytes = (lanes: BankLanes): number =>
    (lanes.free ? (o.states === null ? 0 : rows) : images) * packedBytes(lanes.spinCount);
  let bytes = 1024 + controlBytes + keyBytes + tiles * counterBytes;
  for (const [n, bank] of banks.entries()) {
    bytes += 64 * 8 + 2 * gibbsConstants.bytes + 6 * bank.lanes.slots;
    bytes += sourceBytes(bank.lanes) + stateBytes(bank.lanes);
    const mode = modes[n];
    if (mode?.mode === 'sums') bytes += 64 + 4 * (mode.influence.map.segments[0]?.baseCount ?? 0);
    if (mode?.mode === 'sparse') bytes += mode.terms.bytes;
  }
  bytes += o.workers * scratchBytes + tiles * layout.bytes + 256;
  const region = memory.allocateZeroed(bytes, `a run of ${rows} rows of block ${block.id}`);
  const writer = regionWriter(memory, region);
  const { buffer } = memory.memory;
  const control = writer.reserve(controlBytes);
  const keys = writer.reserve(keyBytes);
  const counters = writer.reserve(tiles * counterBytes);
  writeCounters(new Uint32Array(buffer, counters, (tiles * counterBytes) / 4), block.index, request, o.rows);
  const lastRows = rows - (tiles - 1) * rowsPerTile;
  const couplings = block.couplings.map(
    ({ id }): { M: number; sh: number; constants: { to: number; from: number } } => {
      const { M, sh } = constants.multipliers.get(id) as { M: number; sh: number };
      return { M, sh, constants: { to: 0, from: 0 } };
    },
  );
  const runBanks = banks.map((bank, n): RunBank | null => {
    const place = layout.banks[n];
    if (place === null || place === undefined) return null;
    const mode = modes[n] as BankMode;
    const { M, sh } = mode.mode === 'sums' ? (couplings[mode.influence.coupling] as Multiplier) : { M: 32768, sh: 1 };
    const at = writer.reserve(2 * gibbsConstants.bytes);
    const wide = mode.mode === 'sums' && mode.wide;
    const { table, inverse } = loaded;
    const update = { fractionBits: constants.fractionBits, table, inverse, M, sh, wide };
    writeUpdateConstants(buffer, at, update);
    writeUpdateConstants(buffer, at + gibbsConstants.bytes, update);
    excludeRows(buffer, at + gibbsConstants.bytes, lastRows);
    if (mode.mode === 'sums') {
      const { coupling, side, map } = mode.influence;
      const ofClasses = writeClassConstants(map.segments[0] as MapSegment, { M, sh, wide }, writer);
      (couplings[coupling] as (typeof couplings)[number]).constants[side] = ofClasses;
    }
    const biases = writer.reserve(4 * bank.lanes.slots);
    const biases16 = mode.mode === 'sums' ? writer.reserve(2 * bank.lanes.slots) : 0;
    writeBiases(buffer, { biases, biases16 }, bank.lanes, constants.biases.get(bank.lanes.id) as Int32Array);
    const wanted = stateBytes(bank.lanes);
    return {
      ...place,
      mode: mode.mode,
      terms: mode.mode === 'sparse' ? writeTerms(mode.terms, writer) : null,
      constants: at,
      biases,
      biases16,
      states: wanted > 0 ? writer.reserve(wanted) : 0,
    };
  });
  const sources = banks.map(({ lanes }): PackedRows => {
    const rowBytes = packedBytes(lanes.spinCount);
    const per = lanes.free ? 'row' : 'image';
    const size = sourceBytes(lanes);
    if (size === 0) return { address: 0, rowBytes, per };
    const address = writer.reserve(size);
    const words = new Uint32Array(buffer, address, size / 4);
    const from = (lanes.free ? o.states?.of : request.inputs)?.[lanes.id] as PackedSpins;
    const rowOf = (row: number): number => (lanes.free ? (o.states?.rowOf(firstRow + row) ?? 0) : row);
    copyRows(words, from.words, { rows: size / rowBytes, stride: rowBytes / 4, rowOf });
    return { address, rowBytes, per };
  });
  const scratch = writer.reserve(o.workers * scratchBytes);
  const tileBase = roundedTo(writer.reserve(tiles * layout.bytes + 128), 128);
  const run: RowsRun = {
    control,
    keys,
    seed: philoxKey(request.seed),
    counters,
    firstRow,
    rows,
    tiles,
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
    couplings: couplings satisfies RunCoupling[],
    sources,
    start,
  };
  return { run, region };
}

/**
 * Bytes that every run of a block takes, and that each row adds, whatever the request but for stored states.
 */
export function runFootprint(
  { lanes: banks, influences }: BlockPlanning,
  o: { readonly workers: number },
): { readonly runBytes: number; readonly bytesPerRow: number } {
  const scratch = scratchLayout({ banks: banks.map((lanes) => ({ lanes })) }, { feedForward: true }).bytes + 128;
  const reaching = (bank: number) => influences.filter(({ receiver }) => receiver === bank);
  const layout = tileLayout(
    banks.map((lanes, n) => {
      const pinned = reaching(n).some(({ giver }) => banks[giver]?.free === false);
      const draws = reaching(n).some(({ kind }) => kind === 'sparse');
      return { lanes, needs: { ...allNeeds, fieldBytes: pinned ? 4 : 0, draws } };
    }),
  );
  let runBytes = 4096 + o.workers * scratch;
  for (const { kind, plan } of influences) runBytes += kind === 'sparse' ? termBytesMax(plan) : plan.geometryBytes;
  let packed = 0;
  for (const lanes of banks) {
    runBytes += 64 * 8 + 2 * gibbsConstants.bytes + 6 * lanes.slots;
    // Given states, or inputs; and the packed states of one trace or of the end.
    packed += 2 * packedBytes(lanes.spinCount);
  }
  return { runBytes, bytesPerRow: Math.ceil((layout.bytes + counterBytes) / rowsPerTile) + packed };
}

/** Terms of a sparse coupling (planTerms): tables up to their limit, and as many bytes again as the records. */
const termBytesMax = (plan: SparsePlan): number => 2 ** 22 + 3 * plan.bytes;

/** C = ⌊(half − base·M) / 2⌋ for every class and channel, 32768·M more where V is multiplied as V − 32768; modulo 2³². */
function writeClassConstants(
  { bases, baseCount }: MapSegment,
  { M, sh, wide }: { readonly M: number; readonly sh: number; readonly wide: boolean },
  writer: ReturnType<typeof regionWriter>,
): number {
  const at = writer.reserve(4 * baseCount);
  const half = 2 ** (sh - 1);
  for (let n = 0; n < baseCount; n++) {
    const base = writer.i32[bases / 4 + n] as number;
    writer.i32[at / 4 + n] = Math.floor((half - base * M) / 2) + (wide ? 32768 * M : 0);
  }
  return at;
}

function writeBiases(
  buffer: SharedArrayBuffer,
  at: { readonly biases: number; readonly biases16: number },
  lanes: BankLanes,
  B: Int32Array,
): void {
  const wide = new Int32Array(buffer, at.biases, lanes.slots);
  const short = at.biases16 === 0 ? null : new Int16Array(buffer, at.biases16, lanes.slots);
  for (let slot = 0; slot < lanes.slots; slot++) {
    const spin = spinOfSlot(lanes, slot);
    const value = spin < 0 ? neverUp : (B[spin] as number);
    wide[slot] = value;
    if (short !== null) short[slot] = Math.max(-32768, value);
  }
}

/** c2 and c3 of every row (semantics 5.1), in the order of 32-bit lanes; absent rows repeat the last one. */
function writeCounters(words: Uint32Array, blockIndex: number, request: DriverRun, rows: SetupOptions['rows']): void {
  const { images, chains, chainOffset } = request;
  for (let at = 0; at < words.length; at += 2 * rowsPerTile) {
    for (let place = 0; place < rowsPerTile; place++) {
      const row = rows.first + Math.min(rows.count - 1, at / 2 + (laneOrder32[place] as number));
      words[at + place] = images[Math.floor(row / chains)] as number;
      words[at + rowsPerTile + place] = blockAndChain(blockIndex, chainOffset + (row % chains));
    }
  }
}

function copyRows(
  to: Uint32Array,
  from: Uint32Array,
  o: { readonly rows: number; readonly stride: number; readonly rowOf: (row: number) => number },
): void {
  for (let row = 0; row < o.rows; row++) {
    const source = o.rowOf(row);
    to.set(from.subarray(source * o.stride, (source + 1) * o.stride), row * o.stride);
  }
}

const roundedTo = (bytes: number, multiple: number): number => Math.ceil(bytes / multiple) * multiple;
