/**
 * The emulated lane engine and its SystemVerilog are one machine: the same words and the same cycles, of every cause, after every command (devices.md
 * section 11, V15). ISINGLASS_LANE_MACHINES=20 compares so many machines more.
 */
import { describe, expect, onTestFinished, test } from 'vitest';
import { laneEngine } from '../../src/lane/lane-engine.ts';
import { LaneMachine } from '../../src/lane/lane-machine.ts';
import type { LaneParameters } from '../../src/parameters/engine-parameters.ts';
import { laneEngineName } from '../../src/rtl/lane/lane-engine-module.ts';
import { laneEngineSource } from '../../src/rtl/lane/lane-engine-source.ts';
import type { RtlSimulation, RtlSimulator } from '../rtl/rtl-simulator.ts';
import { simulators } from '../rtl/simulators.ts';
import { type BusStep, busRun, placed, writeImages } from './bus-run.ts';
import { anyMachine, fewMachines, fittingProgram, randomBusRun } from './rtl-cases.ts';

/** Liveness: clang takes half a minute for a design, and others compile beside it. */
const timeout = 300_000;
const programsPerMachine = 8;
const moreMachines = Number(process.env.ISINGLASS_LANE_MACHINES ?? 0);
const machines = [...fewMachines, ...Array.from({ length: moreMachines }, (_, n) => anyMachine(n + 1))];

const nameOf = (p: LaneParameters): string => `${p.lanes} lanes of ${p.couplingsPerLane}, ${p.generator}`;

async function opened(simulator: RtlSimulator, source: string): Promise<RtlSimulation> {
  const simulation = await simulator.open({ source, top: laneEngineName });
  onTestFinished(() => simulation.end());
  return simulation;
}

/** Both run the same from the reset on: padding shows what was there before. */
interface Pair {
  readonly emulator: LaneMachine;
  readonly rtl: RtlSimulation;
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

for (const simulator of simulators) {
  if (simulator.unavailable !== undefined) console.warn(`${simulator.name} is skipped: ${simulator.unavailable}`);

  describe.skipIf(simulator.unavailable !== undefined)(simulator.name, () => {
    test.for(machines.map((p, n) => [n, nameOf(p), p] as const))(
      'machine %i, %s: the emulator and the SystemVerilog show the same',
      { timeout },
      async ([n, , p]) => {
        const pair: Pair = { emulator: new LaneMachine(p), rtl: await opened(simulator, laneEngineSource(p)) };
        for (let seed = 1; seed <= programsPerMachine; seed++) {
          const { emulator, rtl } = await both(p, pair, 100 * n + seed);
          expect({ seed, steps: rtl }).toEqual({ seed, steps: emulator });
        }
      },
    );
  });
}
