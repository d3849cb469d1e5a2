/**
 * The tables and the geometry of a term in the memory of the kernels (row-half-sums of @isinglass/kernels). A unit is 16 channels of a pixel; units are
 * `[group][pixel]`.
 *
 *   tables   [group][tap][quad][16 nibbles][16 channels]: T[n] = Σ|w_j| over the bits j of n that agree with the sign of w_j
 *   pixels   per unit: i32 nibble base, u32 offset of its class
 *   classes  per group and class: u32 runs, u32 offset of its bases, 8 unused; then per run i32 nibble offset, u32 table offset, i32 quads, 4 unused
 *   bases    per group and class: Σ|w| of its couplings, 16 i32, even channels before odd ones
 */
import type { ScheduledTerm } from '../conv-schedule.ts';
import type { TapClasses, TouchedTap } from './tap-classes.ts';
import { channelsPerGroup, type TermPlan } from './term-plan.ts';

/** A piece of the kernels' memory, taken from its beginning. */
export interface Space {
  readonly u8: Uint8Array;
  readonly i32: Int32Array;
  /** The address of so many bytes. */
  take(bytes: number): number;
}

/** Addresses of one pass. */
export interface PassTables {
  readonly pixels: number;
  readonly classes: number;
  readonly bases: number;
}

export interface TermTables {
  readonly tables: number;
  readonly passes: readonly PassTables[];
}

export interface PlannedTerm {
  readonly term: ScheduledTerm;
  readonly channels: number;
  readonly pixels: number;
  readonly plan: TermPlan;
  readonly classes: TapClasses;
}

const bytesPerRun = 16;
const bytesPerBases = 64;
/** Quads of 16 channels that become tables between two yields: about half a millisecond. */
const quadsPerSlice = 2 ** 10;

/** Where a channel's number is among 16: even channels first. */
export const placeOfChannel = (channel: number): number =>
  channel & 1 ? 8 + ((channel & 15) >> 1) : (channel & 15) >> 1;

/** What `writeTables` takes, at most. */
export function tableBytes({ term, pixels, plan, classes }: PlannedTerm): number {
  const { groups, quads, bytesPerQuad, passes } = plan;
  const runs = classes.classes.reduce((sum, taps) => sum + taps.length, 0);
  const perPass =
    8 * groups * pixels + groups * (bytesPerRun + bytesPerBases) * classes.classes.length + groups * bytesPerRun * runs;
  return groups * term.taps * quads * bytesPerQuad + passes.length * (perPass + 3 * 16) + 16;
}

/** In slices. */
export function* writeTables(
  planned: PlannedTerm,
  weights: Int8Array,
  space: Space,
): Generator<void, TermTables, void> {
  const tables = yield* writeSums(planned, weights, space);
  const passes: PassTables[] = [];
  for (const n of planned.plan.passes.keys()) {
    passes.push(writePass(planned, n, weights, space));
    yield;
  }
  return { tables, passes };
}

function* writeSums(
  { term, channels, plan }: PlannedTerm,
  weights: Int8Array,
  space: Space,
): Generator<void, number, void> {
  const { groups, quads, bytesPerQuad } = plan;
  const address = space.take(groups * term.taps * quads * bytesPerQuad);
  const wide = bytesPerQuad === 512;
  const bytes = space.u8;
  const words = new Uint16Array(bytes.buffer);
  const four = new Int32Array(4);
  const sums = new Int32Array(16);
  let at = address;
  let work = 0;
  for (let group = 0; group < groups; group++) {
    const first = channelsPerGroup * group;
    const here = Math.min(channelsPerGroup, channels - first);
    for (let tap = 0; tap < term.taps; tap++) {
      for (let quad = 0; quad < quads; quad++, at += bytesPerQuad) {
        for (let channel = 0; channel < here; channel++) {
          takeQuad(weights, term, { channel: first + channel, tap, quad }, four);
          halfSumsOf(four, sums);
          if (wide) {
            const to = at / 2 + 128 * (channel & 1) + (channel >> 1);
            for (let n = 0; n < 16; n++) words[to + 8 * n] = sums[n] as number;
          } else {
            const to = at + channel;
            for (let n = 0; n < 16; n++) bytes[to + 16 * n] = sums[n] as number;
          }
        }
        work++;
        if (work < quadsPerSlice) continue;
        work = 0;
        yield;
      }
    }
  }
  return address;
}

