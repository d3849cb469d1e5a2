/**
 * The tables and the geometry of a convolution or full matrix seen from one end, in memory (see row-half-sums.as.ts).
 *
 *   tables     [stream][tap][quad][16 nibbles][16 channels]: T[n] = Σ|w_j| over the bits j of n that agree with the sign of w_j
 *   pixels     per unit of a group (or of the bank, where every unit has tables of its own): i32 nibble base, u32 offset of its class
 *   classes    per class: u32 run count, u32 byte offset of its constants, 8 unused; then runs: i32 nibble offset, u32 table offset, i32 quads
 *   bases      [stream][class] 16 i32, E then O: Σ|w| of the class's couplings; constants of a run have the same layout
 */
import type { Writer } from '../rows/half-sum-map.ts';
import { placeOf } from './spin-lanes.ts';
import type { SpinSegment, SpinSumKernel, SpinSumPlan } from './spin-sum-plan.ts';
import type { SpinSumSource } from './spin-sum-source.ts';

/** Addresses: plain data, the same in every thread. */
export interface SpinSumMap {
  readonly kind: 'quads';
  readonly kernel: SpinSumKernel;
  readonly perUnit: boolean;
  readonly tables: number;
  /** 0 where perUnit: classes find their tables themselves. */
  readonly tableBytesPerStream: number;
  /** First quad of the giver, per stream; all 0 where perUnit. */
  readonly firstQuad: Uint32Array;
  readonly segments: readonly SpinMapSegment[];
  readonly sumMax: number;
}

export interface SpinMapSegment {
  readonly pixels: number;
  readonly classes: number;
  readonly bases: number;
  /** Of `bases`, and of a run's constants, from one stream to the next; 0 where perUnit. */
  readonly baseBytesPerStream: number;
  /** i32 numbers of `bases`. */
  readonly baseCount: number;
}

/** Quads of a lane turned into tables between two yields: about a third of a millisecond. */
const quadsPerSlice = 2 ** 13;
/** i32 numbers of a class's constants. */
const constantsPerClass = 16;

/** What buildSpinSumMap reserves, at most: closed forms, nothing is built. */
export function spinSumMapBytes(source: SpinSumSource, { segments, bytesPerQuad }: SpinSumPlan): number {
  const { streams, taps, quads, perUnit } = source;
  const [y, x] = source.axes;
  const runs = tapsOf(y.classes) * tapsOf(x.classes);
  const classes = y.classes.length * x.classes.length;
  const pixels = y.classOf.length * x.classOf.length;
  const copies = perUnit ? streams : 1;
  const geometry = copies * (8 * pixels + 16 * classes + 16 * runs);
  return streams * taps * quads * bytesPerQuad + segments.length * (geometry + spinBaseBytes(source) + 4 * 64) + 64;
}

/** Bytes of the bases of one segment; the constants of a run have the same layout. */
export function spinBaseBytes({ streams, axes: [y, x] }: SpinSumSource): number {
  return 4 * constantsPerClass * streams * y.classes.length * x.classes.length;
}

function tapsOf(classes: readonly (readonly unknown[])[]): number {
  return classes.reduce((total, taps) => total + taps.length, 0);
}

export function* buildSpinSumMap(
  source: SpinSumSource,
  plan: SpinSumPlan,
  writer: Writer,
): Generator<void, SpinSumMap, void> {
  const length = source.taps * source.quads;
  const bytesPerStream = length * plan.bytesPerQuad;
  const tables = writer.reserve(source.streams * bytesPerStream);
  const segments: SpinMapSegment[] = [];
  for (const segment of plan.segments) {
    segments.push(writeGeometry(source, plan, segment, writer));
    yield;
  }
  const weights = new Int32Array(4 * length);
  let work = 0;
  for (let stream = 0; stream < source.streams; stream++) {
    for (let lane = 0; lane < 16; lane++) {
      source.fillWeights(stream, lane, weights);
      if (plan.bytesPerQuad === 256) writeTables(writer.u8, tables + stream * bytesPerStream + lane, weights, length);
      else writeWideTables(writer.u8, tables + stream * bytesPerStream, { lane, weights, length });
      for (const [n, segment] of plan.segments.entries()) {
        writeBases(source, segment, segments[n] as SpinMapSegment, { stream, lane, weights }, writer.i32);
      }
      work += length;
      if (work > quadsPerSlice) {
        work = 0;
        yield;
      }
    }
  }
  return {
    kind: 'quads',
    kernel: plan.kernel,
    perUnit: source.perUnit,
    tables,
    tableBytesPerStream: source.perUnit ? 0 : bytesPerStream,
    firstQuad: source.perUnit ? new Uint32Array(source.streams) : source.firstQuad,
    segments,
    sumMax: plan.sumMax,
  };
}

/** One lane of every table: entry n of a table at 16·n. All spins −1 agree with every negative weight; each spin +1 adds its weight. */
function writeTables(u8: Uint8Array, begin: number, weights: Int32Array, length: number): void {
  let at = begin;
  for (let n = 0; n < length; n++, at += 256) {
    const w0 = weights[4 * n] as number;
    const w1 = weights[4 * n + 1] as number;
    const w2 = weights[4 * n + 2] as number;
    const w3 = weights[4 * n + 3] as number;
    const none = -(Math.min(w0, 0) + Math.min(w1, 0) + Math.min(w2, 0) + Math.min(w3, 0));
    for (let high = 0; high < 4; high++) {
      const v = none + (high & 1 ? w2 : 0) + (high & 2 ? w3 : 0);
      const to = at + 64 * high;
      u8[to] = v;
      u8[to + 16] = v + w0;
      u8[to + 32] = v + w1;
      u8[to + 48] = v + w0 + w1;
    }
  }
}

