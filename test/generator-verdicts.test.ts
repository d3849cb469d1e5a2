/** The record of whole runs of the conformance suite on emulated generators (tools/generator-verdicts.ts): what docs/devices.md says of it holds of every run. */
import { seedOfRun, seedText } from '@isinglass/conformance';
import { describe, expect, it } from 'vitest';
import { generatorEntry } from '../packages/backend-fpga-sim/src/generators/catalogue.ts';
import {
  baseSeed,
  machinesUnderTest,
  readVerdictRuns,
  verdictsTable,
} from '../tools/device-docs/generator-verdicts.ts';

const runs = readVerdictRuns();

it('has no run twice, none on a machine that is not listed, and none on another seed than was fixed beforehand', () => {
  const names = runs.map(({ device, run }) => `${device} ${run}`);
  expect(new Set(names).size).toBe(names.length);
  expect(runs.filter(({ device }) => !machinesUnderTest.some((machine) => machine.device === device))).toEqual([]);
  expect(runs.filter(({ run, seed }) => seed !== seedText(seedOfRun(baseSeed, run)))).toEqual([]);
});

describe.each(machinesUnderTest)('$device', ({ engine, generator, device }) => {
  const made = runs.filter((run) => run.device === device);
  const { verdict, wordsPerLane, sharedWords } = generatorEntry(generator);
  const short = wordsPerLane + sharedWords === 1;
  const against = verdict === 'biased' ? 'fails' : short ? 'fails by its linear complexity alone' : 'passes';

  it(`${against}, every time`, () => {
    expect(made.length).toBeGreaterThan(0);
    for (const run of made) {
      const ids = Object.keys(run.against);
      if (verdict === 'biased') expect(ids.length).toBeGreaterThan(1);
      else expect(ids).toEqual(short ? ['rng.complexity@1'] : []);
    }
  });

  it('is in the table', () => {
    expect(verdictsTable()).toContain(`| \`${generator}\` | ${engine}`);
  });
});
