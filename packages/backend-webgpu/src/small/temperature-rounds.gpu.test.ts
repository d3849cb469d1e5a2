import { runFixedLaw } from '@isinglass/sdk/reference';
import { Dice, programFamilies, randomProgram, randomRun, runOutcome } from '@isinglass/sdk/testing';
import { expectOutcome } from '../../test/expect-outcome.ts';
import { driverTest } from '../../test/support/driver-test.ts';

/** Rounds of one sweep, of three, one round that is all, and one that is longer than the run. */
const rounds = [1, 3, 11, 12];

driverTest.for(rounds)(
  'no bit depends on the rounds: %i temperatures at a time',
  async (dispatchSweepsMax, { open }) => {
    const { driver } = await open('webgpu', { pieces: { dispatchSweepsMax } });
    const dice = new Dice(4);
    for (const program of [randomProgram({ seed: 5 }), programFamilies.lattice(2), programFamilies.convolutions(1)]) {
      const sweeps = 11;
      const temperatures = Uint32Array.from({ length: sweeps }, () => dice.integer(0, 65536));
      const run = {
        ...randomRun(program, 9, { starts: ['random', 'given'], imagesMax: 2, chainsMax: 2 }),
        sweeps,
        burnIn: 2,
        stride: 2,
        sweepOffset: 0,
        temperatures,
      };
      const expected = await runOutcome((trace) => runFixedLaw(program, { ...run, trace }));
      await expectOutcome(driver, { name: program.json.name, program, run, expected });
    }
  },
);
