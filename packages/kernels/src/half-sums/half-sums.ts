/**
 * What `half-sums.as.ts` computes, one row at a time: the scalar witness. Memory and addresses as there.
 *
 *     T[n] = Σ |w_j| over j = 0 … 3 where bit j of n agrees with the sign of w_j
 *     V = Σ over runs and singles, over their quads, of T_quad[nibble]        A = Σ w_j s_j = 2V − Σ|w|
 */
import { placeOfLane, rowsPerTile } from '../row-lanes.ts';

export interface HalfSumsCall {
  readonly out: number;
  readonly nibbles: number;
  readonly tables: number;
  readonly pixels: number;
  readonly classes: number;
  readonly begin: number;
  readonly end: number;
}

/** The half sums of four couplings by nibble, bit j for the spin of weights[j]: 16 numbers. */
export function quadTable(weights: readonly number[]): number[] {
  return Array.from({ length: 16 }, (_, nibble) =>
    weights.reduce((sum, w, j) => sum + ((((nibble >> j) & 1) === 1) === w > 0 ? Math.abs(w) : 0), 0),
  );
}

/** halfSums1, halfSums2 and halfSums4: they differ in what they demand of the tables, not in what they compute. */
export function halfSums(memory: DataView, call: HalfSumsCall): void {
  addTables(memory, call, 64, (table, nibble) => memory.getUint8(table + nibble));
}

/** Tables of nine bits: 16 low bytes, then 16 carries. */
export function carriedHalfSums(memory: DataView, call: HalfSumsCall): void {
  addTables(
    memory,
    call,
    128,
    (table, nibble) => memory.getUint8(table + nibble) + 256 * memory.getUint8(table + 16 + nibble),
  );
}

function addTables(
  memory: DataView,
  { out, nibbles, tables, pixels, classes, begin, end }: HalfSumsCall,
  bytesPerQuad: 64 | 128,
  lookup: (table: number, nibble: number) => number,
): void {
  for (let pixel = begin; pixel < end; pixel++) {
    const base = nibbles + memory.getInt32(pixels + 8 * pixel, true);
    const list = classes + memory.getUint32(pixels + 8 * pixel + 4, true);
    for (let channel = 0; channel < 4; channel++) {
      for (let lane = 0; lane < rowsPerTile; lane++) {
        let V = 0;
        for (const run of runsAt(memory, list)) {
          for (let quad = 0; quad < run.quads; quad++) {
            const nibble = memory.getUint8(base + run.nibbles + 16 * quad + lane);
            V += lookup(tables + run.tables + bytesPerQuad * quad + (bytesPerQuad / 4) * channel, nibble);
          }
        }
        const at = out + 128 * (pixel - begin) + 32 * channel + 2 * (placeOfLane[lane] as number);
        memory.setUint16(at, V & 0xffff, true);
      }
    }
  }
}

/** The runs of a class, stretches of the giver's nibbles and of the tables at once, and then its singles: runs of one quad. */
function* runsAt(memory: DataView, list: number): Generator<{ nibbles: number; tables: number; quads: number }> {
  const runs = memory.getUint32(list, true);
  const singles = memory.getUint32(list + 8, true);
  for (let n = 0; n < runs + singles; n++) {
    const at = list + 16 + 16 * n;
    yield {
      nibbles: memory.getInt32(at, true),
      tables: memory.getUint32(at + 4, true),
      quads: n < runs ? memory.getInt32(at + 8, true) : 1,
    };
  }
}
