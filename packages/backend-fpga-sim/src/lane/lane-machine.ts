/**
 * An emulated lane engine: bit by bit what the generated SystemVerilog does, and cycle by cycle at the level of the schedule (lane-walk.ts). It knows its
 * parameters and what is written to its registers and memories, and nothing of programs.
 */
import { laneGenerators } from '../generators/create-lane-generators.ts';
import type { LaneGenerators } from '../generators/lane-generators.ts';
import { BusFault } from '../host/bus-fault.ts';
import { addressOf, type Hardware, type PassMark, type Window, windows, wordsPerWindow } from '../host/hardware.ts';
import { MachineCounters } from '../host/machine-counters.ts';
import {
  commands,
  cycleCounter,
  flags,
  machineId,
  mapVersion,
  registerAt,
  registers,
  starts,
} from '../host/register-map.ts';
import type { LaneParameters } from '../parameters/engine-parameters.ts';
import { cycleCauses } from '../timing/cycle-causes.ts';
import { LaneMemories } from './lane-memories.ts';
import { header } from './lane-memory-map.ts';
import { type LaneSchedule, laneSchedule } from './lane-schedule.ts';
import { LaneTiming } from './lane-timing.ts';
import { LaneWalk } from './lane-walk.ts';
import type { SweepTiming } from './sweep-timing.ts';

/** What ENGINE says. */
export const laneEngineId = 1;

/** What engines with the arithmetic of lanes have of their own. */
export interface LaneParts {
  /** What ENGINE says. */
  readonly engineId: number;
  readonly timing: SweepTiming;
  readonly generators: (memories: LaneMemories) => LaneGenerators;
}

const ownParts = (p: LaneParameters): LaneParts => ({
  engineId: laneEngineId,
  timing: new LaneTiming(p),
  generators: () => laneGenerators(p.generator, p.lanes),
});

/** A command at work. */
interface Work {
  readonly schedule: LaneSchedule;
  /** Whether what comes before the first sweep is still to be done. */
  starting: boolean;
  /** Of this command. */
  sweepsDone: number;
  sweeps: number;
}

/** Windows of other engines share numbers with those of this one. */
const othersWindows: ReadonlySet<string> = new Set<Window>(['weights', 'sources']);

const windowNames = new Map<number, Window>(
  Object.entries(windows).flatMap(([name, n]) => (othersWindows.has(name) ? [] : [[n, name as Window] as const])),
);

export class LaneMachine implements Hardware {
  readonly #p: LaneParameters;
  readonly #memories: LaneMemories;
  readonly #generators: LaneGenerators;
  readonly #counters = new MachineCounters();
  readonly #walk: LaneWalk;
  /** Of every register that is written, by offset. */
  readonly #registers = new Uint32Array(64);
  readonly #counterRegisters: ReadonlyMap<number, () => number>;
  #schedule: { readonly writes: number; readonly schedule: LaneSchedule } | undefined;
  #work: Work | null = null;

