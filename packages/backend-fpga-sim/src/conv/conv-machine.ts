/**
 * An emulated convolution engine: bit by bit what the generated SystemVerilog does, and cycle by cycle at the level of the schedule (half-sweep-walk.ts). It knows
 * its parameters and what is written to its registers and memories, and nothing of programs.
 *
 * Before the first sweep: the static pass, all of it `static`; then, where a start is random, the samplers alone take every spin that a sweep updates, with T = 32768:
 * rngStall while they draw, then sample. Setting sums to 0 takes no time: the first sweep of a run begins them anew.
 */
import type { KernelModules } from '@isinglass/kernels';
import { generatorEntry } from '../generators/catalogue.ts';
import { laneGenerators } from '../generators/create-lane-generators.ts';
import type { LaneGenerators } from '../generators/lane-generators.ts';
import { BusFault } from '../host/bus-fault.ts';
import {
  addressOf,
  type Hardware,
  type Pass,
  type PassMark,
  type Window,
  windows,
  wordsPerWindow,
} from '../host/hardware.ts';
import { MachineCounters } from '../host/machine-counters.ts';
import { commands, flags, registerAt, starts } from '../host/register-map.ts';
import type { ConvParameters } from '../parameters/engine-parameters.ts';
import { type CycleCounts, cycleCauses } from '../timing/cycle-causes.ts';
import { type ConvArithmetic, ScalarConvArithmetic } from './conv-arithmetic.ts';
import { ConvMemories } from './conv-memories.ts';
import { convWindows, header } from './conv-memory-map.ts';
import { ConvSamplers, type SweepOrder } from './conv-samplers.ts';
import { type ConvSchedule, convSchedule, type HalfSweep, type ScheduledTile } from './conv-schedule.ts';
import { EngineRegisters } from './engine-registers.ts';
import { KernelConvArithmetic } from './kernel-sums/kernel-arithmetic.ts';
import { type ScheduleCycles, scheduleCycles } from './schedule-cycles.ts';

/** What ENGINE says. */
export const convEngineId = 2;

/** A schedule and the cycles that it takes, which no data change. */
interface Timed {
  readonly scheduleWrites: number;
  readonly multiplierWrites: number;
  readonly schedule: ConvSchedule;
  readonly cycles: ScheduleCycles;
}

/** A command at work. */
interface Work {
  readonly timed: Timed;
  /** Of sums; null: they are ready. */
  preparing: Generator<void, void, void> | null;
  /** Whether what comes before the first sweep is still to be done. */
  starting: boolean;
  /** Of this command. */
  sweepsDone: number;
  sweeps: number;
}

/** Until the event loop has its turn where sums are prepared. */
const preparingMs = 5;

const windowNames = new Map<number, Window>(convWindows.map((name) => [windows[name], name]));

export class ConvMachine implements Hardware {
  readonly #p: ConvParameters;
  readonly #memories: ConvMemories;
  readonly #generators: LaneGenerators;
  readonly #counters = new MachineCounters();
  readonly #registers: EngineRegisters;
  readonly #arithmetic: ConvArithmetic;
  readonly #samplers: ConvSamplers;
  readonly #cyclesPerDraw: number;
  #tileFields = new Int32Array(0);
  #timed: Timed | undefined;
  /** What sums are prepared for: writes of the schedule and of weights. */
  #preparedFor = '';
  #work: Work | null = null;
  #watcher: ((mark: PassMark) => void) | null = null;

  /** `kernels`: compiled, for sums that are many times as fast; null: plain TypeScript. */
  constructor(p: ConvParameters, kernels: KernelModules | null = null) {
    this.#p = p;
    this.#memories = new ConvMemories(p);
    this.#generators = laneGenerators(p.generator, p.samplers, kernels);
    this.#registers = new EngineRegisters(convEngineId, this.#counters);
    this.#arithmetic =
      kernels === null
        ? new ScalarConvArithmetic(this.#memories, p)
        : new KernelConvArithmetic(kernels, this.#memories, p);
    this.#samplers = new ConvSamplers({
      memories: this.#memories,
      generators: this.#generators,
      counters: this.#counters,
      samplers: p.samplers,
      pixels: p.pixels,
      counterBits: p.counterBits,
    });
    this.#cyclesPerDraw = generatorEntry(p.generator).cyclesPerDraw;
  }

  write(address: number, words: Uint32Array): void {
    const { window, offset } = placeOf(address);
    if (window === 'registers') {
      words.forEach((word, n) => {
        this.#writeRegister(offset + n, word);
      });
      return;
    }
    this.#idle(address);
    if (window === 'generators') this.#writeGenerators(offset, words);
    else this.#memories.write(window, offset, words);
  }

