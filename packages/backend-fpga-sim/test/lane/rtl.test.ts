/**
 * The emulated lane engine and its SystemVerilog are one machine: the same words and the same cycles, of every cause, after every command (devices.md
 * section 11, V15). ISINGLASS_LANE_MACHINES=20 compares so many machines more.
 */
import { runFixedLaw } from '@isinglass/sdk/reference';
import { driverOutcomes, randomRun, runOutcome } from '@isinglass/sdk/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { laneEngine } from '../../src/lane/lane-engine.ts';
import { LaneMachine } from '../../src/lane/lane-machine.ts';
import type { LaneParameters } from '../../src/parameters/engine-parameters.ts';
import { laneEngineName } from '../../src/rtl/lane/lane-engine-module.ts';
import { laneEngineSource } from '../../src/rtl/lane/lane-engine-source.ts';
import type { RtlSimulation, RtlSimulator } from '../rtl/rtl-simulator.ts';
import { simulators } from '../rtl/simulators.ts';
import { type BusStep, busRun, placed, writeImages } from './bus-run.ts';
import { laneDriver } from './lane-driver.ts';
import { anyMachine, fewMachines, fittingProgram, randomBusRun } from './rtl-cases.ts';

/** Liveness: clang takes half a minute for a design on an idle machine, and others compile beside it. */
const timeout = 600_000;
const programsPerMachine = 8;
const moreMachines = Number(process.env.ISINGLASS_LANE_MACHINES ?? 0);

const [philox, streams, saturating] = fewMachines;
const available = simulators.filter(({ unavailable }) => unavailable === undefined);
const named = (name: RtlSimulator['name']): RtlSimulator | undefined => available.find((each) => each.name === name);
/** The one that compares many machines: that which builds fastest among the fast ones. CXXRTL is there anywhere. */
const main = named('verilator') ?? named('cxxrtl');
/** The one that tries changed designs: for a few sweeps, building fast is all. */
const quick = named('icarus') ?? main;

const nameOf = (p: LaneParameters): string =>
  `${p.lanes} lanes of ${p.couplingsPerLane}, ${p.generator}, ${p.activation.kind}, ${p.overflow} ${p.accumulatorBits}`;

/** Both run the same from the reset on: padding shows what was there before. */
interface Pair {
  readonly emulator: LaneMachine;
  readonly rtl: RtlSimulation;
}

async function opened(simulator: RtlSimulator | undefined, source: string): Promise<RtlSimulation> {
  if (simulator === undefined) throw new TypeError('there is no simulator');
  const simulation = await simulator.open({ source, top: laneEngineName });
  onTestFinished(() => simulation.end());
  return simulation;
}

async function pairOf(
  p: LaneParameters,
  simulator: RtlSimulator | undefined,
  source = laneEngineSource(p),
): Promise<Pair> {
  return { emulator: new LaneMachine(p), rtl: await opened(simulator, source) };
}

/** What both machines show of a random run of a random program. */
async function both(p: LaneParameters, machines: Pair, seed: number): Promise<Record<keyof Pair, BusStep[]>> {
  const program = fittingProgram(p, seed);
  const image = placed(p, program);
  const run = randomBusRun(image, seed);
  const { generatorWords } = laneEngine(p);
  const { emulator, rtl } = machines;
  await writeImages(emulator, image, program);
  await writeImages(rtl, image, program);
  return {
    emulator: await busRun(emulator, run, image, generatorWords),
    rtl: await busRun(rtl, run, image, generatorWords),
  };
}

async function compare(p: LaneParameters, simulator: RtlSimulator | undefined, firstSeed: number): Promise<void> {
  const pair = await pairOf(p, simulator);
  let saturations = 0;
  for (let seed = firstSeed; seed < firstSeed + programsPerMachine; seed++) {
    const { emulator, rtl } = await both(p, pair, seed);
    expect({ seed, steps: rtl }).toEqual({ seed, steps: emulator });
    saturations += emulator.at(-1)?.counters.SATURATIONS ?? 0;
  }
  // A machine whose sums stop has to be seen stopping.
  if (p === saturating) expect(saturations).toBeGreaterThan(100);
}

