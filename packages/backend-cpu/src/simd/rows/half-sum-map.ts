/**
 * The tables and the geometry of a coupling seen from one end, in memory (see half-sums.as.ts).
 *
 *   tables     [stream][tap][quad][4 channels][16]: T[n] = Σ|w_j| over the bits j of n that agree with the sign of w_j
 *   pixels     per pixel of the receiver (conv) or per unit (dense): i32 nibble base, u32 offset of its class
 *   classes    per class: u32 run count, u32 byte offset of its constants, 8 unused; then runs: i32 nibble offset, u32 table offset, i32 quads
 *   bases      [stream][class][4 channels] i32: Σ|w| of the class's couplings; constants of a run have the same layout
 */
import type { HalfSumKernel, HalfSumPlan, Segment } from './half-sum-plan.ts';
import type { HalfSumSource } from './half-sum-source.ts';

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
  const segments = plan.segments.map((segment) => writeGeometry(source, plan, segment, writer));
  const weights = new Int32Array(4 * length);
  let work = 0;
  for (let stream = 0; stream < source.streams; stream++) {
    for (let channel = 0; channel < 4; channel++) {
      source.fillWeights(stream, channel, weights);
      writeTables(writer.u8, tables + stream * bytesPerStream, { channel, weights, length }, plan);
      for (const [n, segment] of plan.segments.entries()) {
        writeBases(source, segment, segments[n] as MapSegment, { stream, channel, weights }, writer.i32);
      }
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

function writeGeometry(source: HalfSumSource, plan: HalfSumPlan, segment: Segment, writer: Writer): MapSegment {
  return source.perUnit ? writeUnits(source, plan, segment, writer) : writePixels(source, plan, segment, writer);
}

function writeUnits(
  { streams, quads }: HalfSumSource,
  { bytesPerQuad }: HalfSumPlan,
  { firstQuad, endQuad }: Segment,
  writer: Writer,
): MapSegment {
  const pixels = writer.reserve(8 * streams);
  const classes = writer.reserve(32 * streams);
  const bases = writer.reserve(16 * streams);
  const { i32 } = writer;
  for (let unit = 0; unit < streams; unit++) {
    i32[pixels / 4 + 2 * unit + 1] = 32 * unit;
    const at = classes / 4 + 8 * unit;
    i32[at] = 1;
    i32[at + 1] = 16 * unit;
    i32[at + 4] = 16 * firstQuad;
    i32[at + 5] = (unit * quads + firstQuad) * bytesPerQuad;
    i32[at + 6] = endQuad - firstQuad;
  }
  return { pixels, classes, bases, baseBytesPerStream: 0, baseCount: 4 * streams };
}

function writePixels(
  source: HalfSumSource,
  { bytesPerQuad }: HalfSumPlan,
  segment: Segment,
  writer: Writer,
): MapSegment {
  const [y, x] = source.axes;
  const { giver, giverWidth, quads, tapsX } = source;
  const bytesPerPixel = 16 * giver.quads;
  const whole = segment.firstQuad === 0 && segment.endQuad === giver.quads && quads === giver.quads;
  // Runs of every class first: their number decides the offsets.
  const records: number[] = [];
  const offsetOf: number[] = [];
  let classIndex = 0;
  for (const ofY of y.classes) {
    for (const ofX of x.classes) {
      offsetOf.push(4 * records.length);
      const runs: { nibbles: number; table: number; quads: number }[] = [];
      for (const { order: ky, offset: dy } of ofY) {
        for (const { order: kx, offset: dx } of ofX) {
          const tap = ky * tapsX + kx;
          if (tap < segment.firstTap || tap >= segment.endTap) continue;
          const run = {
            nibbles: (dy * giverWidth + dx) * bytesPerPixel + 16 * segment.firstQuad,
            table: (tap * quads + segment.firstQuad) * bytesPerQuad,
            quads: segment.endQuad - segment.firstQuad,
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
      records.push(runs.length, 16 * classIndex, 0, 0);
      for (const run of runs) records.push(run.nibbles, run.table, run.quads, 0);
      classIndex++;
    }
  }
  const pixels = writer.reserve(8 * y.classOf.length * x.classOf.length);
  const classes = writer.reserve(4 * records.length);
  const bases = writer.reserve(16 * classIndex * source.streams);
  const { i32 } = writer;
  i32.set(records, classes / 4);
  let at = pixels / 4;
  for (let py = 0; py < y.classOf.length; py++) {
    for (let px = 0; px < x.classOf.length; px++) {
      i32[at] = ((y.baseOf[py] as number) * giverWidth + (x.baseOf[px] as number)) * bytesPerPixel;
      i32[at + 1] = offsetOf[(y.classOf[py] as number) * x.classes.length + (x.classOf[px] as number)] as number;
      at += 2;
    }
  }
  return { pixels, classes, bases, baseBytesPerStream: 16 * classIndex, baseCount: 4 * classIndex * source.streams };
}