  read(address: number, count: number): Uint32Array {
    const { window, offset } = placeOf(address);
    if (window === 'registers') {
      this.#registers.set('STATUS', Number(this.#work !== null));
      return Uint32Array.from({ length: count }, (_, n) => this.#registers.read(offset + n));
    }
    this.#idle(address);
    if (window !== 'generators') return this.#memories.read(window, offset, count);
    this.#insideGenerators(offset, count);
    return this.#generators.save().slice(offset, offset + count);
  }

  /** Returns between sweeps: after the one in which `cyclesMax` is reached. Before the first, where the emulator has much to prepare, more often. */
  run(cyclesMax: number): boolean {
    const work = this.#work;
    if (work === null) return true;
    if (!this.#prepare(work)) return false;
    const until = this.#counters.total + cyclesMax;
    if (work.starting) this.#start(work);
    while (work.sweepsDone < work.sweeps) {
      this.#sweep(work);
      if (this.#counters.total >= until) break;
    }
    if (work.sweepsDone < work.sweeps) return false;
    this.#work = null;
    return true;
  }

  watch(listener: ((mark: PassMark) => void) | null): void {
    this.#watcher = listener;
  }

  end(): void {
    this.#work = null;
    this.#timed = undefined;
  }

  /** Whether sums are ready; that takes no time of the machine. */
  #prepare(work: Work): boolean {
    const until = performance.now() + preparingMs;
    while (work.preparing !== null) {
      if (performance.now() > until) return false;
      if (work.preparing.next().done !== true) continue;
      work.preparing = null;
      this.#preparedFor = this.#sourcesOfSums();
    }
    return true;
  }

  /** Multipliers are read at each sum. */
  #sourcesOfSums(): string {
    return `${this.#memories.scheduleWrites} ${this.#memories.weightWrites}`;
  }

  #start(work: Work): void {
    const set = this.#registers.get('FLAGS');
    if ((set & flags.staticPass) !== 0) this.#staticPass(work.timed);
    if (this.#registers.get('START') === starts.random) this.#randomStart(work.timed.schedule);
    work.starting = false;
  }

  /** Random states of all spins that are updated. */
  #randomStart({ sweep }: ConvSchedule): void {
    const { cycles } = this.#counters;
    for (const tile of sweep.flat()) {
      const draws = this.#samplers.start(tile);
      cycles.rngStall += draws * this.#cyclesPerDraw;
      cycles.sample += draws;
    }
    this.#mark('start', null);
  }

