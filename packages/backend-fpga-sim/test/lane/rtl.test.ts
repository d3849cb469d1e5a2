/**
 * The emulated lane engine and its SystemVerilog are one machine: the same words and the same cycles, of every cause, after every sweep and
 * every command (devices.md section 11, V15). ISINGLASS_LANE_MACHINES=20 compares so many machines more.
 */
import { runFixedLaw } from '@isinglass/sdk/reference';
import { driverOutcomes, randomRun, runOutcome } from '@isinglass/sdk/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { laneEngine } from '../../src/lane/lane-engine.ts';
import { LaneMachine } from '../../src/lane/lane-machine.ts';
import type { LaneParameters } from '../../src/parameters/engine-parameters.ts';
import { laneEngineName } from '../../src/rtl/lane/lane-engine-module.ts';
import { laneEngineSource } from '../../src/rtl/lane/lane-engine-source.ts';
import { available, cyclesOf, EngineEquality, main, memoriesOf } from '../rtl/equality.ts';
import { simulators } from '../rtl/simulators.ts';
import { compareTies } from '../rtl/ties.ts';
import { placed, writeImages } from './bus-run.ts';
import { onlyBlock } from './lane-cases.ts';
import { laneDriver } from './lane-driver.ts';
import { anyMachine, fewMachines, fittingProgram, randomBusRun } from './rtl-cases.ts';

/** Liveness: clang takes half a minute for a design on an idle machine, and others compile beside it. */
const timeout = 600_000;
const programsPerMachine = 8;
/** Icarus interprets, and CXXRTL has to be built: where Verilator is, they see fewer. */
const programsBeside = 3;
const moreMachines = Number(process.env.ISINGLASS_LANE_MACHINES ?? 0);

const [philox, streams] = fewMachines;

const nameOf = (p: LaneParameters): string =>
  `${p.lanes} lanes of ${p.couplingsPerLane}, ${p.generator}, ${p.activation.kind}, ${p.overflow} ${p.accumulatorBits}`;

const equality = new EngineEquality({
  name: 'lane engine',
  top: laneEngineName,
  source: laneEngineSource,
  emulator: (p: LaneParameters) => new LaneMachine(p),
  generatorWords: (p) => laneEngine(p).generatorWords,
  program: fittingProgram,
  placed,
  writeImages,
  run: randomBusRun,
});

for (const { name, unavailable } of simulators) {
  if (unavailable !== undefined) console.warn(`${name} is skipped: ${unavailable}`);
}

describe('the emulator and its SystemVerilog show the same words, cycles and events', () => {
  test.for(fewMachines.map((p, n) => [n, nameOf(p), p] as const))('machine %i: %s', { timeout }, async ([n, , p]) => {
    await equality.compare(p, main, { first: 100 * n, count: programsPerMachine });
  });

  test('and all of them have happened, but for causes that only other engines have', () => {
    const never = Object.keys(equality.counters).filter((name) => equality.counters[name] === 0);
    expect(never).toEqual(['CYCLES_WEIGHT_STALL']);
    // A machine whose sums stop has to be seen stopping.
    expect(equality.counters.SATURATIONS).toBeGreaterThan(100);
  });

  test.for(available.filter((simulator) => simulator !== main).map((each) => [each.name, each] as const))(
    'in %s too',
    { timeout },
    async ([, simulator]) => {
      await equality.compare(streams, simulator, { first: 1000, count: programsBeside });
    },
  );

  test.for(Array.from({ length: moreMachines }, (_, n) => [n + 1, nameOf(anyMachine(n + 1))] as const))(
    'any machine %i: %s',
    { timeout },
    async ([n]) => {
      await equality.compare(anyMachine(n), main, { first: 10_000 + 100 * n, count: programsPerMachine });
    },
  );

  test('in 20 images and 3 machines at least, and after every sweep', () => {
    const { machines, images, sweeps, differences } = equality.compared(main.name);
    expect(machines).toBeGreaterThanOrEqual(3 + moreMachines);
    expect(images).toBeGreaterThanOrEqual(20);
    expect(sweeps).toBeGreaterThan(images);
    expect(differences).toBe(0);
    console.info(equality.report());
  });
});

test('SystemVerilog with philox, behind the driver, runs programs as the reference does', { timeout }, async () => {
  const driver = laneDriver(philox, await equality.opened(philox));
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
  const rtl = laneDriver(streams, await equality.opened(streams));
  const emulator = laneDriver(streams);
  onTestFinished(() => Promise.all([rtl.close(), emulator.close()]).then(() => {}));
  for (let seed = 1; seed <= 4; seed++) {
    const program = fittingProgram(streams, seed);
    const run = randomRun(program, seed, { starts: ['random', 'given'], sweepsMax: 5, imagesMax: 2, chainsMax: 2 });
    const expected = await driverOutcomes(emulator, program, run);
    expect({ seed, ...(await driverOutcomes(rtl, program, run)) }).toEqual({ seed, ...expected });
  }
});

test('a number equal to its threshold makes −1 in both, and fields of both signs have theirs in a table of one entry', {
  timeout,
}, async () => {
  const program = fittingProgram(philox, 3);
  const [image, spins] = [placed(philox, program), 8];
  const pair = { emulator: new LaneMachine(philox), rtl: await equality.opened(philox) };
  for (const machine of [pair.emulator, pair.rtl]) await writeImages(machine, image, program);
  // Of a spin's two thresholds one is of its field's sign; below and at its number it is −1, above +1.
  expect(await compareTies(pair, { block: onlyBlock(program), image }, { spins, seed: 3 })).toBeGreaterThanOrEqual(
    spins,
  );
});

describe('what is planted in the SystemVerilog is found', () => {
  test('one more cycle between colors: the same words, but not the same cycles', { timeout }, async () => {
    const { emulator, rtl } = await equality.changed(
      streams,
      'waited == SYNC_CYCLES - 1',
      'waited == SYNC_CYCLES',
      100,
    );
    expect(memoriesOf(rtl)).toEqual(memoriesOf(emulator));
    expect(cyclesOf(rtl)).not.toEqual(cyclesOf(emulator));
  });

  test('scaled sums that are not rounded: the same cycles, but not the same words', { timeout }, async () => {
    const { emulator, rtl } = await equality.changed(streams, "(shift == 6'd0 ? 50'd0 : half)", "50'd0", 100);
    expect(cyclesOf(rtl)).toEqual(cyclesOf(emulator));
    expect(memoriesOf(rtl)).not.toEqual(memoriesOf(emulator));
  });
});
