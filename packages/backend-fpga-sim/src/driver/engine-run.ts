/**
 * One run on an emulated machine, which holds one row (image, chain) at a time: rows come one after the other, each for all sweeps that are asked for. Where
 * sweeps are asked for in pieces (a trace), a row is read back and written again, as a host must do with a machine of one context.
 */
import { type Counters, type DriverReadout, type DriverRun, emptySpins, type PackedSpins } from '@isinglass/sdk';
import { type FixedConstants, type KeptState, type MachineRun, Slicer } from '@isinglass/sdk/machine-driver';
import type { Burst, HostCounts, MachineHost } from '../host/machine-host.ts';
import { flags, starts } from '../host/register-map.ts';
import { TimelineRecorder } from '../host/timeline-recorder.ts';
import { type CycleCause, cycleCauses } from '../timing/cycle-causes.ts';
import type { LoadedOnEngine } from './engine-machine.ts';
import type { PinnedImage } from './residency.ts';
import { RunReadouts } from './run-readouts.ts';

export interface EngineRunOptions {
  readonly loaded: LoadedOnEngine;
  readonly run: DriverRun;
  /** The state that a resumed run goes on from. */
  readonly from: KeptState | null;
  readonly signals: readonly AbortSignal[];
  readonly constants: () => Generator<void, FixedConstants, void>;
}

/** A row that another one has taken the place of. */
interface RowContext {
  readonly spins: Uint32Array;
  readonly generators: Uint32Array;
  readonly fields: Uint32Array;
  readonly sums: Uint32Array;
  readonly conditionalSums: Uint32Array;
  readonly sweepsDone: number;
}

/** What a handle keeps, beside the states: where the random numbers of each row go on. */
interface EngineState extends KeptState {
  readonly generators: readonly Uint32Array[];
}

const engineStates = new WeakSet<KeptState>();

export class EngineRun implements MachineRun {
  readonly #o: EngineRunOptions;
  readonly #host: MachineHost;
  readonly #slicer: Slicer;
  readonly #rows: number;
  /** Rows that are not in the machine; the one that is has none. */
  readonly #contexts: (RowContext | null)[];
  readonly #begun: boolean[];
  /** Of rows whose sweeps are all done. */
  readonly #generators: Uint32Array[] = [];
  readonly #readouts: RunReadouts;
  #recorder: TimelineRecorder | null = null;
  #staticPasses = 0;
  #present = -1;
  /** The image that was asked for last. */
  #pinned: PinnedImage | null = null;
  #before: HostCounts | null = null;
  #after: HostCounts | null = null;

  constructor(o: EngineRunOptions) {
    const { run, from } = o;
    if (from !== null && !engineStates.has(from)) throw new TypeError('the kept state is of another machine');
    this.#o = o;
    this.#host = o.loaded.host;
    this.#slicer = new Slicer(o.signals);
    this.#rows = run.images.length * run.chains;
    this.#contexts = Array.from({ length: this.#rows }, () => null);
    this.#begun = Array.from({ length: this.#rows }, () => false);
    this.#readouts = new RunReadouts(run, o.loaded);
  }

