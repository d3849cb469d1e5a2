/**
 * A block with its faults as typed arrays, and the loop that updates one row. The n of an update depends on the spins that it reads and on the
 * temperature: it is computed once for every pattern of them and then looked up, except where fields or β drift or spins read too many.
 */
import { fullTemperature, type Multiplier } from '../oracle/multiplier.ts';
import type { FaultyNetwork } from './faulty-network.ts';
import { mixed } from './mixing.ts';
import { type Links, PatternTable } from './pattern-table.ts';

export interface SpinProgramParts {
  readonly spins: number;
  /** Free spins by color, in the order in which this machine goes through them; frozen spins left out. */
  readonly colors: readonly (readonly number[])[];
  readonly free: readonly number[];
  readonly pinned: readonly number[];
  readonly network: FaultyNetwork;
  /** M and sh of every coupling of the fixed law, or the strengths of the real law. */
  readonly scaling: { readonly multipliers: readonly Multiplier[] } | { readonly strengths: readonly number[] };
  /** n of a field in the units of the network, at b = 65536. */
  readonly thresholds: { readonly limit: number; readonly n: Int32Array } | ((field: number) => number);
  readonly skipped: { readonly color: number; readonly period: number } | undefined;
  readonly randomOrder: boolean;
  readonly temperatureIgnored: boolean;
  readonly stuck: readonly { readonly spin: number; readonly at: 1 | -1 | undefined }[];
  readonly pinReleased: boolean;
  /** Probability. */
  readonly pinLeak: number;
  /** Share per 10^6 updates. */
  readonly betaDrift: number;
  /** Units of field per 10^6 updates. */
  readonly fieldDrift: { readonly spin: number; readonly perMillion: number } | undefined;
}

/** What one sweep of one row takes. */
export interface SweepInput {
  /** By flat number. */
  readonly r: Uint16Array;
  /** Temperature, 65536 for none; need not be whole. */
  readonly b: number;
  /** Global. */
  readonly sweep: number;
  /** Random bits of this row and sweep, for faults. */
  readonly key: number;
  /** Updates that the machine has made. */
  readonly age: number;
}

export class SpinProgram {
  readonly spins: number;
  readonly free: readonly number[];
  readonly pinned: readonly number[];
  readonly isFree: Uint8Array;
  readonly stuck: SpinProgramParts['stuck'];
  readonly temperatureIgnored: boolean;
  readonly randomOrder: boolean;
  readonly pinReleased: boolean;
  readonly pinLeak: number;
  readonly betaDrift: number;
  readonly #o: SpinProgramParts;
  readonly #colors: readonly Int32Array[];
  readonly #termStart: Int32Array;
  readonly #linkStart: Int32Array;
  /** Where a link reads: the spin, or `spins` plus the spin for its value before the sweep. */
  readonly #read: Uint32Array;
  readonly #weight: Float64Array;
  /** Of every term; under the real law `factor` alone counts. */
  readonly #factor: Float64Array;
  readonly #half: Float64Array;
  readonly #inverse: Float64Array;
  readonly #whole: boolean;
  readonly #links: Links;
  /** By temperature; undefined where a table would be too large. */
  readonly #tables = new Map<number, PatternTable | undefined>();
  readonly #tabulated: boolean;
  /** Every sweep updates the same spins in the same order, and none else changes. */
  readonly order: Uint32Array | undefined;
  /** Whether a link reads what a spin was before the sweep. */
  readonly readsBefore: boolean;

