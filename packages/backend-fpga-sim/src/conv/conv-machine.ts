/**
 * An emulated convolution engine: bit by bit what the generated SystemVerilog does, and cycle by cycle at the level of the schedule (half-sweep-walk.ts). It knows
 * its parameters and what is written to its registers and memories, and nothing of programs.
 *
 * Before the first sweep: the static pass, all of it `static`; then, where a start is random, the samplers alone take every spin that a sweep updates, with T = 32768:
 * rngStall while they draw, then sample. Setting sums to 0 takes no time: the first sweep of a run begins them anew.
 */
import { generatorEntry } from '../generators/catalogue.ts';
import { laneGenerators } from '../generators/create-lane-generators.ts';
import type { LaneGenerators } from '../generators/lane-generators.ts';
import { BusFault } from '../host/bus-fault.ts';
import { addressOf, type Hardware, type Window, windows, wordsPerWindow } from '../host/hardware.ts';
import { MachineCounters } from '../host/machine-counters.ts';
import { commands, flags, registerAt, starts } from '../host/register-map.ts';
import { lookUp } from '../lane/lane-table.ts';
import type { ConvParameters } from '../parameters/engine-parameters.ts';
import { totalCycles } from '../timing/add-cycles.ts';
import { type CycleCounts, cycleCauses } from '../timing/cycle-causes.ts';
import { type ConvArithmetic, ScalarConvArithmetic } from './conv-arithmetic.ts';
import { ConvMemories } from './conv-memories.ts';
import { convWindows, cyclesPerWeightRow, header } from './conv-memory-map.ts';
import { type ConvSchedule, convSchedule, type HalfSweep, type ScheduledTile } from './conv-schedule.ts';
import { EngineRegisters } from './engine-registers.ts';
import { halfSweepCycles, type WalkShape } from './half-sweep-walk.ts';

/** What ENGINE says. */
export const convEngineId = 2;

/** A schedule and the cycles that it takes, which no data change. */
interface Timed {
  readonly scheduleWrites: number;
  readonly multiplierWrites: number;
  readonly schedule: ConvSchedule;
  /** Of half-sweeps, in order. */
  readonly sweepCycles: readonly CycleCounts[];
  readonly staticCycles: number;
}

/** A command at work. */
interface Work {
  readonly timed: Timed;
  /** Whether what comes before the first sweep is still to be done. */
  starting: boolean;
  /** Of this command. */
  sweepsDone: number;
  sweeps: number;
}

/** What of a sweep its command says. */
interface SweepOrder {
  /** c1 of semantics 5.1. */
  readonly sweep: number;
  /** b_t, or null: without temperatures. */
  readonly temperature: number | null;
  readonly retained: boolean;
  readonly conditionalSums: boolean;
  /** Sums begin anew. */
  readonly clearSums: boolean;
}

const windowNames = new Map<number, Window>(convWindows.map((name) => [windows[name], name]));

export class ConvMachine implements Hardware {
  readonly #p: ConvParameters;
  readonly #memories: ConvMemories;
  readonly #generators: LaneGenerators;
  readonly #counters = new MachineCounters();
  readonly #registers: EngineRegisters;
  readonly #arithmetic: ScalarConvArithmetic;
  readonly #cyclesPerDraw: number;
  /** r of the samplers, and the spins that they are for. */
  readonly #draws: Uint16Array;
  readonly #spins: Uint32Array;
  #tileFields = new Int32Array(0);
  #timed: Timed | undefined;
  #work: Work | null = null;

  constructor(p: ConvParameters) {
    this.#p = p;
    this.#memories = new ConvMemories(p);
    this.#generators = laneGenerators(p.generator, p.samplers);
    this.#registers = new EngineRegisters(convEngineId, this.#counters);
    this.#arithmetic = new ScalarConvArithmetic(this.#memories, p);
    this.#cyclesPerDraw = generatorEntry(p.generator).cyclesPerDraw;
    this.#draws = new Uint16Array(p.samplers);
    this.#spins = new Uint32Array(p.samplers);
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

  /** Returns between sweeps: after the one in which `cyclesMax` is reached. */
  run(cyclesMax: number): boolean {
    const work = this.#work;
    if (work === null) return true;
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

  end(): void {
    this.#work = null;
    this.#timed = undefined;
  }

  #start(work: Work): void {
    const set = this.#registers.get('FLAGS');
    this.#registers.set('SWEEPS_DONE', 0);
    if ((set & flags.staticPass) !== 0) this.#staticPass(work.timed);
    if (this.#registers.get('START') === starts.random) this.#randomStart(work.timed.schedule);
    work.starting = false;
  }

  /** Random states of all spins that are updated. */
  #randomStart({ sweep }: ConvSchedule): void {
    const { states } = this.#memories;
    const { cycles } = this.#counters;
    for (const tile of sweep.flat()) {
      this.#eachChunk(tile, (slots) => {
        cycles.rngStall += this.#cyclesPerDraw;
        cycles.sample += 1;
        this.#draw(tile, slots, 0);
        slots.forEach((slot, sampler) => {
          states[slot] = (this.#draws[sampler] as number) < 32768 ? 1 : -1;
        });
      });
    }
  }

