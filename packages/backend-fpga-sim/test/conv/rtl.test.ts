/**
 * The emulated convolution engine and its SystemVerilog are one machine: the same words and the same cycles, of every cause, after every command (devices.md
 * section 11, V15). ISINGLASS_CONV_MACHINES=20 compares so many machines more.
 */
import { runFixedLaw } from '@isinglass/sdk/reference';
import { driverOutcomes, randomRun, runOutcome } from '@isinglass/sdk/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { convEngine } from '../../src/conv/conv-engine.ts';
import { ConvMachine } from '../../src/conv/conv-machine.ts';
import type { ConvParameters } from '../../src/parameters/engine-parameters.ts';
import { convEngineName } from '../../src/rtl/conv/conv-engine-module.ts';
import { convEngineSource } from '../../src/rtl/conv/conv-engine-source.ts';
import { type BusStep, busRun } from '../lane/bus-run.ts';
import type { RtlSimulation, RtlSimulator } from '../rtl/rtl-simulator.ts';
import { simulators } from '../rtl/simulators.ts';
import { clearMemories, placed, writeImages } from './conv-bus.ts';
import { convDriver } from './conv-driver.ts';
import { anyMachine, fewMachines, fittingProgram, randomBusRun } from './rtl-cases.ts';

/** Liveness: clang takes half a minute for a design on an idle machine, and others compile beside it. */
const timeout = 600_000;
const programsPerMachine = 8;
/** Icarus interprets, and CXXRTL has to be built: where Verilator is, they see fewer. */
const programsBeside = 3;
const moreMachines = Number(process.env.ISINGLASS_CONV_MACHINES ?? 0);

const [philox, streams] = fewMachines;
const available = simulators.filter(({ unavailable }) => unavailable === undefined);
const named = (name: RtlSimulator['name']): RtlSimulator | undefined => available.find((each) => each.name === name);
/** The one that compares many machines: that which builds fastest among the fast ones. CXXRTL is there anywhere. */
const main = named('verilator') ?? named('cxxrtl');
/** The one that tries changed designs: for a few sweeps, building fast is all. */
const quick = named('icarus') ?? main;

const nameOf = (p: ConvParameters): string =>
  `${p.channels} × ${p.taps} × ${p.pixels} adders, ${p.samplers} samplers, ${p.generator}, ${p.overflow} ${p.accumulatorBits}`;

/** Both run the same from the reset on: padding shows what was there before. */
interface Pair {
  readonly emulator: ConvMachine;
  readonly rtl: RtlSimulation;
}

async function opened(
  p: ConvParameters,
  simulator: RtlSimulator | undefined,
  source = convEngineSource(p),
): Promise<RtlSimulation> {
  if (simulator === undefined) throw new TypeError('there is no simulator');
  const simulation = await simulator.open({ source, top: convEngineName });
  onTestFinished(() => simulation.end());
  await clearMemories(simulation, p);
  return simulation;
}

async function pairOf(p: ConvParameters, simulator: RtlSimulator | undefined, source?: string): Promise<Pair> {
  return { emulator: new ConvMachine(p), rtl: await opened(p, simulator, source) };
}

/** What both machines show of a random run of a random program. */
async function both(p: ConvParameters, machines: Pair, seed: number): Promise<Record<keyof Pair, BusStep[]>> {
  const program = fittingProgram(p, seed);
  const image = placed(p, program);
  const run = randomBusRun(image, seed);
  const { generatorWords } = convEngine(p);
  const { emulator, rtl } = machines;
  await writeImages(emulator, image, program);
  await writeImages(rtl, image, program);
  return {
    emulator: await busRun(emulator, run, image, generatorWords),
    rtl: await busRun(rtl, run, image, generatorWords),
  };
}

interface Seeds {
  readonly first: number;
  readonly count: number;
}

/** Throws at the first difference; else what was counted in all runs. */
async function compare(
  p: ConvParameters,
  simulator: RtlSimulator | undefined,
  { first, count }: Seeds,
): Promise<Readonly<Record<string, number>>> {
  const pair = await pairOf(p, simulator);
  const counted: Record<string, number> = {};
  for (let seed = first; seed < first + count; seed++) {
    const { emulator, rtl } = await both(p, pair, seed);
    expect({ seed, steps: rtl }).toEqual({ seed, steps: emulator });
    for (const [name, value] of Object.entries(emulator.at(-1)?.counters ?? {})) {
      counted[name] = (counted[name] ?? 0) + value;
    }
  }
  return counted;
}

