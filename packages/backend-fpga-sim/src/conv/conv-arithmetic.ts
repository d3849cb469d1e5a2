/**
 * What the adders of a convolution engine give, tile by tile. Cycles are not its business (half-sweep-walk.ts): any implementation that gives the same fields
 * may take its place.
 */
import type { ConvParameters } from '../parameters/engine-parameters.ts';
import type { ConvMemories } from './conv-memories.ts';
import { invalidSource } from './conv-memory-map.ts';
import type { ConvSchedule, ScheduledTerm, ScheduledTile } from './conv-schedule.ts';

export interface ConvArithmetic {
  /** What descriptors, SOURCES and WEIGHTS say has changed. In slices of a millisecond. */
  prepare(schedule: ConvSchedule): Generator<void, void, void>;
  /** States have changed since the last call of `addTile`. */
  begin(): void;
  /** out[channel · pixels + pixel] = Σ_terms scaled(A), for all spins of a tile. Additions that left the accumulator are counted. */
  addTile(tile: ScheduledTile, out: Int32Array): void;
  saturations: number;
}

/** Plain TypeScript: the witness of what is faster. */
export class ScalarConvArithmetic implements ConvArithmetic {
  saturations = 0;
  readonly #memories: ConvMemories;
  readonly #p: ConvParameters;
  /** States of all inputs of a term, `[input][tap][pixel]`; 0 on padding. By what they depend on; empty ones are to be filled. */
  readonly #planes = new Map<string, { fresh: boolean; readonly states: Int8Array }>();
  #sums = new Int32Array(0);
  #row = new Int32Array(0);

  constructor(memories: ConvMemories, p: ConvParameters) {
    this.#memories = memories;
    this.#p = p;
  }

  begin(): void {
    for (const planes of this.#planes.values()) planes.fresh = false;
  }

  *prepare(): Generator<void, void, void> {
    this.#planes.clear();
    yield;
  }

  addTile(tile: ScheduledTile, out: Int32Array): void {
    const { channels, pixels } = tile;
    out.fill(0, 0, channels * pixels);
    if (this.#sums.length < pixels) this.#sums = new Int32Array(pixels);
    for (const term of tile.terms) {
      const states = this.#statesOf(term, pixels);
      const length = term.inputs * term.taps;
      if (this.#row.length < length) this.#row = new Int32Array(length);
      for (let channel = 0; channel < channels; channel++) {
        this.#takeRow(term, channel);
        const sums = this.#sums;
        if (this.#p.overflow === 'saturate') this.#addSaturating(states, length, pixels);
        else if (pixels === 1) sums[0] = this.#kept(addVector(this.#row, states, length));
        else {
          addPlanes(this.#row, states, length, sums, pixels);
          for (let pixel = 0; pixel < pixels; pixel++) sums[pixel] = this.#kept(sums[pixel] as number);
        }
        const { factor, half, divisor } = term;
        for (let pixel = 0, at = channel * pixels; pixel < pixels; pixel++, at++) {
          // Exact: |A · M| < 2⁴⁸, and the divisor is a power of two. Fields keep their low 32 bits.
          out[at] = ((out[at] as number) + Math.floor(((sums[pixel] as number) * factor + half) / divisor)) | 0;
        }
      }
    }
  }

  /** The weights of one channel of the tile, in the order in which they are added. */
  #takeRow({ weight, weightsPerChannel, weightsPerInput, inputs, taps }: ScheduledTerm, channel: number): void {
    const { weights } = this.#memories;
    let n = 0;
    for (let input = 0; input < inputs; input++) {
      const first = weight + channel * weightsPerChannel + input * weightsPerInput;
      for (let tap = 0; tap < taps; tap++) this.#row[n++] = weights[first + tap] as number;
    }
  }

  /** A register without saturation keeps its low bits. */
  #kept(sum: number): number {
    const unused = 32 - this.#p.accumulatorBits;
    return (sum << unused) >> unused;
  }

  /** B terms of a step are added up, and then to the sum, which stops at the ends of its register. */
  #addSaturating(states: Int8Array, length: number, pixels: number): void {
    const max = 2 ** (this.#p.accumulatorBits - 1) - 1;
    const min = -max - 1;
    const row = this.#row;
    for (let pixel = 0; pixel < pixels; pixel++) {
      let sum = 0;
      for (let begin = 0; begin < length; begin += this.#p.taps) {
        const end = Math.min(length, begin + this.#p.taps);
        for (let n = begin; n < end; n++) sum += (row[n] as number) * (states[n * pixels + pixel] as number);
        if (sum > max || sum < min) {
          sum = sum > max ? max : min;
          this.saturations++;
        }
      }
      this.#sums[pixel] = sum;
    }
  }

  #statesOf(term: ScheduledTerm, pixels: number): Int8Array {
    const { source, sources, inputs, taps, sitesPerInput } = term;
    const key = `${source} ${sources} ${inputs} ${taps} ${sitesPerInput} ${pixels}`;
    let planes = this.#planes.get(key);
    if (planes === undefined) {
      planes = { fresh: false, states: new Int8Array(inputs * taps * pixels) };
      this.#planes.set(key, planes);
    }
    if (!planes.fresh) {
      planes.fresh = true;
      gather(this.#memories, term, pixels, planes.states);
    }
    return planes.states;
  }
}

function gather(memories: ConvMemories, term: ScheduledTerm, pixels: number, out: Int8Array): void {
  const { states, sources } = memories;
  const perInput = term.taps * pixels;
  let at = 0;
  for (let input = 0; input < term.inputs; input++) {
    const first = term.source + input * term.sitesPerInput;
    for (let n = term.sources; n < term.sources + perInput; n++, at++) {
      const pixel = sources[n] as number;
      out[at] = pixel >= invalidSource ? 0 : (states[first + pixel] as number);
    }
  }
}

function addVector(row: Int32Array, states: Int8Array, length: number): number {
  let sum = 0;
  for (let n = 0; n < length; n++) sum = (sum + Math.imul(row[n] as number, states[n] as number)) | 0;
  return sum;
}

/** Four planes at a time: sums are loaded and stored a quarter as often. */
function addPlanes(row: Int32Array, states: Int8Array, length: number, sums: Int32Array, pixels: number): void {
  sums.fill(0, 0, pixels);
  let n = 0;
  for (; n + 4 <= length; n += 4) {
    const w0 = row[n] as number;
    const w1 = row[n + 1] as number;
    const w2 = row[n + 2] as number;
    const w3 = row[n + 3] as number;
    let a0 = n * pixels;
    let a1 = a0 + pixels;
    let a2 = a1 + pixels;
    let a3 = a2 + pixels;
    for (let pixel = 0; pixel < pixels; pixel++) {
      const sum01 = Math.imul(w0, states[a0++] as number) + Math.imul(w1, states[a1++] as number);
      const sum23 = Math.imul(w2, states[a2++] as number) + Math.imul(w3, states[a3++] as number);
      sums[pixel] = (sums[pixel] as number) + sum01 + sum23;
    }
  }
  for (; n < length; n++) {
    const w = row[n] as number;
    let at = n * pixels;
    for (let pixel = 0; pixel < pixels; pixel++) {
      sums[pixel] = (sums[pixel] as number) + Math.imul(w, states[at++] as number);
    }
  }
}
