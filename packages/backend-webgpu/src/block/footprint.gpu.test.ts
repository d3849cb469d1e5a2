/** Runs of few rows, where what does not grow with them is all: no run holds a byte that is not planned. */
import type { Block, Program } from '@isinglass/sdk';
import {
  driverRun,
  programFamilies,
  type RunData,
  randomGraph,
  randomProgram,
  randomRun,
} from '@isinglass/sdk/testing';
import { describe, expect } from 'vitest';
import { driverTest } from '../../test/support/driver-test.ts';
import { mostBytes } from '../gpu/fixtures/most-bytes.ts';

/** Sums and states of every free bank, signs too, and a temperature for each sweep. */
function everything(program: Program, seed: number, o: Pick<RunData, 'sweeps' | 'start' | 'chains'>): RunData {
  const run = randomRun(program, seed, { imagesMax: 2, chainsMax: 1 });
  const block = program.json.stages.find((stage): stage is Block => stage.kind === 'block') as Block;
  const readouts = block.banks
    .filter(({ role }) => role === 'free')
    .flatMap(({ id: bank }) =>
      (['conditional-sum', 'spin-sum', 'state'] as const).map(
        (observable) => ({ bank, observable, as: observable === 'state' ? 'sums' : 'both', tie: 1 }) as const,
      ),
    );
  const temperatures = Uint32Array.from({ length: o.sweeps }, (_, t) => 65536 - (t % 1000));
  const schedule = { burnIn: 0, stride: Math.ceil(o.sweeps / 4), sweepOffset: 0, temperatures };
  return { ...run, ...schedule, ...o, chainOffset: 0, keep: 'device', readouts };
}

/** Pieces that hide nothing: what they take is planned whole. */
const pieces = { stagingBytesMax: 64, collectedBytesMax: 4, submitSweepsMax: 1, dispatchSweepsMax: 64 };

const makers: Readonly<Record<string, (seed: number) => Program>> = {
  'any blocks': (seed) => randomProgram({ seed }),
  'single spins': (seed) => randomProgram({ seed, freeSpinsMax: 12, pinnedSpinsMax: 6 }),
  convolutions: programFamilies.convolutions,
  layers: programFamilies.layers,
  lattices: programFamilies.lattice,
  'graphs of many colors': (seed) => randomGraph(seed, { spins: 60, degree: 12 }),
};

// A sweep of its own is some dispatches; many sweeps of a small block are one.
describe.each([
  ['many sweeps in a dispatch', 'webgpu', 3000],
  ['color by color', 'webgpu?fuse=nothing', 40],
] as const)('%s,', (_, uri, sweeps) => {
  driverTest.for(Object.keys(makers))('%s', { timeout: 60_000 }, async (name, { open }) => {
    const { driver, gpu } = await open(uri, { pieces });
    for (let seed = 0; seed < 2; seed++) {
      const program = (makers[name] as (typeof makers)[string])(seed);
      const plan = driver.plan(program);
      if (!('blocks' in plan)) throw new Error('the program must fit');
      for (const kind of ['random', 'feed-forward'] as const) {
        const loaded = await driver.load(program, {});
        const most = mostBytes(gpu);
        const start = { start: { kind }, sweeps: kind === 'random' ? sweeps : 4, chains: 1 + 2 * seed };
        const run = everything(program, seed, start);
        await loaded.run(driverRun(run));
        const planned = plan.bytes + run.images.length * run.chains * (plan.blocks[0]?.bytesPerRow ?? Number.NaN);
        const [held, over] = [most(), most() - planned];
        expect({ seed, kind, planned, held, over }).toMatchObject({ over: Math.min(over, 0) });
        await loaded.unload();
      }
    }
  });
});
