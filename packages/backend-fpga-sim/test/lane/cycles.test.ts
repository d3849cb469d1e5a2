/** The cycles that the emulator counts while it walks are those of the closed formula (devices.md 5.2), cause by cause. */
import { Dice, type ProgramFamily, programFamilies } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import { generatorEntry } from '../../src/generators/catalogue.ts';
import { cycleCounter } from '../../src/host/register-map.ts';
import { laneGeometry } from '../../src/lane/lane-geometry.ts';
import { LaneMachine } from '../../src/lane/lane-machine.ts';
import type { LaneParameters } from '../../src/parameters/engine-parameters.ts';
import { addCycles, timesCycles, totalCycles } from '../../src/timing/add-cycles.ts';
import { cycleCauses } from '../../src/timing/cycle-causes.ts';
import { laneStartCycles, laneStaticCycles, laneSweepCycles } from '../../src/timing/formulas/lane-cycles.ts';
import { busRun, placed, writeImages } from './bus-run.ts';
import { laneParameters, onlyBlock } from './lane-cases.ts';

function randomMachine(dice: Dice): LaneParameters {
  return laneParameters({
    lanes: dice.pick([1, 2, 7, 8, 32, 100]),
    couplingsPerLane: dice.pick([1, 1, 2, 3, 9]),
    rng: dice.pick(['philox', 'xoshiro128pp', 'lfsr32']),
    syncCycles: dice.pick([0, 0, 5]),
    sweepCycles: dice.pick([0, 1, 17]),
    ...(dice.chance(0.2) ? ({ readout: 'walk', walkCycles: 3 } as const) : {}),
  });
}

test.for(Object.keys(programFamilies) as ProgramFamily[])(
  'cycles of %s on random machines are those of the formula',
  async (family) => {
    for (let seed = 1; seed <= 40; seed++) {
      const dice = new Dice(seed, 2);
      const p = randomMachine(dice);
      const program = programFamilies[family](seed);
      const image = placed(p, program);
      const machine = new LaneMachine(p);
      await writeImages(machine, image, program);
      const sweeps = dice.integer(0, 4);
      const burnIn = dice.integer(0, 2);
      const tempered = dice.chance(0.5);
      const start = dice.pick(['given', 'random'] as const);
      const [step] = await busRun(
        machine,
        {
          seed: dice.bits64(),
          image: 0,
          blockAndChain: 0,
          sweepOffset: 0,
          burnIn,
          stride: 1,
          start,
          spins: Uint32Array.from({ length: image.spinWords }, () => dice.word()),
          temperatures: tempered ? new Uint32Array(sweeps).fill(40_000) : null,
          conditionalSums: false,
          pieces: [sweeps],
        },
        image,
        0,
      );
      const { colors } = laneGeometry(program, onlyBlock(program), p);
      const schedule = {
        ...p,
        drawCycles: generatorEntry(p.generator).cyclesPerDraw,
        temperCycles: tempered ? 1 : 0,
      } as const;
      const degrees = (groups: readonly { readonly degree: number }[]) => groups.map(({ degree }) => degree);
      const spins = colors.reduce((sum, color) => sum + color.spins, 0);
      const retained = p.readout === 'walk' ? Math.max(0, sweeps - burnIn) : 0;
      const expected = addCycles(
        start === 'random' ? laneStartCycles(colors, schedule) : {},
        laneStaticCycles(
          colors.map((color) => ({ spins: color.spins, degrees: degrees(color.staticGroups) })),
          schedule,
        ),
        timesCycles(
          sweeps,
          laneSweepCycles(
            colors.map((color) => ({ spins: color.spins, degrees: degrees(color.groups) })),
            schedule,
          ),
        ),
        { readout: retained * spins * p.walkCycles },
      );
      const counted = Object.fromEntries(
        cycleCauses.map((cause) => [cause, cause === 'io' ? 0 : step?.counters[cycleCounter(cause)]]),
      );
      expect({ seed, counted }).toEqual({ seed, counted: expected });
      expect(step?.counters.CYCLES).toBe(totalCycles(expected));
      expect(step?.counters.UPDATES).toBe(sweeps * spins);
    }
  },
);
