/**
 * What `pack-spins.as.ts` does, one spin of one row at a time: the scalar witness. Memory and addresses as there.
 *
 *     spin (c, p) has the index i = c·pixels + p in packed rows, bit i & 7 of byte i ≫ 3
 *     nibbles: bit c & 3 of byte (p·quads + (c ≫ 2))·16 + lane        masks: byte slot·16 + lane, slot = 4·((c ≫ 2)·pixels + p) + (c & 3)
 */
import { placeOfLane, rowsPerTile } from '../row-lanes.ts';

/** A bank of a tile; 0: not wanted, for nibbles and masks. */
export interface BankCall {
  readonly nibbles: number;
  readonly masks: number;
  readonly channels: number;
  readonly pixels: number;
}

interface Spin {
  readonly channel: number;
  readonly pixel: number;
  /** Spin index. */
  readonly index: number;
}

export function packTile(
  memory: DataView,
  call: BankCall & { readonly out: number; readonly rowStride: number; readonly rows: number },
): void {
  const words = Math.ceil((call.channels * call.pixels) / 32);
  for (let row = 0; row < call.rows; row++) {
    const out = call.out + row * call.rowStride;
    for (let n = 0; n < words; n++) memory.setUint32(out + 4 * n, 0, true);
    for (const spin of spinsOf(call)) {
      const at = out + (spin.index >> 3);
      if (isUp(memory, call, spin, row)) memory.setUint8(at, memory.getUint8(at) | (1 << (spin.index & 7)));
    }
  }
}

export function unpackTile(memory: DataView, call: BankCall & { readonly sources: number }): void {
  const units = Math.ceil(call.channels / 4) * call.pixels;
  for (let n = 0; call.nibbles !== 0 && n < 16 * units; n++) memory.setUint8(call.nibbles + n, 0);
  for (let n = 0; call.masks !== 0 && n < 64 * units; n++) memory.setUint8(call.masks + n, 0);
  for (let lane = 0; lane < rowsPerTile; lane++) {
    const source = memory.getUint32(call.sources + 4 * lane, true);
    for (const spin of spinsOf(call)) {
      if (((memory.getUint8(source + (spin.index >> 3)) >> (spin.index & 7)) & 1) === 0) continue;
      if (call.masks !== 0) memory.setUint8(maskAt(call, spin) + lane, 0xff);
      if (call.nibbles === 0) continue;
      const at = nibbleAt(call, spin) + lane;
      memory.setUint8(at, memory.getUint8(at) | (1 << (spin.channel & 3)));
    }
  }
}

export function flushCounts(
  memory: DataView,
  { sums, counts, slots }: { readonly sums: number; readonly counts: number; readonly slots: number },
): void {
  for (let slot = 0; slot < slots; slot++) {
    for (let lane = 0; lane < rowsPerTile; lane++) {
      const at = sums + 64 * slot + 4 * (placeOfLane[lane] as number);
      memory.setInt32(at, memory.getInt32(at, true) + memory.getUint8(counts + 16 * slot + lane), true);
      memory.setUint8(counts + 16 * slot + lane, 0);
    }
  }
}

export interface CollectCall {
  readonly out: number;
  /** 0: none, for sums and counts. */
  readonly sums: number;
  readonly counts: number;
  readonly lane: number;
  readonly channels: number;
  readonly pixels: number;
  readonly offset: number;
}

export function collectLane(memory: DataView, call: CollectCall): void {
  for (const spin of spinsOf(call)) {
    const slot = slotOf(call, spin);
    const place = placeOfLane[call.lane] as number;
    const sum = call.sums === 0 ? 0 : memory.getInt32(call.sums + 64 * slot + 4 * place, true);
    const count = call.counts === 0 ? 0 : memory.getUint8(call.counts + 16 * slot + call.lane);
    const at = call.out + 4 * spin.index;
    memory.setInt32(at, memory.getInt32(at, true) + 2 * (sum + count) + call.offset, true);
  }
}

function* spinsOf({ channels, pixels }: Pick<BankCall, 'channels' | 'pixels'>): Generator<Spin, void, void> {
  for (let index = 0; index < channels * pixels; index++) {
    yield { channel: Math.floor(index / pixels), pixel: index % pixels, index };
  }
}

/** Of the nibbles, where there are any. */
function isUp(memory: DataView, call: BankCall, spin: Spin, lane: number): boolean {
  if (call.nibbles === 0) return memory.getUint8(maskAt(call, spin) + lane) === 0xff;
  return ((memory.getUint8(nibbleAt(call, spin) + lane) >> (spin.channel & 3)) & 1) === 1;
}

function nibbleAt({ nibbles, channels }: BankCall, { channel, pixel }: Spin): number {
  return nibbles + 16 * (pixel * Math.ceil(channels / 4) + (channel >> 2));
}

function maskAt(call: BankCall, spin: Spin): number {
  return call.masks + 16 * slotOf(call, spin);
}

function slotOf({ pixels }: Pick<BankCall, 'pixels'>, { channel, pixel }: Spin): number {
  return 4 * ((channel >> 2) * pixels + pixel) + (channel & 3);
}