  /** H = B + Σ scaled(A) over couplings to pinned banks. */
  #staticPass({ schedule, cycles }: Timed): void {
    const { biases, fields } = this.#memories;
    this.#arithmetic.begin();
    for (const tile of schedule.staticPass.flat()) {
      const added = this.#fieldsOf(tile);
      for (let n = 0; n < tile.channels * tile.pixels; n++) {
        fields[tile.site + n] = (biases[tile.site + n] as number) + (added[n] as number);
      }
    }
    this.#counters.cycles.static += cycles.static;
    this.#mark('static', null);
    this.#counters.saturations += this.#arithmetic.saturations;
    this.#arithmetic.saturations = 0;
  }

  #sweep(work: Work): void {
    const registers = this.#registers;
    const t = registers.get('SWEEPS_DONE') + 1;
    const set = registers.get('FLAGS');
    const sinceBurnIn = t - registers.get('BURN_IN');
    const tempered = (set & flags.temperatures) !== 0;
    const order: SweepOrder = {
      sweep: (registers.get('SWEEP_OFFSET') + t) >>> 0,
      temperature: tempered ? (this.#memories.temperatures[work.sweepsDone] as number) : null,
      retained: sinceBurnIn > 0 && sinceBurnIn % registers.get('STRIDE') === 0,
      conditionalSums: (set & flags.conditionalSums) !== 0,
      clearSums: t === 1 && (set & flags.clearSums) !== 0,
    };
    const { schedule, cycles: spent } = work.timed;
    const { cycles } = this.#counters;
    for (const [n, tiles] of schedule.sweep.entries()) {
      this.#halfSweep(tiles, order);
      for (const cause of cycleCauses) cycles[cause] += (spent.halfSweeps[n] as CycleCounts)[cause];
      this.#mark('sweep', n);
    }
    if (order.retained && this.#p.readout === 'walk') {
      cycles.readout += this.#p.walkCycles * (this.#memories.header[header.spins] as number);
    }
    this.#mark('sweep', null);
    work.sweepsDone++;
    registers.set('SWEEPS_DONE', t);
  }

  #mark(pass: Pass, phase: number | null): void {
    this.#watcher?.({ pass, phase, cycles: this.#counters.cycles });
  }

  #halfSweep(tiles: HalfSweep, order: SweepOrder): void {
    this.#arithmetic.begin();
    for (const tile of tiles) {
      this.#samplers.update(tile, this.#fieldsOf(tile), order);
    }
    this.#counters.saturations += this.#arithmetic.saturations;
    this.#arithmetic.saturations = 0;
  }

  #fieldsOf(tile: ScheduledTile): Int32Array {
    const spins = tile.channels * tile.pixels;
    if (this.#tileFields.length < spins) this.#tileFields = new Int32Array(spins);
    this.#arithmetic.addTile(tile, this.#tileFields);
    return this.#tileFields;
  }

  #command(word: number): void {
    switch (word) {
      case commands.start:
      case commands.continue:
        this.#idle(addressOf('registers', registerAt('COMMAND')));
        this.#take({ starting: word === commands.start });
        return;
      case commands.stop:
        // The sweep at work is done whenever the host has a word: only what follows is left out.
        if (this.#work !== null) this.#work.sweeps = this.#work.sweepsDone;
        return;
      case commands.clearCounters:
        this.#counters.clear();
        return;
      default:
        throw faultOf('COMMAND', `there is no command ${word}`);
    }
  }

  #take({ starting }: { readonly starting: boolean }): void {
    const registers = this.#registers;
    const sweeps = registers.get('SWEEPS');
    if (registers.get('STRIDE') === 0) throw faultOf('STRIDE', 'every 0th sweep cannot be retained; at least 1');
    if (registers.get('START') > starts.random) throw faultOf('START', `there is no start ${registers.get('START')}`);
    const depth = this.#memories.capacity.temperatures;
    if ((registers.get('FLAGS') & flags.temperatures) !== 0 && sweeps > depth) {
      throw faultOf('SWEEPS', `${sweeps} sweeps with temperatures; the machine holds ${depth}`);
    }
    const timed = this.#currentSchedule();
    // Numbers that depend on their place alone are those of the row that is in the machine now.
    if (starting || this.#generators.stateWords === 0) {
      this.#generators.seed({
        seed: (BigInt(registers.get('SEED_HIGH')) << 32n) | BigInt(registers.get('SEED_LOW')),
        image: registers.get('IMAGE'),
        blockAndChain: registers.get('BLOCK_CHAIN'),
        sweepOffset: registers.get('SWEEP_OFFSET'),
      });
    }
    if (starting) registers.set('SWEEPS_DONE', 0);
    const ready = this.#preparedFor === this.#sourcesOfSums();
    const preparing = ready ? null : this.#arithmetic.prepare(timed.schedule);
    this.#work = { timed, starting, preparing, sweepsDone: 0, sweeps };
  }

  #currentSchedule(): Timed {
    const { scheduleWrites, multiplierWrites } = this.#memories;
    const known = this.#timed?.scheduleWrites === scheduleWrites ? this.#timed : undefined;
    if (known?.multiplierWrites === multiplierWrites) return known;
    const schedule = convSchedule(this.#memories, this.#p);
    // Multipliers take no part in cycles.
    const cycles = known?.cycles ?? scheduleCycles(schedule, this.#p);
    this.#timed = { scheduleWrites, multiplierWrites, schedule, cycles };
    return this.#timed;
  }

  /** Memories have one port: while the machine works, the host has to wait. */
  #idle(address: number): void {
    if (this.#work !== null) throw new BusFault(address, 'the machine is at work; wait until bit 0 of STATUS is clear');
  }

  #writeRegister(offset: number, word: number): void {
    if (offset === registerAt('COMMAND')) {
      this.#command(word);
      return;
    }
    this.#idle(addressOf('registers', offset));
    this.#registers.write(offset, word);
  }

  #insideGenerators(offset: number, count: number): void {
    const { stateWords } = this.#generators;
    if (offset + count <= stateWords) return;
    const first = addressOf('generators', Math.max(offset, stateWords));
    throw new BusFault(first, `the generators have ${stateWords} words of state`);
  }

  #writeGenerators(offset: number, words: Uint32Array): void {
    this.#insideGenerators(offset, words.length);
    const state = this.#generators.save();
    state.set(words, offset);
    try {
      this.#generators.restore(state);
    } catch (e) {
      throw new BusFault(addressOf('generators', offset), (e as Error).message);
    }
  }
}

function placeOf(address: number): { readonly window: Window; readonly offset: number } {
  const window = windowNames.get(Math.floor(address / wordsPerWindow));
  if (window === undefined) throw new BusFault(address, 'there is no such window');
  return { window, offset: address % wordsPerWindow };
}

const faultOf = (register: string, message: string): BusFault =>
  new BusFault(addressOf('registers', registerAt(register)), message);
