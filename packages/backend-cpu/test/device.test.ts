import { openDevice } from '@isinglass/sdk';
import { runFixedLaw, runRealLaw } from '@isinglass/sdk/reference';
import { randomProgram, randomRun } from '@isinglass/sdk/testing';
import { describe, expect, test } from 'vitest';
import backend from '../src/index.ts';

describe.each(['cpu', 'cpu:scalar?rowsMax=2'])('through the sdk, %s gives what the reference gives', (uri) => {
  test.each(['fixed', 'real'] as const)('%s law, 30 random programs', async (law) => {
    const device = await openDevice(uri, { backends: [backend] });
    for (let seed = 500; seed < 530; seed++) {
      const program = randomProgram({ seed, law });
      const run = randomRun(program, seed);
      const expected = (law === 'fixed' ? runFixedLaw : runRealLaw)(program, run);
      const loaded = await device.load(program);
      const actual = await loaded.run(run);
      actual.readouts.forEach((readout, n) => {
        const wanted = expected.readouts[n];
        expect({ seed, n, sums: readout.sums && [...readout.sums] }).toEqual({
          seed,
          n,
          sums: wanted?.sums && [...wanted.sums],
        });
        expect({ seed, n, signs: readout.signs, states: readout.states }).toEqual({
          seed,
          n,
          signs: wanted?.signs,
          states: wanted?.states,
        });
      });
      expect({ seed, last: actual.last }).toEqual({ seed, last: expected.last });
      await loaded.unload();
    }
    await device.close();
  });
});