  get flips(): number {
    return (this.#after?.flips ?? 0) - (this.#before?.flips ?? 0);
  }

  async prepare(): Promise<void> {
    this.#before = await this.#host.counts();
    this.#record(this.#before);
    const constants = await this.#slicer.drain(this.#o.constants());
    await this.#o.loaded.residency.bring(this.#o.loaded.placed, constants);
    const { run, loaded } = this.#o;
    await this.#host.set({
      SEED_LOW: Number(run.seed & 0xffff_ffffn),
      SEED_HIGH: Number(run.seed >> 32n),
      SWEEP_OFFSET: run.sweepOffset,
      BURN_IN: run.burnIn,
      STRIDE: run.stride,
      START: run.start.kind === 'random' ? starts.random : starts.given,
    });
    this.#slicer.check();
    if (run.start.kind === 'feed-forward') throw new TypeError(`block ${loaded.block.id}: the sdk lowers this start`);
  }

  async advance(first: number, last: number, onProgress: (done: number) => void): Promise<void> {
    let told = first - 1;
    const tell = (done: number): void => {
      while (told < Math.min(done, last)) onProgress(++told);
    };
    for (let row = 0; row < this.#rows; row++) {
      await this.#enter(row);
      for (const [begin, end] of this.#pieces(first, last)) {
        await this.#sweep(row, { begin, end, onTurn: row === this.#rows - 1 ? tell : () => {} });
        await this.#readouts.takeSample(this.#host, row, end);
      }
      if (last === this.#o.run.sweeps) await this.#finish(row);
    }
    tell(last);
  }

  async pack(): Promise<Readonly<Record<string, PackedSpins>>> {
    const { block, placed } = this.#o.loaded;
    const banks: Record<string, PackedSpins> = {};
    for (const { id, role, shape } of block.banks) {
      if (role === 'free')
        banks[id] = emptySpins(
          this.#rows,
          shape.reduce((product, size) => product * size, 1),
        );
    }
    for (let row = 0; row < this.#rows; row++) {
      if (!this.#begun[row]) await this.#enter(row);
      if (!this.#begun[row]) await this.#begin(row, 0);
      const words =
        this.#present === row
          ? await this.#host.read('spins', 0, placed.spinWords)
          : (this.#contexts[row] as RowContext).spins;
      for (const [id, into] of Object.entries(banks)) placed.takeStates(words, id, into, row);
    }
    this.#after = await this.#host.counts();
    return banks;
  }

  async readouts(): Promise<readonly DriverReadout[]> {
    this.#after = await this.#host.counts();
    return this.#readouts.results();
  }

  keep(last: Readonly<Record<string, PackedSpins>>): KeptState {
    const state: EngineState = {
      block: this.#o.run.block,
      rows: this.#rows,
      last,
      generators: this.#generators,
      // Plain arrays: the collector takes them.
      end: () => {},
    };
    engineStates.add(state);
    return state;
  }

  counters(): Omit<Counters, 'flips'> {
    const before = this.#before;
    const after = this.#after;
    if (before === null || after === null) throw new TypeError('the run has not ended');
    const linkNs = after.linkNs - before.linkNs;
    const { clockHz, engine } = this.#o.loaded;
    const memoryBits = this.#memoryBits();
    const cycles = Object.fromEntries(
      cycleCauses.map((cause) => [
        cause,
        cause === 'io' ? Math.ceil((linkNs * clockHz) / 1e9) : after.cycles[cause] - before.cycles[cause],
      ]),
    ) as Record<CycleCause, number>;
    const total = Object.values(cycles).reduce((sum, each) => sum + each, 0);
    return {
      cycles,
      deviceNs: Math.round((total / clockHz) * 1e9),
      bytesIn: after.bytesIn - before.bytesIn,
      bytesOut: after.bytesOut - before.bytesOut,
      saturations: after.saturations - before.saturations,
      ...(memoryBits === null ? {} : { memoryBits }),
      ...(engine.adders === null ? {} : { synapticOperationsMax: engine.adders * total }),
    };
  }

  /** Plain arrays: the collector takes them. The next run begins with a start of its own. */
  end(): void {
    if (this.#recorder === null) return;
    this.#recorder.end();
    this.#host.record(null);
  }

  #record(before: HostCounts): void {
    const { run, loaded } = this.#o;
    if (run.timeline === undefined) return;
    const { clockHz, placed, block } = loaded;
    this.#recorder = new TimelineRecorder({ sink: run.timeline, clockHz, before, phases: placed.phases });
    this.#host.record(this.#recorder);
    const { images, chains, sweeps } = run;
    this.#recorder.open('run', block.id, { images: images.length, chains, sweeps });
  }

  /** Of all passes; null: it is not stated what a step fetches. */
  #memoryBits(): number | null {
    const { engine, placed } = this.#o.loaded;
    if (engine.weightBitsPerStep === null) return null;
    const { staticPass, sweep } = placed.weightSteps;
    const steps = this.#staticPasses * staticPass + this.#rows * this.#o.run.sweeps * sweep;
    return engine.weightBitsPerStep * steps;
  }

  /** Where a command must end: what TEMPERATURES holds, and every retained sweep where states are read. */
  *#pieces(first: number, last: number): Generator<readonly [number, number], void, void> {
    const { run, loaded } = this.#o;
    const longest = run.temperatures === null ? Number.POSITIVE_INFINITY : loaded.engine.temperatureDepth;
    for (let begin = first; begin <= last; ) {
      const sample = this.#readouts.eachSample ? firstRetained(run, begin) : Number.POSITIVE_INFINITY;
      // A run may have 2³² sweeps: they are not counted one by one.
      const end = Math.min(last, sample, begin + longest - 1);
      yield [begin, end];
      begin = end + 1;
    }
  }

  async #sweep(
    row: number,
    { begin, end, onTurn }: { readonly begin: number; readonly end: number; readonly onTurn: (done: number) => void },
  ): Promise<void> {
    const { temperatures } = this.#o.run;
    if (temperatures !== null) {
      await this.#host.write({ window: 'temperatures', offset: 0, words: temperatures.slice(begin - 1, end) });
    }
    if (this.#begun[row]) {
      await this.#host.set({ SWEEPS: end - begin + 1 });
      await this.#host.command('continue', { slicer: this.#slicer, onTurn });
    } else {
      await this.#begin(row, end - begin + 1, onTurn);
    }
  }

  /** The row takes the place of the present one. */
  async #enter(row: number): Promise<void> {
    if (this.#present === row) return;
    await this.#leave();
    const { run, loaded } = this.#o;
    const image = Math.floor(row / run.chains);
    const place = { image: run.images[image] as number, chain: run.chainOffset + (row % run.chains) };
    this.#recorder?.open('row', `image ${place.image}, chain ${place.chain}`, place);
    await this.#host.set({ IMAGE: place.image, BLOCK_CHAIN: ((run.block << 24) | place.chain) >>> 0 });
    const context = this.#contexts[row];
    if (context === null || context === undefined) {
      await this.#host.write({ window: 'spins', offset: 0, words: this.#firstStates(row) });
    } else {
      const { residency } = loaded;
      residency.holdsFields(null);
      for (const burst of burstsOf(context)) await this.#host.write(burst);
      await this.#host.set({ SWEEPS_DONE: context.sweepsDone });
      residency.holdsFields(this.#pinnedImage(image));
      this.#contexts[row] = null;
    }
    this.#present = row;
  }

  /** Reads the present row back, unless it is done or has not begun. */
  async #leave(): Promise<void> {
    const row = this.#present;
    if (row < 0 || !this.#begun[row]) return;
    const { placed, engine } = this.#o.loaded;
    const { slots, spinWords } = placed;
    this.#contexts[row] = {
      spins: await this.#host.read('spins', 0, spinWords),
      generators: await this.#host.read('generators', 0, engine.generatorWords),
      fields: await this.#host.read('fields', 0, slots),
      sums: await this.#host.read('sums', 0, this.#readouts.sums ? slots : 0),
      conditionalSums: await this.#host.read('conditionalSums', 0, this.#readouts.conditionalSums ? slots : 0),
      sweepsDone: await this.#host.get('SWEEPS_DONE'),
    };
  }

  /** Starts the present row: static pass, initial state, the first sweeps. */
  async #begin(row: number, sweeps: number, onTurn: (done: number) => void = () => {}): Promise<void> {
    const { run, from } = this.#o;
    const image = Math.floor(row / run.chains);
    const { residency } = this.#o.loaded;
    const pinned = this.#pinnedImage(image);
    const staticPass = !residency.hasFields(pinned);
    if (staticPass) this.#staticPasses++;
    await this.#host.set({
      FLAGS:
        flags.clearSums |
        (run.temperatures === null ? 0 : flags.temperatures) |
        (this.#readouts.conditionalSums ? flags.conditionalSums : 0) |
        (staticPass ? flags.staticPass : 0),
    });
    const stream =
      run.start.kind === 'resume' ? (from as EngineState).generators[run.start.rows[row] as number] : undefined;
    await this.#host.set({ SWEEPS: stream === undefined ? sweeps : 0 });
    residency.holdsFields(null);
    await this.#host.command('start', { slicer: this.#slicer, onTurn });
    residency.holdsFields(pinned);
    this.#begun[row] = true;
    if (stream === undefined) return;
    // The streams go on where the kept run had left them, not where its seed begins.
    await this.#host.write({ window: 'generators', offset: 0, words: stream });
    if (sweeps === 0) return;
    await this.#host.set({ SWEEPS: sweeps });
    await this.#host.command('continue', { slicer: this.#slicer, onTurn });
  }

  #pinnedImage(n: number): PinnedImage {
    const { run, loaded } = this.#o;
    const image = run.images[n] as number;
    if (this.#pinned?.image === image) return this.#pinned;
    const { placed, block } = loaded;
    const words = new Uint32Array(placed.spinWords);
    for (const { id, role } of block.banks) {
      if (role === 'pinned') placed.putStates(words, id, run.inputs[id] as PackedSpins, n);
    }
    this.#pinned = { image, words };
    return this.#pinned;
  }

  /** The pinned spins of a row, and its free ones where they are given. */
  #firstStates(row: number): Uint32Array {
    const { run, from, loaded } = this.#o;
    const { placed, block } = loaded;
    const words = this.#pinnedImage(Math.floor(row / run.chains)).words.slice();
    for (const { id, role } of block.banks) {
      if (role === 'pinned') continue;
      if (run.start.kind === 'given') placed.putStates(words, id, run.start.states[id] as PackedSpins, row);
      else if (run.start.kind === 'resume') {
        placed.putStates(words, id, (from as KeptState).last[id] as PackedSpins, run.start.rows[row] as number);
      }
    }
    return words;
  }

  /** All sweeps of the present row are done: what it adds to the readouts, and what a handle may need of it. */
  async #finish(row: number): Promise<void> {
    const { run, loaded } = this.#o;
    const { placed, engine } = loaded;
    await this.#readouts.takeSums(this.#host, row);
    if (run.keep === 'device' && engine.generatorWords > 0) {
      this.#generators[row] = await this.#host.read('generators', 0, engine.generatorWords);
    }
    // Of a row that is done nothing is asked any more, except its states where they are kept.
    const none = new Uint32Array();
    const unasked = run.keep === 'nothing' && run.trace === undefined;
    const spins = unasked ? none : await this.#host.read('spins', 0, placed.spinWords);
    this.#contexts[row] = {
      spins,
      generators: none,
      fields: none,
      sums: none,
      conditionalSums: none,
      sweepsDone: run.sweeps,
    };
    this.#present = -1;
    this.#recorder?.close('row');
  }
}

/** The first sweep from `begin` on that is retained. */
function firstRetained({ burnIn, stride }: DriverRun, begin: number): number {
  return burnIn + stride * Math.max(1, Math.ceil((begin - burnIn) / stride));
}

function burstsOf(context: RowContext): readonly Burst[] {
  return (['spins', 'generators', 'fields', 'sums', 'conditionalSums'] as const).map((window) => ({
    window,
    offset: 0,
    words: context[window],
  }));
}