  constructor(o: SpinProgramParts) {
    this.#o = o;
    this.spins = o.spins;
    this.free = o.free;
    this.pinned = o.pinned;
    this.isFree = new Uint8Array(o.spins);
    for (const spin of o.free) this.isFree[spin] = 1;
    this.stuck = o.stuck;
    this.temperatureIgnored = o.temperatureIgnored;
    this.randomOrder = o.randomOrder;
    this.pinReleased = o.pinReleased;
    this.pinLeak = o.pinLeak;
    this.betaDrift = o.betaDrift;
    this.#colors = o.colors.map((list) => Int32Array.from(list));
    this.#whole = 'multipliers' in o.scaling;
    const { links } = o.network;
    const terms: { reader: number; coupling: number; first: number }[] = [];
    for (const [n, { reader, coupling }] of links.entries()) {
      const last = terms.at(-1);
      if (last?.reader !== reader || last.coupling !== coupling) terms.push({ reader, coupling, first: n });
    }
    const counts = new Int32Array(o.spins);
    for (const { reader } of terms) counts[reader] = (counts[reader] as number) + 1;
    this.#termStart = new Int32Array(o.spins + 1);
    for (const [spin, count] of counts.entries()) {
      this.#termStart[spin + 1] = (this.#termStart[spin] as number) + count;
    }
    this.#linkStart = Int32Array.from([...terms.map(({ first }) => first), links.length]);
    this.#read = Uint32Array.from(links, ({ read, stale }) => (stale ? o.spins + read : read));
    this.readsBefore = links.some(({ stale }) => stale);
    this.#weight = Float64Array.from(links, ({ w }) => w);
    const scaling = terms.map(({ coupling }) => scalingOf(o.scaling, coupling));
    this.#factor = Float64Array.from(scaling, ({ factor }) => factor);
    this.#half = Float64Array.from(scaling, ({ sh }) => (sh === 0 ? 0 : 2 ** (sh - 1)));
    this.#inverse = Float64Array.from(scaling, ({ sh }) => 2 ** -sh);
    this.#tabulated = o.betaDrift === 0 && o.fieldDrift === undefined;
    const start = Uint32Array.from(this.#termStart, (term) => this.#linkStart[term] as number);
    this.#links = { start, read: this.#read };
    const plain =
      !o.randomOrder && o.skipped === undefined && o.stuck.length === 0 && !o.pinReleased && o.pinLeak === 0;
    this.order = plain ? Uint32Array.from(o.colors.flat()) : undefined;
  }

  /** One sweep of the row in `scratch` (see fast-sampler.ts); n of every update into `plusDraws` from `offset` on. Returns the flips. */
  update(scratch: Int8Array, plusDraws: Int32Array, offset: number, o: SweepInput): number {
    const { skipped } = this.#o;
    const colors = this.#colors;
    let flips = 0;
    if (this.randomOrder) flips = this.#randomScan(scratch, plusDraws, offset, o);
    for (let n = 0; n < colors.length && !this.randomOrder; n++) {
      if (skipped?.color === n && o.sweep % skipped.period === 0) continue;
      flips += this.#updateList(colors[n] as Int32Array, scratch, plusDraws, offset, o);
    }
    for (let n = 0; n < this.stuck.length; n++) {
      const spin = this.stuck[n]?.spin as number;
      plusDraws[offset + spin] = (scratch[spin] as number) > 0 ? 65536 : 0;
    }
    for (let n = 0; this.pinReleased && n < this.pinned.length; n++) {
      const spin = this.pinned[n] as number;
      const r = mixed(o.key + spin) >>> 16;
      scratch[spin] = r < this.#threshold(this.#field(spin, scratch, o.age), o.b) ? 1 : -1;
    }
    return flips;
  }

  #updateList(list: Int32Array, scratch: Int8Array, plusDraws: Int32Array, offset: number, o: SweepInput): number {
    const { r } = o;
    const table = this.tableAt(o.b);
    let flips = 0;
    for (let at = 0; at < list.length; at++) {
      const spin = list[at] as number;
      const n = table === undefined ? this.#threshold(this.#field(spin, scratch, o.age), o.b) : table.at(spin, scratch);
      const next = (r[spin] as number) < n ? 1 : -1;
      if (next !== scratch[spin]) flips++;
      scratch[spin] = next;
      plusDraws[offset + spin] = n;
    }
    return flips;
  }

  /** What updates come to at a temperature; undefined where it has to be computed. */
  tableAt(b: number): PatternTable | undefined {
    if (!this.#tabulated) return undefined;
    if (this.#tables.has(b) || this.#tables.size === tablesMax) return this.#tables.get(b);
    const made = PatternTable.of(this.#links, (spin, values) => this.#threshold(this.#field(spin, values, 0), b));
    this.#tables.set(b, made);
    return made;
  }

  #randomScan(scratch: Int8Array, plusDraws: Int32Array, offset: number, o: SweepInput): number {
    let flips = 0;
    for (let at = 0; at < this.free.length; at++) {
      const spin = this.free[mixed(o.key + 2 * at) % this.free.length] as number;
      const n = this.#threshold(this.#field(spin, scratch, o.age), o.b);
      const next = mixed(o.key + 2 * at + 1) >>> 16 < n ? 1 : -1;
      if (next !== scratch[spin]) flips++;
      scratch[spin] = next;
      plusDraws[offset + spin] = n;
    }
    return flips;
  }

  #field(spin: number, scratch: Int8Array, age: number): number {
    const { network, fieldDrift } = this.#o;
    let u = network.fields[spin] as number;
    const lastTerm = this.#termStart[spin + 1] as number;
    for (let t = this.#termStart[spin] as number; t < lastTerm; t++) {
      let A = 0;
      const last = this.#linkStart[t + 1] as number;
      for (let n = this.#linkStart[t] as number; n < last; n++) {
        A += (this.#weight[n] as number) * (scratch[this.#read[n] as number] as number);
      }
      const product = A * (this.#factor[t] as number);
      u += this.#whole ? Math.floor((product + (this.#half[t] as number)) * (this.#inverse[t] as number)) : product;
    }
    if (fieldDrift?.spin === spin) u += (fieldDrift.perMillion * age) / 1e6;
    return u;
  }

  #threshold(field: number, b: number): number {
    const { thresholds } = this.#o;
    if (typeof thresholds === 'function') return thresholds((field * b) / fullTemperature);
    // A drifting field is not whole; b of 65536 leaves whole fields as they are.
    const u = Math.floor((field * b + 32768) / 65536);
    const { limit, n } = thresholds;
    return n[Math.max(-limit, Math.min(limit, u)) + limit] as number;
  }
}

/** Temperatures that have a table; a run may have a new one in every sweep. */
const tablesMax = 64;

function scalingOf(
  scaling: SpinProgramParts['scaling'],
  coupling: number,
): { readonly factor: number; readonly sh: number } {
  if (coupling < 0) return { factor: 1, sh: 0 };
  if ('strengths' in scaling) return { factor: scaling.strengths[coupling] as number, sh: 0 };
  const { M, sh } = scaling.multipliers[coupling] as Multiplier;
  return { factor: M, sh };
}