  /** H = B + Σ scaled(A) over couplings to pinned banks. */
  #staticPass({ schedule, staticCycles }: Timed): void {
    const { biases, fields } = this.#memories;
    this.#arithmetic.begin();
    for (const tile of schedule.staticPass.flat()) {
      const added = this.#fieldsOf(tile);
      for (let n = 0; n < tile.channels * tile.pixels; n++) {
        fields[tile.site + n] = (biases[tile.site + n] as number) + (added[n] as number);
      }
    }
    this.#counters.cycles.static += staticCycles;
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
    const { schedule, sweepCycles } = work.timed;
    const { cycles } = this.#counters;
    schedule.sweep.forEach((tiles, n) => {
      this.#halfSweep(tiles, order);
      const spent = sweepCycles[n] as CycleCounts;
      for (const cause of cycleCauses) cycles[cause] += spent[cause];
    });
    if (order.retained && this.#p.readout === 'walk') {
      cycles.readout += this.#p.walkCycles * (this.#memories.header[header.spins] as number);
    }
    work.sweepsDone++;
    registers.set('SWEEPS_DONE', t);
  }

  #halfSweep(tiles: HalfSweep, order: SweepOrder): void {
    this.#arithmetic.begin();
    for (const tile of tiles) {
      const added = this.#fieldsOf(tile);
      this.#eachChunk(tile, (slots) => {
        this.#draw(tile, slots, order.sweep);
        this.#sample(tile, slots, added, order);
      });
    }
    this.#counters.saturations += this.#arithmetic.saturations;
    this.#arithmetic.saturations = 0;
  }

  #fieldsOf(tile: ScheduledTile): Int32Array {
    const spins = tile.channels * tile.pixels;
    if (this.#tileFields.length < spins) this.#tileFields = new Int32Array(spins);
    const arithmetic: ConvArithmetic = this.#arithmetic;
    arithmetic.addTile(tile, this.#tileFields);
    return this.#tileFields;
  }

  /** The update slots of a tile as the samplers take them: group after group of S pixels; of a group channel after channel, Q spins at a time. */
  #eachChunk({ site, channels, pixels }: ScheduledTile, visit: (slots: Uint32Array) => void): void {
    const slots = new Uint32Array(this.#p.samplers);
    for (let first = 0; first < pixels; first += this.#p.pixels) {
      const end = Math.min(pixels, first + this.#p.pixels);
      let taken = 0;
      for (let channel = 0; channel < channels; channel++) {
        for (let pixel = first; pixel < end; pixel++) {
          slots[taken++] = site + channel * pixels + pixel;
          if (taken < slots.length) continue;
          visit(slots);
          taken = 0;
        }
      }
      if (taken > 0) visit(slots.subarray(0, taken));
    }
  }

  #draw(tile: ScheduledTile, slots: Uint32Array, sweep: number): void {
    const shift = tile.spinIndex - tile.site;
    for (let n = 0; n < slots.length; n++) this.#spins[n] = (slots[n] as number) + shift;
    this.#generators.draw(this.#draws, this.#spins, 0, sweep);
  }

  #sample(tile: ScheduledTile, slots: Uint32Array, added: Int32Array, order: SweepOrder): void {
    const m = this.#memories;
    const counters = this.#counters;
    const shift = m.header[header.tableShift] as number;
    const last = m.header[header.tableLast] as number;
    const unused = 32 - this.#p.counterBits;
    const { temperature, retained, conditionalSums, clearSums } = order;
    for (let n = 0; n < slots.length; n++) {
      const slot = slots[n] as number;
      let field = ((m.fields[slot] as number) + (added[slot - tile.site] as number)) | 0;
      if (temperature !== null) field = Math.floor((field * temperature + 32768) / 65536);
      const threshold = lookUp(m.table, shift, last, field);
      const state = (this.#draws[n] as number) < threshold ? 1 : -1;
      counters.updates++;
      if (state !== m.states[slot]) counters.flips++;
      m.states[slot] = state;
      if (clearSums) {
        m.sums[slot] = 0;
        m.conditionalSums[slot] = 0;
      }
      if (!retained) continue;
      m.sums[slot] = (((m.sums[slot] as number) + state) << unused) >> unused;
      if (conditionalSums) m.conditionalSums[slot] = (m.conditionalSums[slot] as number) + 2 * threshold - 65536;
    }
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
    this.#work = { timed, starting, sweepsDone: 0, sweeps };
  }

  #currentSchedule(): Timed {
    const { scheduleWrites, multiplierWrites } = this.#memories;
    const known = this.#timed?.scheduleWrites === scheduleWrites ? this.#timed : undefined;
    if (known?.multiplierWrites === multiplierWrites) return known;
    const schedule = convSchedule(this.#memories, this.#p);
    this.#arithmetic.forget();
    // Multipliers take no part in cycles.
    const { sweepCycles, staticCycles } = known ?? this.#cyclesOf(schedule);
    this.#timed = { scheduleWrites, multiplierWrites, schedule, sweepCycles, staticCycles };
    return this.#timed;
  }

  #cyclesOf(schedule: ConvSchedule): Pick<Timed, 'sweepCycles' | 'staticCycles'> {
    const shape: WalkShape = {
      pixels: this.#p.pixels,
      samplers: this.#p.samplers,
      fillCycles: this.#p.fillCycles,
      cyclesPerDraw: this.#cyclesPerDraw,
      cyclesPerWeightRow: schedule.streamed ? cyclesPerWeightRow(this.#p) : 0,
    };
    return {
      sweepCycles: schedule.sweep.map((tiles) => halfSweepCycles(tiles, shape)),
      staticCycles: schedule.staticPass.reduce(
        (sum, tiles) => sum + totalCycles(halfSweepCycles(tiles, { ...shape, cyclesPerDraw: 0 })),
        0,
      ),
    };
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
