/**
 * The cycles of one half-sweep, walked from event to event as the units of the generated SystemVerilog work side by side:
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
  readonly lastOfTile: boolean;
}

export function halfSweepCycles(tiles: HalfSweep, shape: WalkShape): CycleCounts {
  const counts: Partial<Record<CycleCause, number>> = {};
  const count = (cause: CycleCause, cycles: number): void => {
    counts[cause] = (counts[cause] ?? 0) + cycles;
  };
  const units = new Units(tiles, shape);
  while (!units.done) {
    const { cause, cycles } = units.advance();
    count(cause, cycles);
  }
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

  /** Of the array: its group, run and cycles done of the run; whether the group has begun. */
  #summing = 0;
  #run = 0;
  #cycleOfRun = 0;
  #begun = false;
  /** Tiles whose sums are done. */
  #tilesSummed = 0;

  /** Of the samplers: their group, chunk and cycles of the draw of the chunk. */
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

  /** The next cycles of all units, up to the end of what any of them is doing. What one of them finishes, the others see in the next. */
  advance(): { readonly cause: CycleCause; readonly cycles: number } {
    const group = this.#groups[this.#summing];
    const [isSum, runCycles] = group?.runs[this.#run] ?? [false, 0];
    const buffersFree = this.#summing - this.#sampling < 2;
    const weightsHere = this.#shape.cyclesPerWeightRow === 0 || this.#tilesFetched > this.#tilesSummed;
    const sums = group !== undefined && (this.#begun || (buffersFree && weightsHere));
    const samples = this.#sampling < this.#summing;
    const fetches =
      this.#shape.cyclesPerWeightRow > 0 &&
      this.#tilesFetched - this.#tilesSummed < 2 &&
      this.#tilesFetched < this.#fetches.length;
    const cycles = Math.min(
      sums ? runCycles - this.#cycleOfRun : Number.POSITIVE_INFINITY,
      samples ? this.#samplerCycles() : Number.POSITIVE_INFINITY,
      fetches ? (this.#fetches[this.#tilesFetched] as number) - this.#cycleOfFetch : Number.POSITIVE_INFINITY,
    );
    const idle = group !== undefined && buffersFree ? 'weightStall' : this.#drawing ? 'rngStall' : 'sample';
    if (sums) this.#sum(cycles);
    if (samples) this.#sample(cycles);
    if (fetches) this.#fetch(cycles);
    return { cause: sums ? (isSum ? 'mac' : 'scale') : idle, cycles };
  }

  get #drawing(): boolean {
    return this.#cycleOfChunk < this.#shape.cyclesPerDraw;
  }

  /** Until the samplers do something else than now. */
  #samplerCycles(): number {
    if (this.#drawing) return this.#shape.cyclesPerDraw - this.#cycleOfChunk;
    return this.#shape.cyclesPerDraw > 0 ? 1 : (this.#groups[this.#sampling] as Group).chunks - this.#chunk;
  }

  #sum(cycles: number): void {
    const { runs, lastOfTile } = this.#groups[this.#summing] as Group;
    this.#begun = true;
    this.#cycleOfRun += cycles;
    if (this.#cycleOfRun < (runs[this.#run] as Group['runs'][number])[1]) return;
    this.#cycleOfRun = 0;
    this.#run++;
    if (this.#run < runs.length) return;
    this.#run = 0;
    this.#begun = false;
    this.#summing++;
    if (lastOfTile) this.#tilesSummed++;
  }

  #sample(cycles: number): void {
    if (this.#drawing) {
      this.#cycleOfChunk += cycles;
      return;
    }
    this.#cycleOfChunk = 0;
    this.#chunk += cycles;
    if (this.#chunk < (this.#groups[this.#sampling] as Group).chunks) return;
    this.#chunk = 0;
    this.#sampling++;
  }

  #fetch(cycles: number): void {
    this.#cycleOfFetch += cycles;
    if (this.#cycleOfFetch < (this.#fetches[this.#tilesFetched] as number)) return;
    this.#cycleOfFetch = 0;
    this.#tilesFetched++;
  }
}