/** Σ|w| over the bits that agree: what is negative agrees with 0, and every bit that is set adds its weight. */
function halfSumsOf(four: Int32Array, out: Int32Array): void {
  let negative = 0;
  for (let j = 0; j < 4; j++) negative -= Math.min(0, four[j] as number);
  out[0] = negative;
  for (let j = 0; j < 4; j++) {
    const w = four[j] as number;
    for (let n = 0; n < 1 << j; n++) out[n + (1 << j)] = (out[n] as number) + w;
  }
}

function takeQuad(
  weights: Int8Array,
  { weight, weightsPerChannel, weightsPerInput, inputs }: ScheduledTerm,
  { channel, tap, quad }: { readonly channel: number; readonly tap: number; readonly quad: number },
  out: Int32Array,
): void {
  const first = weight + channel * weightsPerChannel + tap;
  for (let j = 0; j < 4; j++) {
    const input = 4 * quad + j;
    out[j] = input < inputs ? (weights[first + input * weightsPerInput] as number) : 0;
  }
}

function writePass(planned: PlannedTerm, pass: number, weights: Int8Array, space: Space): PassTables {
  const { pixels, plan, classes } = planned;
  const { groups, quads, passes } = plan;
  const firstQuad = passes[pass] as number;
  const endQuad = passes[pass + 1] ?? quads;
  const records: number[] = [];
  const offsets: number[] = [];
  const taps = classes.classes;
  for (let group = 0; group < groups; group++) {
    for (const [n, touched] of taps.entries()) {
      const runs = runsOf(planned, touched, { group, firstQuad, endQuad });
      offsets.push(4 * records.length);
      records.push(runs.length, bytesPerBases * (group * taps.length + n), 0, 0);
      for (const { nibbles, table, quads: length } of runs) records.push(nibbles, table, length, 0);
    }
  }
  const { i32 } = space;
  const pixelsAt = space.take(8 * groups * pixels);
  for (let group = 0, at = pixelsAt / 4; group < groups; group++) {
    for (let pixel = 0; pixel < pixels; pixel++, at += 2) {
      i32[at] = (classes.bases[pixel] as number) * quads;
      i32[at + 1] = offsets[group * taps.length + (classes.classOf[pixel] as number)] as number;
    }
  }
  const classesAt = space.take(4 * records.length);
  i32.set(records, classesAt / 4);
  const basesAt = space.take(bytesPerBases * groups * taps.length);
  writeBases(planned, weights, { firstQuad, endQuad }, i32.subarray(basesAt / 4));
  return { pixels: pixelsAt, classes: classesAt, bases: basesAt };
}

interface Run {
  readonly nibbles: number;
  readonly table: number;
  quads: number;
}

/** Taps that follow each other in the nibbles and in the tables are one run. */
function runsOf(
  { term, plan }: PlannedTerm,
  touched: readonly TouchedTap[],
  { group, firstQuad, endQuad }: { readonly group: number; readonly firstQuad: number; readonly endQuad: number },
): readonly Run[] {
  const { quads, bytesPerQuad } = plan;
  const runs: Run[] = [];
  for (const { tap, offset } of touched) {
    const run = {
      nibbles: offset * quads + firstQuad,
      table: ((group * term.taps + tap) * quads + firstQuad) * bytesPerQuad,
      quads: endQuad - firstQuad,
    };
    const last = runs.at(-1);
    const joins =
      last !== undefined &&
      run.quads === quads &&
      run.nibbles === last.nibbles + last.quads &&
      run.table === last.table + bytesPerQuad * last.quads;
    if (joins) last.quads += run.quads;
    else runs.push(run);
  }
  return runs;
}

function writeBases(
  { term, channels, classes }: PlannedTerm,
  weights: Int8Array,
  { firstQuad, endQuad }: { readonly firstQuad: number; readonly endQuad: number },
  out: Int32Array,
): void {
  const perTap = new Int32Array(term.taps);
  const count = classes.classes.length;
  const endInput = Math.min(term.inputs, 4 * endQuad);
  for (let channel = 0; channel < channels; channel++) {
    perTap.fill(0);
    for (let input = 4 * firstQuad; input < endInput; input++) {
      const first = term.weight + channel * term.weightsPerChannel + input * term.weightsPerInput;
      for (let tap = 0; tap < term.taps; tap++) {
        perTap[tap] = (perTap[tap] as number) + Math.abs(weights[first + tap] as number);
      }
    }
    const group = Math.floor(channel / channelsPerGroup);
    for (const [n, touched] of classes.classes.entries()) {
      let sum = 0;
      for (const { tap } of touched) sum += perTap[tap] as number;
      out[16 * (group * count + n) + placeOfChannel(channel)] = sum;
    }
  }
}
