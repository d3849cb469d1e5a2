/**
 * The tables and the geometry of a coupling seen from one end, in memory (see half-sums.as.ts).
 *
 *   tables     [stream][tap][quad][4 channels][16]: T[n] = Σ|w_j| over the bits j of n that agree with the sign of w_j
 *   pixels     per pixel of the receiver (conv) or per unit (dense): i32 nibble base, u32 offset of its class
 *   classes    per class: u32 run count, u32 byte offset of its constants, u32 single count, unused; then runs: i32 nibble offset, u32 table
 *              offset, i32 quads, unused; then singles: i32 nibble offset, u32 table offset. Streams with singles have classes of their own
 *   bases      [stream][class][4 channels] i32: Σ|w| of the class's couplings; constants of a run have the same layout
 */
import type { HalfSumKernel, HalfSumPlan, Segment } from './half-sum-plan.ts';
import type { HalfSumSource } from './half-sum-source.ts';
import type { TapOffset } from './tap-classes.ts';

/** Addresses: plain data, the same in every thread. */
export interface HalfSumMap {
  readonly kernel: HalfSumKernel;
  readonly perUnit: boolean;
  readonly tables: number;
  /** 0 where perUnit: classes find their tables themselves. */
  readonly tableBytesPerStream: number;
  /** First quad of the giver, per stream; all 0 where perUnit. */
  readonly firstQuad: Uint32Array;
  readonly segments: readonly MapSegment[];
  readonly sumMax: number;
}
export interface MapSegment {
  readonly pixels: number;
  readonly classes: number;
  /** From one stream's classes to the next; 0: all share them. */
  readonly classBytesPerStream: number;
  readonly bases: number;
  /** Of `bases`, and of a run's constants, from one stream to the next; 0 where perUnit. */
  readonly baseBytesPerStream: number;
  readonly baseCount: number;
}

/** Hands out addresses of memory that is written once, at load. */
export interface Writer {
  /** 16-byte aligned, zero. */
  reserve(bytes: number): number;
  readonly i32: Int32Array;
  readonly u8: Uint8Array;
}

/** Streams of weights turned into tables between two yields: about half a millisecond. */
const quadsPerSlice = 2 ** 14;

export function* buildHalfSumMap(
  source: HalfSumSource,
  plan: HalfSumPlan,
  writer: Writer,
): Generator<void, HalfSumMap, void> {
  const tables = writer.reserve(plan.tableBytes);
  const length = source.taps * source.quads;
  const bytesPerStream = length * plan.bytesPerQuad;
  // Tables of singles follow those of the streams.
  const singleTables: number[] = [];
  let next = tables + source.streams * bytesPerStream;
  for (const ofStream of plan.singles) {
    singleTables.push(next);
    next += 64 * ofStream.length;
  }
  const segments = plan.segments.map((segment) => {
    const place = { segment, tables, bytesPerStream, singleTables };
    return source.perUnit ? writeUnits(source, plan, place, writer) : writePixels(source, plan, place, writer);
  });
  const weights = new Int32Array(4 * length);
  let work = 0;
  for (let stream = 0; stream < source.streams; stream++) {
    for (let channel = 0; channel < 4; channel++) {
      source.fillWeights(stream, channel, weights);
      const apart = plan.singles[stream] ?? [];
      for (const [k, single] of apart.entries()) {
        if ((single.channels & (1 << channel)) === 0) continue;
        const n = 4 * (single.tap * source.quads + single.quad);
        const at = (singleTables[stream] as number) + 64 * k;
        writeTables(writer.u8, at, { channel, weights: weights.subarray(n, n + 4), length: 1 }, plan);
      }
      for (const [n, segment] of plan.segments.entries()) {
        writeBases(source, segment, segments[n] as MapSegment, { stream, channel, weights }, writer.i32);
      }
      for (const { tap, quad, channels } of apart) {
        const n = 4 * (tap * source.quads + quad);
        if ((channels & (1 << channel)) !== 0) weights.fill(0, n, n + 4);
      }
      writeTables(writer.u8, tables + stream * bytesPerStream, { channel, weights, length }, plan);
      work += length;
    }
    if (work > quadsPerSlice) {
      work = 0;
      yield;
    }
  }
  return {
    kernel: plan.kernel,
    perUnit: source.perUnit,
    tables,
    tableBytesPerStream: source.perUnit ? 0 : bytesPerStream,
    firstQuad: source.firstQuad,
    segments,
    sumMax: plan.sumMax,
  };
}

