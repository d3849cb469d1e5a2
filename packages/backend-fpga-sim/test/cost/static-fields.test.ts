/** Static fields that are in the machine already are not computed again, and nothing else is ever taken for them. */
import { emptySpins, type PackedSpins, type RunRequest } from '@isinglass/sdk';
import { Dice, randomProgram, randomRun } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import { onlyBlock } from '../conv/conv-cases.ts';
import { machineOf, openMachine, plainRun } from './machines.ts';

const pinnedProgram = randomProgram({ seed: 3, pinnedSpinsMax: 40 });

test('runs one after the other on one image share its static pass; another image, gain or input has its own', async () => {
  const device = await openMachine(machineOf('toy'));
  const loaded = await device.load(pinnedProgram);
  const run = plainRun(pinnedProgram, { images: 1, chains: 1, sweeps: 2 });
  const staticCycles = async (change: Partial<RunRequest>): Promise<number> =>
    (await loaded.run({ ...run, ...change })).counters.cycles?.static ?? Number.NaN;
  const full = await staticCycles({});
  expect(full).toBeGreaterThan(0);
  expect(await staticCycles({ chainOffset: 7, seed: 2n })).toBe(0);
  expect(await staticCycles({ images: Uint32Array.of(9) })).toBe(full);
  expect(await staticCycles({ images: Uint32Array.of(9) })).toBe(0);
  const [gain] = onlyBlock(pinnedProgram).gains.filter(({ runtime }) => runtime);
  if (gain !== undefined) expect(await staticCycles({ gains: { [gain.id]: gain.value * 1.1 } })).toBe(full);
  expect(await staticCycles({})).toBe(full);
  const inputs = Object.fromEntries(
    Object.entries(run.inputs ?? {}).map(([id, { spinCount }]): [string, PackedSpins] => [
      id,
      emptySpins(1, spinCount),
    ]),
  );
  expect(Object.keys(inputs).length).toBeGreaterThan(0);
  expect(await staticCycles({ inputs })).toBe(full);
  await device.close();
});

test('any sequence of runs, of several blocks, traced, aborted, with other gains and inputs, has the bits of fresh machines', async () => {
  for (let seed = 1; seed <= 12; seed++) {
    const dice = new Dice(seed, 21);
    const program = randomProgram({ seed, blocks: 2, freeSpinsMax: 40, pinnedSpinsMax: 20 });
    const machine = machineOf('toy', { rng: dice.pick(['philox', 'xoshiro128pp']) });
    const device = await openMachine(machine);
    const loaded = await device.load(program);
    for (let n = 0; n < 8; n++) {
      // Few images, so that the same number comes again with other pinned spins.
      const drawn = randomRun(program, 100 * seed + n, { starts: ['random', 'given'], imagesMax: 2 });
      const images = drawn.images.map((_, at) => at);
      const request = { ...drawn, images, ...(dice.chance(0.3) ? { trace: () => {} } : {}) };
      if (dice.chance(0.2)) {
        const abort = new AbortController();
        const stop = (): void => abort.abort(new Error('enough'));
        await loaded.run({ ...request, signal: abort.signal, onProgress: stop }).catch(() => {});
      }
      const { readouts, last } = await loaded.run(request);
      const fresh = await openMachine(machine);
      const expected = await (await fresh.load(program)).run(request);
      await fresh.close();
      expect({ seed, n, readouts, last }).toEqual({ seed, n, readouts: expected.readouts, last: expected.last });
    }
    await device.close();
  }
});
