/**
 * Adding what the driver calls of one run brought, exactly: integer sums in float64 (|sum| ≤ 2⁵³, checked with the
 * request), signs, states and last states to the rows they belong to. The order in which parts arrive does not matter.
 */
import type { Counters, DriverReadout, DriverResult, StateHandle } from '../contract/driver.ts';
import { InvalidRequestError } from '../errors/isinglass-error.ts';
import { emptySpins, type PackedSpins, wordsPerRow } from '../spins/packed-spins.ts';
import { signsOfSums } from '../spins/signs-of-sums.ts';
import { addCounters } from './add-counters.ts';
import { isHandle, type StateTile } from './device-state.ts';
import type { ReadoutPath } from './readout-path.ts';
import type { ResolvedRun } from './resolved-run.ts';
import type { ReadoutResult } from './run-request.ts';
import { scatterRows } from './spin-rows.ts';
import type { Part, Segment } from './split-run.ts';

interface Gathered {
  readonly path: ReadoutPath;
  readonly spinCount: number;
  readonly sums?: Float64Array<ArrayBuffer>;
  readonly signs?: PackedSpins;
  readonly states?: PackedSpins;
}

export class ResultMerger {
  readonly #run: ResolvedRun;
  readonly #readouts: readonly Gathered[];
  readonly #last: Readonly<Record<string, PackedSpins>> | undefined;
  readonly #tiles: StateTile[] = [];
  #counters: Counters | undefined;

  /** Allocates the results; `assertResultFits` comes first. */
  constructor(run: ResolvedRun, paths: readonly ReadoutPath[]) {
    this.#run = run;
    this.#readouts = paths.map((path) => gathered(run, path));
    const rows = run.images.length * run.chains;
    if (run.keep === 'host') {
      this.#last = Object.fromEntries(run.free.map(({ bank, spinCount }) => [bank.id, emptySpins(rows, spinCount)]));
    }
  }

  /** Takes in a driver result that `checkDriverResult` found sound. */
  add(part: Part, segment: Segment, result: DriverResult): void {
    this.#counters = this.#counters === undefined ? result.counters : addCounters(this.#counters, result.counters);
    this.#readouts.forEach((readout, n) => {
      const answer = result.readouts[n];
      if (answer !== undefined) this.#addReadout(readout, answer, part, segment);
    });
  }

  /** Takes in the state after a part's last segment. */
  keep(part: Part, held: StateHandle | Readonly<Record<string, PackedSpins>>): void {
    if (this.#run.keep === 'device') this.#tiles.push({ ...part, held });
    if (this.#last === undefined || isHandle(held)) return;
    for (const [bank, spins] of Object.entries(held)) {
      const all = this.#last[bank];
      if (all !== undefined) scatterRows(spins, all, (row) => rowOf(this.#run, part, row));
    }
  }

  get last(): Readonly<Record<string, PackedSpins>> | undefined {
    return this.#last;
  }

  get tiles(): readonly StateTile[] {
    return this.#tiles;
  }

  get counters(): Counters {
    return this.#counters ?? {};
  }

  /** In request order; once every part is in. */
  readouts(): readonly ReadoutResult[] {
    return this.#readouts.map(({ path: { request }, sums, signs, states }) => {
      if (states !== undefined) return { request, states };
      if (sums === undefined) return signs === undefined ? { request } : { request, signs };
      if (request.as === 'sums') return { request, sums };
      const taken = signsOfSums(sums, this.#run.images.length, request.tie);
      return request.as === 'signs' ? { request, signs: taken } : { request, sums, signs: taken };
    });
  }

  #addReadout(readout: Gathered, answer: DriverReadout, part: Part, segment: Segment): void {
    const { spinCount } = readout;
    if (readout.sums !== undefined && answer.sums !== undefined) {
      const first = part.firstImage * spinCount;
      for (let i = 0; i < answer.sums.length; i++) {
        readout.sums[first + i] = (readout.sums[first + i] as number) + (answer.sums[i] as number);
      }
    }
    if (readout.sums !== undefined && answer.states !== undefined) {
      countStates(answer.states, readout.sums, {
        firstImage: part.firstImage,
        statesPerImage: part.chains * segment.samples,
      });
    }
    if (readout.signs !== undefined && answer.signs !== undefined) {
      scatterRows(answer.signs, readout.signs, (row) => part.firstImage + row);
    }
    if (readout.states !== undefined && answer.states !== undefined) {
      scatterRows(answer.states, readout.states, (row) => {
        const sample = segment.firstSample + (row % segment.samples);
        return rowOf(this.#run, part, Math.floor(row / segment.samples)) * this.#run.retained + sample;
      });
    }
  }
}

/** The row of the run that a row of the part is: row = image · chains + chain (semantics 2.6). */
function rowOf(run: ResolvedRun, part: Part, row: number): number {
  return (part.firstImage + Math.floor(row / part.chains)) * run.chains + part.firstChain + (row % part.chains);
}

function gathered(run: ResolvedRun, path: ReadoutPath): Gathered {
  const spinCount = spinCountOf(run, path);
  const base = { path, spinCount };
  const images = run.images.length;
  switch (path.merge) {
    case 'add-sums':
    case 'count-states':
      return { ...base, sums: new Float64Array(images * spinCount) };
    case 'place-signs':
      return { ...base, signs: emptySpins(images, spinCount) };
    case 'place-states':
      return { ...base, states: emptySpins(images * run.chains * run.retained, spinCount) };
    default:
      return path.merge satisfies never;
  }
}

function spinCountOf(run: ResolvedRun, path: ReadoutPath): number {
  return run.free.find(({ bank }) => bank.id === path.request.bank)?.spinCount ?? 0;
}

/** Σ s over the states of each image, into `sums[image][spin]`. */
function countStates(
  states: PackedSpins,
  sums: Float64Array,
  o: { readonly firstImage: number; readonly statesPerImage: number },
): void {
  const { spinCount, words } = states;
  const width = wordsPerRow(spinCount);
  for (let row = 0; row < states.rows; row++) {
    const first = (o.firstImage + Math.floor(row / o.statesPerImage)) * spinCount;
    for (let i = 0; i < spinCount; i++) {
      const bit = ((words[row * width + (i >>> 5)] as number) >>> (i & 31)) & 1;
      sums[first + i] = (sums[first + i] as number) + 2 * bit - 1;
    }
  }
}

/** Throws InvalidRequestError when the results of the run would take more than `bytesMax` on the host. */
export function assertResultFits(run: ResolvedRun, paths: readonly ReadoutPath[], bytesMax: number): void {
  const images = run.images.length;
  let bytes = 0;
  for (const path of paths) {
    const spinCount = spinCountOf(run, path);
    const packed = 4 * wordsPerRow(spinCount);
    if (path.merge === 'place-states') bytes += images * run.chains * run.retained * packed;
    else bytes += images * (path.merge === 'place-signs' ? 0 : 8 * spinCount) + images * packed;
  }
  if (run.keep === 'host') {
    for (const { spinCount } of run.free) bytes += images * run.chains * 4 * wordsPerRow(spinCount);
  }
  if (bytes <= bytesMax) return;
  throw new InvalidRequestError(
    `the results of this run take ${bytes} bytes; allowed: ${bytesMax} (limits.resultBytesMax); ` +
      'ask for fewer images at a time, signs instead of sums, or sums instead of states',
    { where: 'readouts' },
  );
}
