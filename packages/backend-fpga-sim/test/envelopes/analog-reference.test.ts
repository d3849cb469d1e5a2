/** What an analog machine samples is what it holds: with independent draws and right readings, the states of the sdk's reference of the real law. */
import { runRealLaw } from '@isinglass/sdk/reference';
import { driverOutcomes, type RunData, randomProgram, randomRun, runOutcome } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import type { NoiseModel } from '../../src/envelopes/noise-model.ts';
import { analogDriver, analogEnvelope } from './analog-cases.ts';

const models: Readonly<Record<string, Partial<NoiseModel>>> = {
  'that errs in nothing': {},
  'with errors of its coefficients': {
    couplingSigma: 0.02,
    biasSigma: 0.05,
    offsetSigma: 0.1,
    susceptibility: -0.03,
    couplingRange: [-0.9, 0.9],
    coefficientBits: 7,
  },
};

/** What the machine claims to read, at the temperature that it holds. */
function asked(run: RunData): RunData {
  return { ...run, temperatures: null, readouts: run.readouts.filter(({ observable }) => observable === 'state') };
}

test.each(Object.entries(models))('a machine %s runs what it says that it holds', async (_, noise) => {
  for (let seed = 1; seed <= 12; seed++) {
    const program = randomProgram({
      seed,
      law: 'real',
      forms: ['dense', 'sparse', 'diagonal'],
      temperature: 'constant',
      blocks: 1 + (seed % 2),
    });
    const driver = analogDriver(analogEnvelope(noise));
    const loaded = await driver.load(program, {});
    const held = await loaded.effective?.();
    if (held === undefined) throw new TypeError('the machine does not say what it holds');
    const run = asked(randomRun(program, seed, { starts: ['random', 'given'] }));
    // Sums of floats in another order: a draw would have to fall within 10⁻¹⁵ of its threshold.
    const expected = await runOutcome((trace) => runRealLaw(held, { ...run, gains: {}, trace }));
    const { traced, untraced } = await driverOutcomes(driver, program, run);
    expect(traced).toEqual(expected);
    expect(untraced).toEqual({ ...expected, steps: [] });
    await driver.close();
  }
});

test('a machine that errs holds another program, the same one whenever it is programmed by the same machine', async () => {
  const program = randomProgram({ seed: 3, law: 'real', forms: ['dense'], temperature: 'constant' });
  const hash = async (seed: bigint): Promise<string | undefined> => {
    const driver = analogDriver(analogEnvelope({ couplingSigma: 0.02 }), seed);
    const loaded = await driver.load(program, {});
    return (await loaded.effective?.())?.hash;
  };
  expect(await hash(1n)).not.toBe(program.hash);
  expect(await hash(1n)).toBe(await hash(1n));
  expect(await hash(2n)).not.toBe(await hash(1n));
});
