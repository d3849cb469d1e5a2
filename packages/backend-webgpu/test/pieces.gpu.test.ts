/** No bit of a result depends on the pieces that the work is cut into: submits, slices of rows, rounds of kept states, parts of weights. */
import type { Program } from '@isinglass/sdk';
import { runFixedLaw } from '@isinglass/sdk/reference';
import {
  programFamilies,
  type RunData,
  type RunOutcome,
  randomProgram,
  randomRun,
  runOutcome,
} from '@isinglass/sdk/testing';
import { describe, expect, onTestFinished, vi } from 'vitest';
import { expectOutcome } from './expect-outcome.ts';
import { pieceCutNames, pieceCuts } from './piece-cuts.ts';
import { ways } from './plain-runs.ts';
import { driverTest } from './support/driver-test.ts';

const makers: readonly ((seed: number) => Program)[] = [
  (seed) => randomProgram({ seed }),
  programFamilies.convolutions,
  programFamilies.lattice,
  (seed) => randomProgram({ seed, temperature: 'schedule' }),
];

interface Case {
  readonly name: string;
  readonly program: Program;
  readonly run: RunData;
  readonly expected: RunOutcome;
}

async function caseOf(name: string, program: Program, run: RunData): Promise<Case> {
  return { name, program, run, expected: await runOutcome((trace) => runFixedLaw(program, { ...run, trace })) };
}

const cases = await Promise.all(
  [3, 6, 9, 12].map((seed, n) => {
    const program = (makers[n] as (typeof makers)[number])(seed);
    return caseOf(`seed ${seed}`, program, randomRun(program, seed, { sweepsMax: 6, imagesMax: 3, chainsMax: 2 }));
  }),
);

describe.each(ways)('%s', (_, uriWith) => {
  driverTest.for(pieceCutNames)('with %s', { timeout: 60_000 }, async (cut, { share }) => {
    const { driver } = await share(uriWith(), { pieces: pieceCuts[cut] });
    for (const each of cases) await expectOutcome(driver, each);
  });
});

driverTest.for(['packed', 'planes'])(
  'with %s weights in as many parts as there are blocks of receivers',
  async (products, { share }) => {
    const program = programFamilies.layers(2);
    const uri = `webgpu?fuse=nothing&products=${products}`;
    const misfits = (await share(uri, { pieces: { bindingBytesMax: 4 } })).driver.plan(program);
    if ('blocks' in misfits) throw new Error('four bytes must not be enough');
    const bindingBytesMax = Math.max(...misfits.map(({ needed }) => needed));
    const { driver, gpu } = await share(uri, { pieces: { bindingBytesMax } });
    const created = vi.spyOn(gpu.device, 'createBuffer');
    onTestFinished(() => created.mockRestore());
    const run = randomRun(program, 1, { imagesMax: 1, chainsMax: 1, sweepsMax: 3 });
    await expectOutcome(driver, await caseOf(products, program, run));
    const weights = created.mock.calls.filter(([{ label }]) => label === 'j0');
    expect(weights.length).toBeGreaterThan(2);
    for (const [{ size }] of weights) expect(size).toBeLessThanOrEqual(bindingBytesMax);
  },
);
