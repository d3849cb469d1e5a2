import cpu from '@isinglass/backend-cpu';
import { type Block, openDevice, type Program, type ReadoutRequest, unpackSpins } from '@isinglass/sdk';
import { feedForwardStates } from '@isinglass/sdk/reference';
import { randomProgram, randomRun } from '@isinglass/sdk/testing';
import { describe, expect, it } from 'vitest';
import { feedForwardBackend } from './feed-forward-backend.ts';

/** Per free bank: the sums of a run with many chains and sweeps, and K · chains of that run. */
async function sumsOf(program: Program, uri: string, run: ReturnType<typeof randomRun>, readouts: ReadoutRequest[]) {
  const device = await openDevice(uri, { backends: [feedForwardBackend] });
  const loaded = await device.load(program);
  const { block, images, inputs, seed, gains } = run;
  const request = { block, images, inputs, seed, gains, readouts, sweeps: 9, burnIn: 2, stride: 3, chains: 4 };
  const result = await loaded.run(request);
  await device.close();
  return { ...result, unit: result.retained * result.chains };
}

async function agreesWithReference(program: Program, uri: string, seed: number): Promise<void> {
  const run = randomRun(program, seed);
  const block = program.json.stages.find((stage) => stage.kind === 'block' && stage.index === run.block) as Block;
  const states = feedForwardStates(program, block, run);
  const banks = Object.keys(states);
  const readouts = banks.flatMap((bank): ReadoutRequest[] => [
    { bank, observable: 'spin-sum', as: 'both', tie: 1 },
    { bank, observable: 'conditional-sum', as: 'sums', tie: 1 },
    { bank, observable: 'conditional-sum', as: 'signs', tie: -1 },
  ]);
  const { readouts: found, unit } = await sumsOf(program, uri, run, readouts);
  expect(unit).toBe(8);
  const expected = banks.flatMap((bank) => {
    const signs = states[bank] as (typeof states)[string];
    const sums = (factor: number) => Float64Array.from(unpackSpins(signs), (spin) => spin * unit * factor);
    return [{ sums: sums(1), signs }, { sums: sums(65536) }, { signs }];
  });
  expect(found.map(({ request, ...answer }) => answer)).toEqual(expected);
}

describe('the feed-forward evaluation', () => {
  it.each(['fixed', 'real'] as const)('is that of the reference, every bit, under the %s law', async (law) => {
    for (let seed = 1; seed <= 25; seed++) {
      await agreesWithReference(randomProgram({ seed, law }), 'feed-forward', seed);
    }
  });

  it('is the same with any options of the kernels', async () => {
    for (const options of ['threads=1', 'threads=3&simd=baseline']) {
      for (let seed = 1; seed <= 5; seed++) {
        await agreesWithReference(randomProgram({ seed }), `feed-forward?${options}`, seed);
      }
    }
  });

  it('is the same where the kernels have too little memory for the program', async () => {
    const program = randomProgram({ seed: 3, freeSpinsMax: 2000 });
    const device = await openDevice('cpu?memoryMiB=1', { backends: [cpu] });
    expect(device.plan(program)).toMatchObject([{ limit: 'memoryMiB' }]);
    await device.close();
    await agreesWithReference(program, 'feed-forward?memoryMiB=1', 3);
  });

  it('is aborted by the signal of its run', async () => {
    const program = randomProgram({ seed: 3 });
    const run = randomRun(program, 3);
    const reason = new Error('enough');
    const device = await openDevice('feed-forward', { backends: [feedForwardBackend] });
    const loaded = await device.load(program);
    const { block, images, inputs, seed } = run;
    const controller = new AbortController();
    const running = loaded.run({ block, images, inputs, seed, readouts: [], signal: controller.signal });
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
    const { readouts } = await loaded.run({ block, images, inputs, seed, readouts: [] });
    expect(readouts).toEqual([]);
    await device.close();
  });
});
