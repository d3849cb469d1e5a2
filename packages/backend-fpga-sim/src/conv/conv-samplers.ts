/** The samplers of a convolution engine: Q spins at a time draw a number each and take their states. */
import type { LaneGenerators } from '../generators/lane-generators.ts';
import type { MachineCounters } from '../host/machine-counters.ts';
import { type WrittenOutTable, writtenOut } from '../lane/lane-table.ts';
import type { ConvMemories } from './conv-memories.ts';
import { header } from './conv-memory-map.ts';
import type { ScheduledTile } from './conv-schedule.ts';

/** What of a sweep its command says. */
export interface SweepOrder {
  /** c1 of semantics 5.1. */
  readonly sweep: number;
  /** b_t, or null: without temperatures. */
  readonly temperature: number | null;
  readonly retained: boolean;
  readonly conditionalSums: boolean;
  /** Sums begin anew. */
  readonly clearSums: boolean;
}

export interface ConvSamplersOptions {
  readonly memories: ConvMemories;
  readonly generators: LaneGenerators;
  readonly counters: MachineCounters;
  /** Q. */
  readonly samplers: number;
  /** S. */
  readonly pixels: number;
  readonly counterBits: number;
}

/** The update slots of a tile, from its first on, in the order in which they are sampled; and where each draw of all samplers ends. */
interface SamplingOrder {
  readonly slots: Uint32Array;
  readonly ends: Uint32Array;
}

export class ConvSamplers {
  readonly #o: ConvSamplersOptions;
  /** By the shape of a tile. */
  readonly #orders = new Map<number, SamplingOrder>();
  /** r of the samplers, and the spins that they are for. */
  readonly #draws: Uint16Array;
  readonly #spins: Uint32Array;
  /** Of the table as it was after so many writes. */
  #table: (WrittenOutTable & { readonly tableWrites: number; readonly scheduleWrites: number }) | null = null;

  constructor(o: ConvSamplersOptions) {
    this.#o = o;
    this.#draws = new Uint16Array(o.samplers);
    this.#spins = new Uint32Array(o.samplers);
  }

  /** Random states of a tile; how often the samplers have drawn. */
  start(tile: ScheduledTile): number {
    const { slots, ends } = this.#orderOf(tile);
    const { states } = this.#o.memories;
    const draws = this.#draws;
    let begin = 0;
    for (const end of ends) {
      this.#draw(tile, slots, { begin, end, sweep: 0 });
      for (let n = begin; n < end; n++) {
        states[tile.site + (slots[n] as number)] = (draws[n - begin] as number) < 32768 ? 1 : -1;
      }
      begin = end;
    }
    return ends.length;
  }

  /** New states of a tile from what its couplings add to its fields, `[channel][pixel]`. */
  update(tile: ScheduledTile, added: Int32Array, order: SweepOrder): void {
    const { slots, ends } = this.#orderOf(tile);
    const { site } = tile;
    const { states, fields, sums, conditionalSums: conditional } = this.#o.memories;
    const draws = this.#draws;
    const { limit, thresholds } = this.#thresholds();
    const unused = 32 - this.#o.counterBits;
    const { temperature, retained, conditionalSums, clearSums } = order;
    let flips = 0;
    let begin = 0;
    for (const end of ends) {
      this.#draw(tile, slots, { begin, end, sweep: order.sweep });
      for (let n = begin; n < end; n++) {
        const at = slots[n] as number;
        const slot = site + at;
        let field = ((fields[slot] as number) + (added[at] as number)) | 0;
        if (temperature !== null) field = Math.floor((field * temperature + 32768) / 65536) | 0;
        const threshold = thresholds[Math.max(-limit, Math.min(limit, field)) + limit] as number;
        // Without branches, for nobody can foresee them: the sign of r − T makes +1 or −1, and −2 is what two states differ in.
        const state = 1 - 2 * ((threshold - 1 - (draws[n - begin] as number)) >>> 31);
        flips += (state ^ (states[slot] as number)) >>> 31;
        states[slot] = state;
        if (clearSums) {
          sums[slot] = 0;
          conditional[slot] = 0;
        }
        if (!retained) continue;
        sums[slot] = (((sums[slot] as number) + state) << unused) >> unused;
        if (conditionalSums) conditional[slot] = (conditional[slot] as number) + 2 * threshold - 65536;
      }
      begin = end;
    }
    const { counters } = this.#o;
    counters.updates += slots.length;
    counters.flips += flips;
  }

  #thresholds(): WrittenOutTable {
    const { table, header: words, tableWrites, scheduleWrites } = this.#o.memories;
    if (this.#table?.tableWrites !== tableWrites || this.#table.scheduleWrites !== scheduleWrites) {
      const written = writtenOut(table, words[header.tableShift] as number, words[header.tableLast] as number);
      this.#table = { ...written, tableWrites, scheduleWrites };
    }
    return this.#table;
  }

  /** Numbers of all samplers, whether they have a spin or not. */
  #draw(
    tile: ScheduledTile,
    slots: Uint32Array,
    { begin, end, sweep }: { readonly begin: number; readonly end: number; readonly sweep: number },
  ): void {
    const spins = this.#spins;
    // Streams do not ask whose numbers they are.
    if (this.#o.generators.stateWords === 0) {
      for (let n = begin; n < end; n++) spins[n - begin] = (slots[n] as number) + tile.spinIndex;
    }
    this.#o.generators.draw(this.#draws, spins, 0, sweep);
  }

  #orderOf({ channels, pixels }: ScheduledTile): SamplingOrder {
    const key = channels * 2 ** 24 + pixels;
    let order = this.#orders.get(key);
    if (order === undefined) {
      order = samplingOrder(channels, pixels, this.#o);
      this.#orders.set(key, order);
    }
    return order;
  }
}

/** Group after group of S pixels; of a group channel after channel, Q spins at a time. */
function samplingOrder(
  channels: number,
  pixels: number,
  shape: { readonly samplers: number; readonly pixels: number },
): SamplingOrder {
  const slots = new Uint32Array(channels * pixels);
  const ends: number[] = [];
  let at = 0;
  for (let first = 0; first < pixels; first += shape.pixels) {
    const groupBegin = at;
    const end = Math.min(pixels, first + shape.pixels);
    for (let channel = 0; channel < channels; channel++) {
      for (let pixel = first; pixel < end; pixel++) slots[at++] = channel * pixels + pixel;
    }
    for (let n = groupBegin + shape.samplers; n < at; n += shape.samplers) ends.push(n);
    ends.push(at);
  }
  return { slots, ends: Uint32Array.from(ends) };
}
