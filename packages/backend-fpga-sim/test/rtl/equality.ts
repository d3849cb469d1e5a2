/** An emulated engine and its SystemVerilog on the same random images: every word that a host can read is compared, and what was compared is counted. */
import { isDeepStrictEqual } from 'node:util';
import type { Program } from '@isinglass/sdk';
import { expect, onTestFinished } from 'vitest';
import type { Hardware } from '../../src/host/hardware.ts';
import { type BusRun, type BusStep, busRun, sweepBySweep } from '../lane/bus-run.ts';
import type { RtlSimulation, RtlSimulator } from './rtl-simulator.ts';
import { simulators } from './simulators.ts';

/** What the comparison has to know of an engine. */
export interface ComparedEngine<P, Image extends { readonly slots: number; readonly spinWords: number }> {
  readonly name: string;
  readonly top: string;
  source(p: P): string;
  emulator(p: P): Hardware;
  /** Of the window GENERATORS. */
  generatorWords(p: P): number;
  /** What a host has to write once, where memories begin undefined. */
  clearMemories?(machine: Hardware, p: P): Promise<void>;
  /** The first program from a seed on that fits. */
  program(p: P, seed: number): Program;
  placed(p: P, program: Program): Image;
  writeImages(machine: Hardware, image: Image, program: Program): Promise<void>;
  run(image: Image, seed: number): BusRun;
}

export const available: readonly RtlSimulator[] = simulators.filter(({ unavailable }) => unavailable === undefined);
const named = (name: RtlSimulator['name']): RtlSimulator | undefined => available.find((each) => each.name === name);

const someSimulator = (): RtlSimulator => {
  const simulator = named('verilator') ?? named('cxxrtl');
  if (simulator === undefined) throw new TypeError('there is no simulator');
  return simulator;
};

/** The one that compares many machines: that which builds fastest among the fast ones. CXXRTL is there anywhere. */
export const main: RtlSimulator = someSimulator();
/** The one that tries changed designs: for a few sweeps, building fast is all. */
export const quick: RtlSimulator = named('icarus') ?? main;

/** Both run the same from the reset on: padding shows what was there before. */
export interface Pair {
  readonly emulator: Hardware;
  readonly rtl: RtlSimulation;
}

/** What both show of one run, command after command. */
export interface Shown {
  readonly run: BusRun;
  readonly emulator: readonly BusStep[];
  readonly rtl: readonly BusStep[];
}

/** What was compared in one simulator. A word is 32 bits of a memory, or a counter of 64. */
export interface Compared {
  machines: number;
  images: number;
  /** After each of which all was compared. */
  sweeps: number;
  /** That the emulator counted, and the SystemVerilog too unless there are differences. */
  cycles: number;
  words: number;
  /** Runs that were not equal. */
  differences: number;
}

const wordsOf = ({ counters, ...memories }: BusStep): number =>
  Object.keys(counters).length + Object.values(memories).reduce((sum, memory) => sum + memory.length, 0);

export class EngineEquality<P, Image extends { readonly slots: number; readonly spinWords: number }> {
  readonly #engine: ComparedEngine<P, Image>;
  readonly #compared = new Map<RtlSimulator['name'], Compared>();
  /** Cycles and events of all runs by name. */
  readonly counters: Record<string, number> = {};

  constructor(engine: ComparedEngine<P, Image>) {
    this.#engine = engine;
  }

  /** The SystemVerilog, until the test is over. */
  async opened(p: P, simulator = main, source = this.#engine.source(p)): Promise<RtlSimulation> {
    const simulation = await simulator.open({ source, top: this.#engine.top });
    onTestFinished(() => simulation.end());
    await this.#engine.clearMemories?.(simulation, p);
    return simulation;
  }

  /** What both show of random runs of one random program: one as it is drawn, and the same one sweep at a time. */
  async both(p: P, { emulator, rtl }: Pair, seed: number): Promise<readonly [Shown, ...Shown[]]> {
    const program = this.#engine.program(p, seed);
    const image = this.#engine.placed(p, program);
    await this.#engine.writeImages(emulator, image, program);
    await this.#engine.writeImages(rtl, image, program);
    const words = this.#engine.generatorWords(p);
    const shown = async (run: BusRun): Promise<Shown> => ({
      run,
      emulator: await busRun(emulator, run, image, words),
      rtl: await busRun(rtl, run, image, words),
    });
    const drawn = this.#engine.run(image, seed);
    const first = await shown(drawn);
    return drawn.pieces.some((sweeps) => sweeps > 1) ? [first, await shown(sweepBySweep(drawn))] : [first];
  }

  /** Throws at the first difference. */
  async compare(
    p: P,
    simulator: RtlSimulator,
    images: { readonly first: number; readonly count: number },
  ): Promise<void> {
    const compared = this.compared(simulator.name);
    this.#compared.set(simulator.name, compared);
    const pair = { emulator: this.#engine.emulator(p), rtl: await this.opened(p, simulator) };
    compared.machines++;
    for (let seed = images.first; seed < images.first + images.count; seed++) {
      const shown = await this.both(p, pair, seed);
      compared.images++;
      compared.sweeps += shown[0].run.pieces.reduce((sum, piece) => sum + piece, 0);
      for (const { emulator, rtl } of shown) {
        const counters = emulator.at(-1)?.counters ?? {};
        for (const [name, value] of Object.entries(counters)) this.counters[name] = (this.counters[name] ?? 0) + value;
        compared.cycles += counters.CYCLES ?? 0;
        compared.words += emulator.reduce((sum, step) => sum + wordsOf(step), 0);
        if (!isDeepStrictEqual(rtl, emulator)) compared.differences++;
        expect({ seed, steps: rtl }).toEqual({ seed, steps: emulator });
      }
    }
  }

  compared(simulator: RtlSimulator['name']): Compared {
    return this.#compared.get(simulator) ?? { machines: 0, images: 0, sweeps: 0, cycles: 0, words: 0, differences: 0 };
  }

  /** A line for each simulator. */
  report(): string {
    const digits = (n: number): string => n.toLocaleString('en-US');
    return [...this.#compared]
      .map(([simulator, { machines, images, sweeps, cycles, words, differences }]) =>
        [
          `${this.#engine.name} in ${simulator}: ${digits(machines)} machines`,
          `${digits(images)} images, ${digits(sweeps)} sweeps, ${digits(cycles)} cycles, ${digits(words)} words compared`,
          `differences: ${differences}`,
        ].join('; '),
      )
      .join('\n');
  }

  /** What both show where one thing of the SystemVerilog, which is there once, is changed. */
  async changed(p: P, before: string, after: string, seed: number): Promise<Shown> {
    const source = this.#engine.source(p);
    expect(source.split(before)).toHaveLength(2);
    const rtl = await this.opened(p, quick, source.replace(before, after));
    const [drawn] = await this.both(p, { emulator: this.#engine.emulator(p), rtl }, seed);
    return drawn;
  }
}

/** Everything but what was counted. */
export const memoriesOf = (steps: readonly BusStep[]): unknown => steps.map(({ counters: _, ...rest }) => rest);
export const cyclesOf = (steps: readonly BusStep[]): unknown => steps.map(({ counters }) => counters.CYCLES);