for (const { name, unavailable } of simulators) {
  if (unavailable !== undefined) console.warn(`${name} is skipped: ${unavailable}`);
}

describe('the emulator and its SystemVerilog show the same words, cycles and events', () => {
  test.for(fewMachines.map((p, n) => [n, nameOf(p), p] as const))('machine %i: %s', { timeout }, async ([n, , p]) => {
    await compare(p, main, 100 * n);
  });

  test.for(available.filter((simulator) => simulator !== main).map((each) => [each.name, each] as const))(
    'in %s too',
    { timeout },
    async ([, simulator]) => {
      await compare(streams, simulator, 1000);
    },
  );

  test.for(Array.from({ length: moreMachines }, (_, n) => [n + 1, nameOf(anyMachine(n + 1))] as const))(
    'any machine %i: %s',
    { timeout },
    async ([n]) => {
      await compare(anyMachine(n), main, 10_000 + 100 * n);
    },
  );
});

test('SystemVerilog with philox, behind the driver, runs programs as the reference does', { timeout }, async () => {
  const driver = laneDriver(philox, await opened(main, laneEngineSource(philox)));
  onTestFinished(() => driver.close());
  for (let seed = 1; seed <= 6; seed++) {
    const program = fittingProgram(philox, seed);
    const run = randomRun(program, seed, { starts: ['random', 'given'], sweepsMax: 6, imagesMax: 2, chainsMax: 2 });
    const expected = await runOutcome((trace) => runFixedLaw(program, { ...run, trace }));
    const { traced, untraced } = await driverOutcomes(driver, program, run);
    expect({ seed, ...traced }).toEqual({ seed, ...expected });
    expect({ seed, ...untraced }).toEqual({ seed, ...expected, steps: [] });
  }
});

test('SystemVerilog with streams takes turns with rows as the emulator does', { timeout }, async () => {
  const rtl = laneDriver(streams, await opened(main, laneEngineSource(streams)));
  const emulator = laneDriver(streams);
  onTestFinished(() => Promise.all([rtl.close(), emulator.close()]).then(() => {}));
  for (let seed = 1; seed <= 4; seed++) {
    const program = fittingProgram(streams, seed);
    const run = randomRun(program, seed, { starts: ['random', 'given'], sweepsMax: 5, imagesMax: 2, chainsMax: 2 });
    const expected = await driverOutcomes(emulator, program, run);
    expect({ seed, ...(await driverOutcomes(rtl, program, run)) }).toEqual({ seed, ...expected });
  }
});

describe('what is planted in the SystemVerilog is found', () => {
  /** The design with one thing changed that is there once. */
  function changed(p: LaneParameters, before: string, after: string): string {
    const source = laneEngineSource(p);
    expect(source.split(before)).toHaveLength(2);
    return source.replace(before, after);
  }

  const words = (steps: readonly BusStep[]): unknown => steps.map(({ counters: _, ...rest }) => rest);
  const cycles = (steps: readonly BusStep[]): unknown => steps.map(({ counters }) => counters.CYCLES);

  test('one more cycle between colors: the same words, but not the same cycles', { timeout }, async () => {
    const source = changed(streams, 'waited == SYNC_CYCLES - 1', 'waited == SYNC_CYCLES');
    const { emulator, rtl } = await both(streams, await pairOf(streams, quick, source), 100);
    expect(words(rtl)).toEqual(words(emulator));
    expect(cycles(rtl)).not.toEqual(cycles(emulator));
  });

  test('scaled sums that are not rounded: the same cycles, but not the same words', { timeout }, async () => {
    const source = changed(streams, "(shift == 6'd0 ? 50'd0 : half)", "50'd0");
    const { emulator, rtl } = await both(streams, await pairOf(streams, quick, source), 100);
    expect(cycles(rtl)).toEqual(cycles(emulator));
    expect(words(rtl)).not.toEqual(words(emulator));
  });
});
