/**
 * The emulated convolution engine and its SystemVerilog are one machine: the same words and the same cycles, of every cause, after every sweep and
 * every command (devices.md section 11, V15). ISINGLASS_CONV_MACHINES=20 compares so many machines more.
 */
import { runFixedLaw } from '@isinglass/sdk/reference';
import { driverOutcomes, randomRun, runOutcome } from '@isinglass/sdk/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { convEngine } from '../../src/conv/conv-engine.ts';
import { ConvMachine } from '../../src/conv/conv-machine.ts';
import type { ConvParameters } from '../../src/parameters/engine-parameters.ts';
import { convEngineName } from '../../src/rtl/conv/conv-engine-module.ts';
import { convEngineSource } from '../../src/rtl/conv/conv-engine-source.ts';
import { available, cyclesOf, EngineEquality, main, memoriesOf } from '../rtl/equality.ts';
import { simulators } from '../rtl/simulators.ts';
import { compareTies } from '../rtl/ties.ts';
import { clearMemories, placed, writeImages } from './conv-bus.ts';
import { onlyBlock } from './conv-cases.ts';
import { convDriver } from './conv-driver.ts';
import { anyMachine, fewMachines, fittingProgram, randomBusRun } from './rtl-cases.ts';

/** Liveness: clang takes half a minute for a design on an idle machine, and others compile beside it. */
const timeout = 600_000;
const programsPerMachine = 8;
/** Icarus interprets, and CXXRTL has to be built: where Verilator is, they see fewer. */
const programsBeside = 3;
const moreMachines = Number(process.env.ISINGLASS_CONV_MACHINES ?? 0);

const [philox, streams] = fewMachines;

const nameOf = (p: ConvParameters): string =>
  `${p.channels} × ${p.taps} × ${p.pixels} adders, ${p.samplers} samplers, ${p.generator}, ${p.overflow} ${p.accumulatorBits}`;

const equality = new EngineEquality({
  name: 'convolution engine',
  top: convEngineName,
  source: convEngineSource,
  emulator: (p: ConvParameters) => new ConvMachine(p),
  generatorWords: (p) => convEngine(p).generatorWords,
  clearMemories,
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
    expect(never).toEqual(['CYCLES_FETCH', 'CYCLES_WRITE']);
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
  const driver = convDriver(philox, await equality.opened(philox));
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
  const rtl = convDriver(streams, await equality.opened(streams));
  const emulator = convDriver(streams);
  onTestFinished(() => Promise.all([rtl.close(), emulator.close()]).then(() => {}));
  for (let seed = 1; seed <= 4; seed++) {
    const program = fittingProgram(streams, seed);
    const run = randomRun(program, seed, { starts: ['random', 'given'], sweepsMax: 4, imagesMax: 2, chainsMax: 2 });
    const expected = await driverOutcomes(emulator, program, run);
    expect({ seed, ...(await driverOutcomes(rtl, program, run)) }).toEqual({ seed, ...expected });
  }
});

test('a number equal to its threshold makes −1 in both, and fields of both signs have theirs in a table of one entry', {
  timeout,
}, async () => {
  const program = fittingProgram(philox, 3);
  const [image, spins] = [placed(philox, program), 8];
  const pair = { emulator: new ConvMachine(philox), rtl: await equality.opened(philox) };
  for (const machine of [pair.emulator, pair.rtl]) await writeImages(machine, image, program);
  // Of a spin's two thresholds one is of its field's sign; below and at its number it is −1, above +1.
  expect(await compareTies(pair, { block: onlyBlock(program), image }, { spins, seed: 3 })).toBeGreaterThanOrEqual(
    spins,
  );
});

describe('what is planted in the SystemVerilog is found', () => {
  test('a drain of one cycle more: the same words, but not the same cycles', { timeout }, async () => {
    const { emulator, rtl } = await equality.changed(philox, 'waited == FILL_CYCLES - 1', 'waited == FILL_CYCLES', 7);
    expect(memoriesOf(rtl)).toEqual(memoriesOf(emulator));
    expect(cyclesOf(rtl)).not.toEqual(cyclesOf(emulator));
  });

  test.for([
    ['scaled sums that are not rounded', "(shift == 6'd0 ? 50'sd0 : half)", "50'sd0"],
    ['draws of the spin next door', 'tile_spin_index + offset_now;', "tile_spin_index + offset_now + 32'd1;"],
  ] as const)('%s: the same cycles, but not the same words', { timeout }, async ([, before, after]) => {
    const { emulator, rtl } = await equality.changed(philox, before, after, 7);
    expect(cyclesOf(rtl)).toEqual(cyclesOf(emulator));
    expect(memoriesOf(rtl)).not.toEqual(memoriesOf(emulator));
  });
});
