/** The three ways to take time averages (devices.md 5.8): the same sums, at different costs. */
import { freeSpinCount, type Program, type ReadoutRequest, type RunRequest, type RunResult } from '@isinglass/sdk';
import { describe, expect, test } from 'vitest';
import type { SetName } from '../../src/parameters/named-sets.ts';
import type { GivenValues } from '../../src/parameters/resolve-parameters.ts';
import { onlyBlock } from '../conv/conv-cases.ts';
import { machineOf, openMachine, plainRun, programFor, sets } from './machines.ts';

async function runOn(set: SetName, given: GivenValues, program: Program, request: RunRequest): Promise<RunResult> {
  const device = await openMachine(machineOf(set, given));
  try {
    return await (await device.load(program)).run(request);
  } finally {
    await device.close();
  }
}

/** Of all free banks. */
const readoutsOf = (program: Program, observable: ReadoutRequest['observable']): readonly ReadoutRequest[] =>
  onlyBlock(program)
    .banks.filter(({ role }) => role === 'free')
    .map(({ id }) => ({ bank: id, observable, as: 'both', tie: 1 }));

const images = 2;
const chains = 2;
const shape = { images, chains, sweeps: 11 };
/** Sweeps 4, 6, 8 and 10. */
const schedule = { burnIn: 2, stride: 2 };
const retained = 4;

describe.each(sets)('readouts of %s', (set) => {
  test('have the same sums and signs, whichever way they are taken', async () => {
    for (let seed = 1; seed <= 6; seed++) {
      const program = programFor(set, seed);
      const request = { ...plainRun(program, { ...shape, seed }), ...schedule };
      const asked = { ...request, readouts: readoutsOf(program, 'spin-sum') };
      const [counter, walk, raw] = await Promise.all(
        (['counter', 'walk', 'raw'] as const).map((readout) => runOn(set, { readout }, program, asked)),
      );
      expect(walk?.readouts).toEqual(counter?.readouts);
      expect(raw?.readouts).toEqual(counter?.readouts);
      expect([walk?.counters.flips, raw?.counters.flips]).toEqual([counter?.counters.flips, counter?.counters.flips]);
    }
  });

  test('cost nothing, the walk over all spins of a retained sweep, or a transfer of its states', async () => {
    const program = programFor(set, 2);
    const request = { ...plainRun(program, shape), ...schedule };
    const asked = { ...request, readouts: readoutsOf(program, 'spin-sum') };
    const counter = (await runOn(set, {}, program, asked)).counters;
    const walk = (await runOn(set, { readout: 'walk', walkCycles: 3 }, program, asked)).counters;
    const raw = (await runOn(set, { readout: 'raw' }, program, asked)).counters;

    expect(counter.cycles?.readout).toBe(0);
    const spins = freeSpinCount(onlyBlock(program));
    expect(walk.cycles).toEqual({ ...counter.cycles, readout: images * chains * retained * spins * 3 });
    expect([walk.bytesIn, walk.bytesOut]).toEqual([counter.bytesIn, counter.bytesOut]);

    // What a machine with counters takes where its host asks for the states themselves.
    const states = (await runOn(set, {}, program, { ...request, readouts: readoutsOf(program, 'state') })).counters;
    expect(raw).toEqual(states);
    const { io: ofRaw, ...rawCycles } = raw.cycles ?? {};
    const { io: ofCounter, ...counterCycles } = counter.cycles ?? {};
    expect(rawCycles).toEqual(counterCycles);
    expect(ofRaw).not.toBe(ofCounter);
    const wordsOfStates = (raw.bytesOut ?? 0) / (4 * images * chains * retained);
    expect(Number.isInteger(wordsOfStates)).toBe(true);
    expect(32 * wordsOfStates).toBeGreaterThanOrEqual(spins);
  });

  test('that are raw read nothing where nobody asks for sums', async () => {
    const program = programFor(set, 2);
    const request = plainRun(program, shape);
    expect((await runOn(set, { readout: 'raw' }, program, request)).counters).toEqual(
      (await runOn(set, {}, program, request)).counters,
    );
  });
});

test('a raw machine has no conditional sums, and its profile says so; a traced run on it has the same sums', async () => {
  const program = programFor('toy', 2);
  const device = await openMachine(machineOf('toy', { readout: 'raw' }));
  expect(device.profile.readout.observables).toEqual(['spin-sum', 'state']);
  expect(device.profile.features).not.toContain('conditional-sum');
  const loaded = await device.load(program);
  const request = plainRun(program, { images: 2, chains: 2, sweeps: 5 });
  const conditional = { ...request, readouts: readoutsOf(program, 'conditional-sum') };
  await expect(loaded.run(conditional)).rejects.toMatchObject({ code: 'unsupported', feature: 'conditional-sum' });
  const sums = { ...request, readouts: readoutsOf(program, 'spin-sum') };
  const traced = await loaded.run({ ...sums, trace: () => {} });
  expect(traced.readouts).toEqual((await loaded.run(sums)).readouts);
  await device.close();
});