function writeTables(
  u8: Uint8Array,
  at: number,
  o: { readonly channel: number; readonly weights: Int32Array; readonly length: number },
  { bytesPerQuad }: HalfSumPlan,
): void {
  const carried = bytesPerQuad === 128;
  const entry = new Int32Array(16);
  let begin = at + o.channel * (bytesPerQuad >> 2);
  for (let n = 0; n < o.length; n++, begin += bytesPerQuad) {
    const w0 = o.weights[4 * n] as number;
    const w1 = o.weights[4 * n + 1] as number;
    const w2 = o.weights[4 * n + 2] as number;
    const w3 = o.weights[4 * n + 3] as number;
    // All spins −1 agree with every negative weight; each spin +1 adds its weight.
    entry[0] = -(Math.min(w0, 0) + Math.min(w1, 0) + Math.min(w2, 0) + Math.min(w3, 0));
    for (let bits = 1; bits < 16; bits++) {
      const low = bits & -bits;
      const w = low === 1 ? w0 : low === 2 ? w1 : low === 4 ? w2 : w3;
      entry[bits] = (entry[bits - low] as number) + w;
    }
    for (let bits = 0; bits < 16; bits++) {
      const value = entry[bits] as number;
      u8[begin + bits] = value;
      if (carried) u8[begin + 16 + bits] = value >> 8;
    }
  }
}

/** Σ|w| of the segment's part of every class. */
function writeBases(
  source: HalfSumSource,
  { firstTap, endTap, firstQuad, endQuad }: Segment,
  { bases, baseBytesPerStream }: MapSegment,
  o: { readonly stream: number; readonly channel: number; readonly weights: Int32Array },
  i32: Int32Array,
): void {
  const { taps, quads, tapsX, axes } = source;
  const ofTap = new Float64Array(taps);
  for (let tap = firstTap; tap < endTap; tap++) {
    let sum = 0;
    for (let n = 4 * (tap * quads + firstQuad); n < 4 * (tap * quads + endQuad); n++)
      sum += Math.abs(o.weights[n] as number);
    ofTap[tap] = sum;
  }
  const begin = (bases + (source.perUnit ? 16 * o.stream : baseBytesPerStream * o.stream)) / 4 + o.channel;
  const [y, x] = axes;
  let at = begin;
  for (const ofY of y.classes) {
    for (const ofX of x.classes) {
      let base = 0;
      for (const { order: ky } of ofY) for (const { order: kx } of ofX) base += ofTap[ky * tapsX + kx] as number;
      i32[at] = base;
      at += 4;
    }
  }
}

/** What geometry refers to. */
interface StreamPlaces {
  readonly segment: Segment;
  readonly tables: number;
  readonly bytesPerStream: number;
  /** Address of the tables of each stream's singles. */
  readonly singleTables: readonly number[];
}

function writeUnits(
  { streams, quads }: HalfSumSource,
  { bytesPerQuad, singles }: HalfSumPlan,
  { segment: { firstQuad, endQuad }, tables, singleTables }: StreamPlaces,
  writer: Writer,
): MapSegment {
  const listed = singles.reduce((sum, ofStream) => sum + ofStream.length, 0);
  const pixels = writer.reserve(8 * streams);
  const classes = writer.reserve(32 * streams + 16 * listed);
  const bases = writer.reserve(16 * streams);
  const { i32 } = writer;
  let at = classes / 4;
  for (let unit = 0; unit < streams; unit++) {
    const apart = singles[unit] ?? [];
    i32[pixels / 4 + 2 * unit + 1] = 4 * at - classes;
    i32.set([1, 16 * unit, apart.length, 0], at);
    i32.set([16 * firstQuad, (unit * quads + firstQuad) * bytesPerQuad, endQuad - firstQuad, 0], at + 4);
    at += 8;
    for (const [n, { quad }] of apart.entries()) {
      i32[at] = 16 * quad;
      i32[at + 1] = (singleTables[unit] as number) + 64 * n - tables;
      at += 4;
    }
  }
  const shared = { classBytesPerStream: 0, baseBytesPerStream: 0 };
  return { pixels, classes, bases, ...shared, baseCount: 4 * streams };
}

