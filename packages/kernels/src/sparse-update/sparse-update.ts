/**
 * What `sparse-update.as.ts` computes, one row at a time: the scalar witness. Memory, addresses and blocks as there; see
 * `sparse-update.exports.ts`.
 *
 *     V = Σ |w_j| [s_j = sign w_j]        T from V        s = +1 iff r < T        sum += T − 32768
 */
import { placeOfLane, rowsPerTile } from '../row-lanes.ts';
import { sparseConstants, sparseGroup, tabledTermBytes, tableEntries } from './sparse-update.exports.ts';

export interface SparseCall {
  readonly tiles: number;
  /** Lanes of a tile that are worked on; default: all 16. */
  readonly lanes?: number;
  readonly constants: number;
  readonly records: number;
  readonly spins: number;
  readonly terms: number;
  readonly group: number;
}

/** A record read once: where the spin lies, its neighbours' mask offsets and signed weights. */
interface SpinRecord {
  readonly slot: number;
  readonly draws: number;
  readonly neighbours: readonly (readonly [masks: number, weight: number])[];
  /** Address of the next record. */
  readonly next: number;
}

/** T of one spin in one row; `field` is the address of its 16-bit field, 0 where there are none. */
type Threshold = (agreeing: { readonly n: number; readonly V: number }, field: number) => number;

export function updateEqual(memory: DataView, call: SparseCall): number {
  return updateSpins(memory, call, readEqual, (k) => {
    const table = u32(memory, call.group + sparseGroup.tables) + u32(memory, call.terms + 4 * k);
    return ({ n }) => {
      if (n > memory.getInt8(table + 32)) return 65536;
      return (memory.getUint8(table + n) | (memory.getInt8(table + 16 + n) << 8)) + 32768;
    };
  });
}

export function updateTabled(memory: DataView, call: SparseCall): number {
  return updateSpins(memory, call, readWeighted, (k) => {
    const term = call.terms + tabledTermBytes * k;
    const table = u32(memory, call.group + sparseGroup.tables) + u32(memory, term);
    return ({ V }) => {
      const entry = i16(memory, term + 4) + V;
      return entry > i16(memory, table) ? 65536 : i16(memory, table + tableEntries + 2 * entry) + 32768;
    };
  });
}

export function updateWeighted(memory: DataView, call: SparseCall): number {
  const { constants } = call;
  const at = constants + sparseConstants.multiplier;
  const M = i16(memory, at) + i16(memory, at + 2);
  const shift = u32(memory, constants + sparseConstants.shift);
  return updateSpins(memory, call, readWeighted, (k) => {
    const c = memory.getInt32(call.terms + 4 * k, true);
    return ({ V }, field) => {
      const own = saturated((V * M + c) >> shift);
      const u = field === 0 ? own : saturated(own + i16(memory, field));
      const x = Math.max(
        saturated(u + i16(memory, constants + sparseConstants.cap)),
        i16(memory, constants + sparseConstants.floor),
      );
      if (x > i16(memory, constants + sparseConstants.always)) return 65536;
      return i16(memory, (u32(memory, constants + sparseConstants.table) + 2 * x) >>> 0) + 32768;
    };
  });
}

/** list, bits: see the exports. */
export function packNibbles(
  memory: DataView,
  o: { readonly list: number; readonly units: number; readonly masks: number; readonly nibbles: number },
): void {
  for (let unit = 0; unit < o.units; unit++) {
    const from = o.masks + u32(memory, o.list + 8 * unit);
    const to = o.nibbles + u32(memory, o.list + 8 * unit + 4);
    for (let lane = 0; lane < rowsPerTile; lane++) {
      let nibble = 0;
      for (let c = 0; c < 4; c++) nibble |= memory.getUint8(from + 16 * c + lane) & (1 << c);
      memory.setUint8(to + lane, nibble);
    }
  }
}

function updateSpins(
  memory: DataView,
  call: SparseCall,
  read: (memory: DataView, at: number) => SpinRecord,
  thresholdOf: (record: number) => Threshold,
): number {
  const of = (name: keyof typeof sparseGroup): number => u32(memory, call.group + sparseGroup[name]);
  const lanes = call.lanes ?? rowsPerTile;
  let flips = 0;
  let at = call.records;
  for (let k = 0; k < call.spins; k++) {
    const { slot, draws, neighbours, next } = read(memory, at);
    const threshold = thresholdOf(k);
    at = next;
    for (let row = 0; row < call.tiles * lanes; row++) {
      const tile = Math.floor(row / lanes);
      const lane = row % lanes;
      const place = placeOfLane[lane] as number;
      const giver = of('giver') + tile * of('giverTile') + lane;
      const agrees = neighbours.filter(([masks, w]) => w > 0 === (memory.getUint8(giver + masks) === 0xff));
      const V = agrees.reduce((sum, [, w]) => sum + Math.abs(w), 0);
      const field = of('fields') === 0 ? 0 : of('fields') + tile * of('fieldTile') + 2 * slot + 2 * place;
      const T = threshold({ n: agrees.length, V }, field);
      const up = i16(memory, of('draws') + tile * of('drawTile') + draws + 2 * place) + 32768 < T;
      const own = of('masks') + tile * of('maskTile') + slot + lane;
      const isRow = (memory.getUint16(call.group + sparseGroup.rows + 2 * tile, true) >> lane) & 1;
      if (isRow === 1 && (memory.getUint8(own) === 0xff) !== up) flips++;
      memory.setUint8(own, up ? 0xff : 0);
      if (of('counts') !== 0) {
        const count = of('counts') + tile * of('countTile') + slot + lane;
        memory.setUint8(count, memory.getUint8(count) + (up ? 1 : 0));
      }
      if (of('sums') !== 0) {
        const sum = of('sums') + tile * of('sumTile') + 4 * slot + 4 * place;
        memory.setInt32(sum, memory.getInt32(sum, true) + T - 32768, true);
      }
    }
  }
  return flips;
}

/** The record of a spin whose |w| are all equal. */
export function readEqual(memory: DataView, at: number): SpinRecord {
  const positive = memory.getUint16(at + 8, true);
  const degree = positive + memory.getUint16(at + 10, true);
  const weight = u32(memory, at + 12);
  const neighbours = Array.from(
    { length: degree },
    (_, n) => [u32(memory, at + 16 + 4 * n), n < positive ? weight : -weight] as const,
  );
  return { slot: u32(memory, at), draws: u32(memory, at + 4), neighbours, next: at + 16 + 4 * degree };
}

/** The record of a spin with any weights. */
export function readWeighted(memory: DataView, at: number): SpinRecord {
  const neighbours: [number, number][] = [];
  let next = at + 16;
  for (let segment = u32(memory, at + 8); segment > 0; segment--) {
    const entries = u32(memory, next);
    for (let n = 0; n < entries; n++) {
      neighbours.push([u32(memory, next + 8 + 8 * n), memory.getInt8(next + 12 + 8 * n)]);
    }
    next += 8 + 8 * entries;
  }
  return { slot: u32(memory, at), draws: u32(memory, at + 4), neighbours, next };
}

const u32 = (memory: DataView, at: number): number => memory.getUint32(at, true);
const i16 = (memory: DataView, at: number): number => memory.getInt16(at, true);

/** To −32768 … 32767. */
const saturated = (value: number): number => Math.max(-32768, Math.min(value, 32767));
