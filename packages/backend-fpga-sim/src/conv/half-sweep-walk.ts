/**
 * The cycles of one half-sweep, walked one by one as the control of the generated SystemVerilog does. Three units work side by side:
 *
 *   array     A × B × S adders. A group (the tile's channels, S of its pixels) takes for each term its steps and one cycle in which the sums are scaled; without
 *             terms, one cycle. Its fields go to one of two buffers, where the samplers find them.
 *   samplers  take a group's spins, Q at a time: the cycles of a draw, then one.
 *   fetcher   where weights come from outside: brings the next tile's weights into one of two buffers, a number of cycles for each step.
 *
 * Every cycle has one cause: what the array does; else why it cannot go on: the samplers still have both buffers (rngStall while they draw, else sample), its
 * weights are not here yet (weightStall), or all is summed and the last group is being sampled. Then the samplers drain: colorStall.
 */
import { addCycles } from '../timing/add-cycles.ts';
import type { CycleCause, CycleCounts } from '../timing/cycle-causes.ts';
import type { HalfSweep } from './conv-schedule.ts';

export interface WalkShape {
  /** S. */
  readonly pixels: number;
  /** Q. */
  readonly samplers: number;
  readonly fillCycles: number;
  /** From the start of a draw until it can be used; 0 in the static pass, which draws nothing. */
  readonly cyclesPerDraw: number;
  /** Cycles in which the weights of one step come from outside memory; 0: weights are on chip. */
  readonly cyclesPerWeightRow: number;
}

/** A group of spins that is summed at once. */
interface Group {
  /** Cycles of the array in order: true is a sum, false a scaling. Runs: [is a sum, cycles]. */
  readonly runs: readonly (readonly [boolean, number])[];
  readonly chunks: number;
  readonly firstOfTile: boolean;
  readonly lastOfTile: boolean;
}

export function halfSweepCycles(tiles: HalfSweep, shape: WalkShape): CycleCounts {
  const counts: Partial<Record<CycleCause, number>> = {};
  const count = (cause: CycleCause, cycles: number): void => {
    counts[cause] = (counts[cause] ?? 0) + cycles;
  };
  const units = new Units(tiles, shape);
  while (!units.done) count(units.cycle(), 1);
  count('colorStall', shape.fillCycles);
  return addCycles(counts);
}

function groupsOf(tiles: HalfSweep, shape: WalkShape): readonly Group[] {
  return tiles.flatMap(({ terms, channels, pixels }) => {
    const runs: (readonly [boolean, number])[] = terms.flatMap(({ steps }) => [
      [true, steps] as const,
      [false, 1] as const,
    ]);
    if (runs.length === 0) runs.push([false, 1]);
    const groups: Group[] = [];
    for (let pixel = 0; pixel < pixels; pixel += shape.pixels) {
      groups.push({
        runs,
        chunks: Math.ceil((channels * Math.min(shape.pixels, pixels - pixel)) / shape.samplers),
        firstOfTile: pixel === 0,
        lastOfTile: pixel + shape.pixels >= pixels,
      });
    }
    return groups;
  });
}

class Units {
  readonly #shape: WalkShape;
  readonly #groups: readonly Group[];
  /** Cycles in which each tile's weights are fetched. */
  readonly #fetches: readonly number[];

  /** Of the array: its group, run and cycles done of the run. */
  #summing = 0;
  #run = 0;
  #cycleOfRun = 0;
  #begun = false;
  /** Tiles whose sums are done. */
  #tilesSummed = 0;

  /** Of the samplers: their group, chunk and cycles done of the chunk. */
  #sampling = 0;
  #chunk = 0;
  #cycleOfChunk = 0;

  /** Tiles whose weights are here, and cycles done of the next. */
  #tilesFetched = 0;
  #cycleOfFetch = 0;

  constructor(tiles: HalfSweep, shape: WalkShape) {
    this.#shape = shape;
    this.#groups = groupsOf(tiles, shape);
    this.#fetches = tiles.map(({ terms }) =>
      Math.max(1, shape.cyclesPerWeightRow * terms.reduce((sum, { steps }) => sum + steps, 0)),
    );
  }

  get done(): boolean {
    return this.#sampling === this.#groups.length;
  }

  /** One cycle of all units. What one of them finishes in it, the others see in the next. */
  cycle(): CycleCause {
    const summed = this.#summing;
    const sampled = this.#sampling;
    const drawing = this.#cycleOfChunk < this.#shape.cyclesPerDraw;
    const { tilesFetched, tilesSummed } = { tilesFetched: this.#tilesFetched, tilesSummed: this.#tilesSummed };
    const buffersFree = summed - sampled < 2;
    const weightsHere = this.#shape.cyclesPerWeightRow === 0 || tilesFetched > tilesSummed;
    const waitsForWeights = summed < this.#groups.length && buffersFree && !this.#begun && !weightsHere;
    let cause: CycleCause = waitsForWeights ? 'weightStall' : drawing ? 'rngStall' : 'sample';
    if (summed < this.#groups.length && (this.#begun || (buffersFree && weightsHere))) cause = this.#sum();
    if (sampled < summed) this.#sample();
    if (this.#shape.cyclesPerWeightRow > 0 && tilesFetched - tilesSummed < 2) this.#fetch();
    return cause;
  }

  #sum(): CycleCause {
    const { runs, lastOfTile } = this.#groups[this.#summing] as Group;
    const [isSum, cycles] = runs[this.#run] as readonly [boolean, number];
    this.#begun = true;
    this.#cycleOfRun++;
    if (this.#cycleOfRun === cycles) {
      this.#cycleOfRun = 0;
      this.#run++;
    }
    if (this.#run === runs.length) {
      this.#run = 0;
      this.#begun = false;
      this.#summing++;
      if (lastOfTile) this.#tilesSummed++;
    }
    return isSum ? 'mac' : 'scale';
  }

  #sample(): void {
    this.#cycleOfChunk++;
    if (this.#cycleOfChunk <= this.#shape.cyclesPerDraw) return;
    this.#cycleOfChunk = 0;
    this.#chunk++;
    if (this.#chunk < (this.#groups[this.#sampling] as Group).chunks) return;
    this.#chunk = 0;
    this.#sampling++;
  }

  #fetch(): void {
    const cycles = this.#fetches[this.#tilesFetched];
    if (cycles === undefined) return;
    this.#cycleOfFetch++;
    if (this.#cycleOfFetch < cycles) return;
    this.#cycleOfFetch = 0;
    this.#tilesFetched++;
  }
}