/** The same as 16-bit numbers: [16 nibbles][E], then [16 nibbles][O]. */
function writeWideTables(
  u8: Uint8Array,
  begin: number,
  o: { readonly lane: number; readonly weights: Int32Array; readonly length: number },
): void {
  const place = placeOf(o.lane);
  let at = begin + (place >> 3) * 256 + 2 * (place & 7);
  for (let n = 0; n < o.length; n++, at += 512) {
    for (let bits = 0; bits < 16; bits++) {
      let v = 0;
      for (let j = 0; j < 4; j++) {
        const w = o.weights[4 * n + j] as number;
        if (w > 0 === ((bits >> j) & 1) > 0) v += Math.abs(w);
      }
      u8[at + 16 * bits] = v;
      u8[at + 16 * bits + 1] = v >> 8;
    }
  }
}

/** Σ|w| of the segment's part of every class. */
function writeBases(
  source: SpinSumSource,
  { firstTap, endTap, firstQuad, endQuad }: SpinSegment,
  { bases, baseBytesPerStream }: SpinMapSegment,
  o: { readonly stream: number; readonly lane: number; readonly weights: Int32Array },
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
  const [y, x] = axes;
  const bytes = source.perUnit ? 4 * constantsPerClass : baseBytesPerStream;
  let at = (bases + o.stream * bytes) / 4 + placeOf(o.lane);
  for (const ofY of y.classes) {
    for (const ofX of x.classes) {
      let base = 0;
      for (const { order: ky } of ofY) for (const { order: kx } of ofX) base += ofTap[ky * tapsX + kx] as number;
      i32[at] = base;
      at += constantsPerClass;
    }
  }
}

interface Run {
  nibbles: number;
  table: number;
  quads: number;
}

function writeGeometry(
  source: SpinSumSource,
  { bytesPerQuad }: SpinSumPlan,
  segment: SpinSegment,
  writer: Writer,
): SpinMapSegment {
  const [y, x] = source.axes;
  const { giver, giverWidth, perUnit, streams } = source;
  const bytesPerStream = source.taps * source.quads * bytesPerQuad;
  const classes = classRuns(source, bytesPerQuad, segment);
  const records: number[] = [];
  const offsetOf: number[] = [];
  // Units with tables of their own have one class each: a bank of one pixel.
  for (let copy = 0; copy < (perUnit ? streams : 1); copy++) {
    for (const [n, runs] of classes.entries()) {
      offsetOf.push(4 * records.length);
      records.push(runs.length, 4 * constantsPerClass * (perUnit ? copy : n), 0, 0);
      const shift = perUnit ? (source.firstQuad[copy] as number) : 0;
      const tables = perUnit ? copy * bytesPerStream : 0;
      for (const { nibbles, table, quads } of runs) records.push(nibbles + shift, table + tables, quads, 0);
    }
  }
  const positions = y.classOf.length * x.classOf.length;
  const pixels = writer.reserve(8 * (perUnit ? streams : positions));
  const at = writer.reserve(4 * records.length);
  const baseCount = constantsPerClass * streams * classes.length;
  const bases = writer.reserve(4 * baseCount);
  const { i32 } = writer;
  i32.set(records, at / 4);
  let pixel = pixels / 4;
  for (let copy = 0; copy < (perUnit ? streams : 1); copy++) {
    for (let py = 0; py < y.classOf.length; py++) {
      for (let px = 0; px < x.classOf.length; px++) {
        i32[pixel] = ((y.baseOf[py] as number) * giverWidth + (x.baseOf[px] as number)) * giver.quads;
        const n = (y.classOf[py] as number) * x.classes.length + (x.classOf[px] as number);
        i32[pixel + 1] = offsetOf[copy * classes.length + n] as number;
        pixel += 2;
      }
    }
  }
  const baseBytesPerStream = perUnit ? 0 : 4 * constantsPerClass * classes.length;
  return { pixels, classes: at, bases, baseBytesPerStream, baseCount };
}

/** The runs of every class within one stream; taps that follow each other in both streams join. */
function classRuns(source: SpinSumSource, bytesPerQuad: number, segment: SpinSegment): Run[][] {
  const [y, x] = source.axes;
  const { giver, giverWidth, quads, tapsX } = source;
  const whole = segment.firstQuad === 0 && segment.endQuad === giver.quads && quads === giver.quads;
  const classes: Run[][] = [];
  for (const ofY of y.classes) {
    for (const ofX of x.classes) {
      const runs: Run[] = [];
      for (const { order: ky, offset: dy } of ofY) {
        for (const { order: kx, offset: dx } of ofX) {
          const tap = ky * tapsX + kx;
          if (tap < segment.firstTap || tap >= segment.endTap) continue;
          const run = {
            nibbles: (dy * giverWidth + dx) * giver.quads + segment.firstQuad,
            table: (tap * quads + segment.firstQuad) * bytesPerQuad,
            quads: segment.endQuad - segment.firstQuad,
          };
          const last = runs.at(-1);
          const joins =
            whole &&
            last !== undefined &&
            run.nibbles === last.nibbles + last.quads &&
            run.table === last.table + bytesPerQuad * last.quads;
          if (joins) last.quads += run.quads;
          else runs.push(run);
        }
      }
      classes.push(runs);
    }
  }
  return classes;
}