function writePixels(
  source: HalfSumSource,
  plan: HalfSumPlan,
  { segment, tables, bytesPerStream, singleTables }: StreamPlaces,
  writer: Writer,
): MapSegment {
  const [y, x] = source.axes;
  const { giver, giverWidth, tapsX, streams } = source;
  const { singles } = plan;
  const bytesPerPixel = 16 * giver.quads;
  const singlesMax = singles.reduce((most, { length }) => Math.max(most, length), 0);
  // Runs of every class first: their number decides the offsets, which are the same for all streams.
  const classes: {
    readonly offset: number;
    readonly runs: readonly Run[];
    readonly offsetOfTap: Map<number, number>;
  }[] = [];
  let bytes = 0;
  for (const ofY of y.classes) {
    for (const ofX of x.classes) {
      const { runs, offsetOfTap } = classRuns(source, plan, segment, { ofY, ofX });
      classes.push({ offset: bytes, runs, offsetOfTap });
      bytes += 16 * (1 + runs.length + singlesMax);
    }
  }
  const copies = singlesMax > 0 ? streams : 1;
  const pixels = writer.reserve(8 * y.classOf.length * x.classOf.length);
  const classBase = writer.reserve(copies * bytes);
  const bases = writer.reserve(16 * classes.length * streams);
  const { i32 } = writer;
  for (let stream = 0; stream < copies; stream++) {
    for (const [n, { offset, runs, offsetOfTap }] of classes.entries()) {
      const own = (singles[stream] ?? [])
        .map((single, k) => ({ ...single, table: (singleTables[stream] as number) + 64 * k }))
        .filter(({ tap }) => offsetOfTap.has(tap));
      let at = (classBase + stream * bytes + offset) / 4;
      i32.set([runs.length, 16 * n, own.length, 0], at);
      for (const run of runs) {
        at += 4;
        i32.set([run.nibbles, run.table, run.quads, 0], at);
      }
      for (const { tap, quad, table } of own) {
        // The kernel is given the stream's tables and its first quad.
        const nibbles = (offsetOfTap.get(tap) as number) + 16 * quad;
        at += 4;
        i32.set([nibbles, table - (tables + stream * bytesPerStream), 0, 0], at);
      }
    }
  }
  let at = pixels / 4;
  for (let py = 0; py < y.classOf.length; py++) {
    for (let px = 0; px < x.classOf.length; px++) {
      const own = classes[(y.classOf[py] as number) * x.classes.length + (x.classOf[px] as number)];
      i32[at] = ((y.baseOf[py] as number) * giverWidth + (x.baseOf[px] as number)) * bytesPerPixel;
      i32[at + 1] = own?.offset as number;
      at += 2;
    }
  }
  return {
    pixels,
    classes: classBase,
    classBytesPerStream: copies > 1 ? bytes : 0,
    bases,
    baseBytesPerStream: 16 * classes.length,
    baseCount: 4 * classes.length * streams,
  };

  function classRuns(
    { quads }: HalfSumSource,
    { bytesPerQuad }: HalfSumPlan,
    { firstTap, endTap, firstQuad, endQuad }: Segment,
    { ofY, ofX }: { readonly ofY: readonly TapOffset[]; readonly ofX: readonly TapOffset[] },
  ): { readonly runs: readonly Run[]; readonly offsetOfTap: Map<number, number> } {
    const whole = firstQuad === 0 && endQuad === giver.quads && quads === giver.quads;
    const runs: Run[] = [];
    const offsetOfTap = new Map<number, number>();
    for (const { order: ky, offset: dy } of ofY) {
      for (const { order: kx, offset: dx } of ofX) {
        const tap = ky * tapsX + kx;
        if (tap < firstTap || tap >= endTap) continue;
        const nibbles = (dy * giverWidth + dx) * bytesPerPixel;
        offsetOfTap.set(tap, nibbles);
        const run = {
          nibbles: nibbles + 16 * firstQuad,
          table: (tap * quads + firstQuad) * bytesPerQuad,
          quads: endQuad - firstQuad,
        };
        const last = runs.at(-1);
        const joins =
          whole &&
          last !== undefined &&
          run.nibbles === last.nibbles + 16 * last.quads &&
          run.table === last.table + bytesPerQuad * last.quads;
        if (joins) last.quads += run.quads;
        else runs.push(run);
      }
    }
    return { runs, offsetOfTap };
  }
}

/** A stretch of the giver's nibbles and of a stream's tables. */
interface Run {
  readonly nibbles: number;
  readonly table: number;
  quads: number;
}