  constructor(p: LaneParameters, { engineId, timing, generators }: LaneParts = ownParts(p)) {
    this.#p = p;
    this.#memories = new LaneMemories(p);
    this.#generators = generators(this.#memories);
    this.#walk = new LaneWalk(p, {
      memories: this.#memories,
      generators: this.#generators,
      timing,
      counters: this.#counters,
    });
    this.#registers[registerAt('ID')] = machineId;
    this.#registers[registerAt('VERSION')] = mapVersion;
    this.#registers[registerAt('ENGINE')] = engineId;
    this.#registers[registerAt('STRIDE')] = 1;
    this.#counterRegisters = counterRegisters(this.#counters);
  }

  write(address: number, words: Uint32Array): void {
    const { window, offset } = this.#place(address);
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
    const { window, offset } = this.#place(address);
    if (window === 'registers') return Uint32Array.from({ length: count }, (_, n) => this.#readRegister(offset + n));
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

  watch(listener: ((mark: PassMark) => void) | null): void {
    this.#walk.watcher = listener;
  }

  end(): void {
    this.#work = null;
    this.#schedule = undefined;
  }

  #get(name: string): number {
    return this.#registers[registerAt(name)] as number;
  }

  #start(work: Work): void {
    const set = this.#get('FLAGS');
    this.#registers[registerAt('SWEEPS_DONE')] = 0;
    if (this.#get('START') === starts.random) this.#walk.randomStart(work.schedule);
    if ((set & flags.staticPass) !== 0) this.#walk.staticPass(work.schedule);
    work.starting = false;
  }

  #sweep(work: Work): void {
    const t = this.#get('SWEEPS_DONE') + 1;
    const set = this.#get('FLAGS');
    const sinceBurnIn = t - this.#get('BURN_IN');
    const tempered = (set & flags.temperatures) !== 0;
    this.#walk.sweep(work.schedule, {
      sweep: (this.#get('SWEEP_OFFSET') + t) >>> 0,
      temperature: tempered ? (this.#memories.temperatures[work.sweepsDone] as number) : null,
      clearSums: t === 1 && (set & flags.clearSums) !== 0,
      retained: sinceBurnIn > 0 && sinceBurnIn % this.#get('STRIDE') === 0,
      conditionalSums: (set & flags.conditionalSums) !== 0,
    });
    work.sweepsDone++;
    this.#registers[registerAt('SWEEPS_DONE')] = t;
  }

  #command(word: number): void {
    const known: readonly number[] = Object.values(commands);
    if (!known.includes(word)) {
      throw new BusFault(addressOf('registers', registerAt('COMMAND')), `there is no command ${word}`);
    }
    switch (word as (typeof commands)[keyof typeof commands]) {
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
    }
  }

  #take({ starting }: { readonly starting: boolean }): void {
    const fault = (name: string, message: string): BusFault =>
      new BusFault(addressOf('registers', registerAt(name)), message);
    const sweeps = this.#get('SWEEPS');
    if (this.#get('STRIDE') === 0) throw fault('STRIDE', 'every 0th sweep cannot be retained; at least 1');
    if (this.#get('START') > starts.random) throw fault('START', `there is no start ${this.#get('START')}`);
    const depth = this.#memories.capacity.temperatures;
    if ((this.#get('FLAGS') & flags.temperatures) !== 0 && sweeps > depth) {
      throw fault('SWEEPS', `${sweeps} sweeps with temperatures; the machine holds ${depth}`);
    }
    this.#work = { schedule: this.#currentSchedule(), starting, sweepsDone: 0, sweeps };
    // Streams go on with what GENERATORS holds; draws without a state take what the registers say now.
    if (starting || this.#generators.stateWords === 0) this.#generators.seed(this.#streamKey());
  }

  #currentSchedule(): LaneSchedule {
    const { scheduleWrites: writes, capacity, header: words } = this.#memories;
    if (this.#schedule?.writes !== writes) {
      this.#schedule = { writes, schedule: laneSchedule(this.#memories, this.#p) };
    }
    const last = words[header.tableLast] as number;
    if (last >= capacity.tableEntries) {
      const message = `entry ${last} is the last of the table; the machine has ${capacity.tableEntries}`;
      throw new BusFault(addressOf('phases', header.tableLast), message);
    }
    return this.#schedule.schedule;
  }

  #streamKey(): Parameters<LaneGenerators['seed']>[0] {
    return {
      seed: (BigInt(this.#get('SEED_HIGH')) << 32n) | BigInt(this.#get('SEED_LOW')),
      image: this.#get('IMAGE'),
      blockAndChain: this.#get('BLOCK_CHAIN'),
      sweepOffset: this.#get('SWEEP_OFFSET'),
    };
  }

  #place(address: number): { readonly window: Window; readonly offset: number } {
    const window = windowNames.get(Math.floor(address / wordsPerWindow));
    if (window === undefined) throw new BusFault(address, 'there is no such window');
    return { window, offset: address % wordsPerWindow };
  }

  /** Memories have one port: while the lanes work, the host has to wait. */
  #idle(address: number): void {
    if (this.#work !== null) throw new BusFault(address, 'the machine is at work; wait until bit 0 of STATUS is clear');
  }

  #writeRegister(offset: number, word: number): void {
    const address = addressOf('registers', offset);
    const register = registers.find((each) => each.offset === offset);
    if (register === undefined) throw new BusFault(address, 'there is no such register');
    if (register.access === 'read') throw new BusFault(address, 'this register is only read');
    if (offset === registerAt('COMMAND')) {
      this.#command(word);
      return;
    }
    this.#idle(address);
    this.#registers[offset] = word;
  }

  #readRegister(offset: number): number {
    const address = addressOf('registers', offset);
    const register = registers.find((each) => offset >= each.offset && offset < each.offset + each.words);
    if (register === undefined) throw new BusFault(address, 'there is no such register');
    if (register.access === 'write') throw new BusFault(address, 'this register is only written');
    if (register.name === 'STATUS') return this.#work === null ? 0 : 1;
    const counter = this.#counterRegisters.get(register.offset);
    if (counter === undefined) return this.#registers[offset] as number;
    return offset === register.offset ? counter() % 2 ** 32 : Math.floor(counter() / 2 ** 32);
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

/** What the counters say, by the offset of their register. */
function counterRegisters(counters: MachineCounters): ReadonlyMap<number, () => number> {
  const byCause = cycleCauses.flatMap((cause): [number, () => number][] =>
    cause === 'io' ? [] : [[registerAt(cycleCounter(cause)), () => counters.cycles[cause]]],
  );
  return new Map<number, () => number>([
    [registerAt('CYCLES'), () => counters.total],
    ...byCause,
    [registerAt('UPDATES'), () => counters.updates],
    [registerAt('FLIPS'), () => counters.flips],
    [registerAt('SATURATIONS'), () => counters.saturations],
  ]);
}
