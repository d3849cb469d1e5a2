/**
 * The emulated convolution engine and its SystemVerilog are one machine: the same words and the same cycles, of every cause, after every command (devices.md
 * section 11, V15). ISINGLASS_CONV_MACHINES=20 compares so many machines more.
 */
import { describe, expect, onTestFinished, test } from 'vitest';
import { convEngine } from '../../src/conv/conv-engine.ts';
import { ConvMachine } from '../../src/conv/conv-machine.ts';
import type { ConvParameters } from '../../src/parameters/engine-parameters.ts';
import { convEngineName } from '../../src/rtl/conv/conv-engine-module.ts';
import { convEngineSource } from '../../src/rtl/conv/conv-engine-source.ts';
import { type BusStep, busRun } from '../lane/bus-run.ts';
import type { RtlSimulation, RtlSimulator } from '../rtl/rtl-simulator.ts';
import { simulators } from '../rtl/simulators.ts';
import { placed, writeImages } from './conv-bus.ts';
import { anyMachine, fewMachines, fittingProgram, randomBusRun } from './rtl-cases.ts';

/** Liveness: clang takes half a minute for a design, and others compile beside it. */
const timeout = 300_000;
const programsPerMachine = 8;
const moreMachines = Number(process.env.ISINGLASS_CONV_MACHINES ?? 0);
const machines = [...fewMachines, ...Array.from({ length: moreMachines }, (_, n) => anyMachine(n + 1))];

const nameOf = (p: ConvParameters): string =>
  `${p.channels} × ${p.taps} × ${p.pixels} adders, ${p.samplers} samplers, ${p.generator}`;

async function opened(simulator: RtlSimulator, source: string): Promise<RtlSimulation> {
  const simulation = await simulator.open({ source, top: convEngineName });
  onTestFinished(() => simulation.end());
  return simulation;
}

/** What both machines show of a random run of a random program; each has run others before. */
async function both(
  p: ConvParameters,
  { emulator, simulation }: { readonly emulator: ConvMachine; readonly simulation: RtlSimulation },
  seed: number,
): Promise<Record<'emulator' | 'rtl', BusStep[]>> {
  const program = fittingProgram(p, seed);
  const image = placed(p, program);
  const run = randomBusRun(image, seed);
  const { generatorWords } = convEngine(p);
  await writeImages(emulator, image, program);
  await writeImages(simulation, image, program);
  return {
    emulator: await busRun(emulator, run, image, generatorWords),
    rtl: await busRun(simulation, run, image, generatorWords),
  };
}

for (const simulator of simulators) {
  if (simulator.unavailable !== undefined) console.warn(`${simulator.name} is skipped: ${simulator.unavailable}`);

  describe.skipIf(simulator.unavailable !== undefined)(simulator.name, () => {
    test.for(machines.map((p, n) => [n, nameOf(p), p] as const))(
      'machine %i, %s: the emulator and the SystemVerilog show the same',
      { timeout },
      async ([n, , p]) => {
        const machine = { emulator: new ConvMachine(p), simulation: await opened(simulator, convEngineSource(p)) };
        for (let seed = 1; seed <= programsPerMachine; seed++) {
          const { emulator, rtl } = await both(p, machine, 100 * n + seed);
          expect({ seed, steps: rtl }).toEqual({ seed, steps: emulator });
        }
      },
    );
  });
}