for (const { name, unavailable } of simulators) {
  if (unavailable !== undefined) console.warn(`${name} is skipped: ${unavailable}`);
}

describe('the emulator and its SystemVerilog show the same words, cycles and events', () => {
  const total: Record<string, number> = {};

  test.for(fewMachines.map((p, n) => [n, nameOf(p), p] as const))('machine %i: %s', { timeout }, async ([n, , p]) => {
    const counted = await compare(p, main, { first: 100 * n, count: programsPerMachine });
    for (const [name, value] of Object.entries(counted)) total[name] = (total[name] ?? 0) + value;
  });

  test('and all of them have happened, but for causes that only other engines have', () => {
    const never = Object.keys(total).filter((name) => total[name] === 0);
    expect(never).toEqual(['CYCLES_FETCH', 'CYCLES_WRITE']);
  });

  test.for(available.filter((simulator) => simulator !== main).map((each) => [each.name, each] as const))(
    'in %s too',
    { timeout },
    async ([, simulator]) => {
      await compare(streams, simulator, { first: 1000, count: programsBeside });
    },
  );

  test.for(Array.from({ length: moreMachines }, (_, n) => [n + 1, nameOf(anyMachine(n + 1))] as const))(
    'any machine %i: %s',
    { timeout },
    async ([n]) => {
      await compare(anyMachine(n), main, { first: 10_000 + 100 * n, count: programsPerMachine });
    },
  );
});

test('SystemVerilog with philox, behind the driver, runs programs as the reference does', { timeout }, async () => {
  const driver = convDriver(philox, await opened(philox, main));
  onTestFinished(() => driver.close());
  for (let seed = 1; seed <= 4; seed++) {
    const program = fittingProgram(philox, seed);
    const run = randomRun(program, seed, { starts: ['random', 'given'], sweepsMax: 4, imagesMax: 2, chainsMax: 2 });
    const expected = await runOutcome((trace) => runFixedLaw(program, { ...run, trace }));
    const { traced, untraced } = await driverOutcomes(driver, program, run);
    expect({ seed, ...traced }).toEqual({ seed, ...expected });
    expect({ seed, ...untraced }).toEqual({ seed, ...expected, steps: [] });
  }
});

test('SystemVerilog with streams takes turns with rows as the emulator does', { timeout }, async () => {
  const rtl = convDriver(streams, await opened(streams, main));
  const emulator = convDriver(streams);
  onTestFinished(() => Promise.all([rtl.close(), emulator.close()]).then(() => {}));
  for (let seed = 1; seed <= 4; seed++) {
    const program = fittingProgram(streams, seed);
    const run = randomRun(program, seed, { starts: ['random', 'given'], sweepsMax: 4, imagesMax: 2, chainsMax: 2 });
    const expected = await driverOutcomes(emulator, program, run);
    expect({ seed, ...(await driverOutcomes(rtl, program, run)) }).toEqual({ seed, ...expected });
  }
});

describe('what is planted in the SystemVerilog is found', () => {
  /** What both show where one thing, which is there once, is changed. */
  async function changed(before: string, after: string): Promise<Record<keyof Pair, BusStep[]>> {
    const source = convEngineSource(philox);
    expect(source.split(before)).toHaveLength(2);
    return both(philox, await pairOf(philox, quick, source.replace(before, after)), 7);
  }

  const words = (steps: readonly BusStep[]): unknown => steps.map(({ counters: _, ...rest }) => rest);
  const cycles = (steps: readonly BusStep[]): unknown => steps.map(({ counters }) => counters.CYCLES);

  test('a drain of one cycle more: the same words, but not the same cycles', { timeout }, async () => {
    const { emulator, rtl } = await changed('waited == FILL_CYCLES - 1', 'waited == FILL_CYCLES');
    expect(words(rtl)).toEqual(words(emulator));
    expect(cycles(rtl)).not.toEqual(cycles(emulator));
  });

  test.for([
    ['scaled sums that are not rounded', "(shift == 6'd0 ? 50'sd0 : half)", "50'sd0"],
    ['draws of the spin next door', 'tile_spin_index + offset_now;', "tile_spin_index + offset_now + 32'd1;"],
  ] as const)('%s: the same cycles, but not the same words', { timeout }, async ([, before, after]) => {
    const { emulator, rtl } = await changed(before, after);
    expect(cycles(rtl)).toEqual(cycles(emulator));
    expect(words(rtl)).not.toEqual(words(emulator));
  });
});
