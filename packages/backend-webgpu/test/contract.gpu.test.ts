/** What a driver is asked beside the arithmetic: being found and opened, plans, order, listeners. */
import { parseDeviceProfile, silentLogger } from '@isinglass/sdk';
import { driverRun, programFamilies, randomProgram, randomRun } from '@isinglass/sdk/testing';
import { describe, expect, vi } from 'vitest';
import backend from '../src/index.ts';
import { codeOf, imagesOf, maps, short, soon, ways } from './plain-runs.ts';
import { driverTest } from './support/driver-test.ts';

describe('the backend', () => {
  driverTest('lists the GPU with the profile that an open driver has', async ({ open }) => {
    const found = await backend.enumerate();
    const { driver } = await open('webgpu');
    expect(found).toMatchObject([{ uri: 'webgpu', available: true, profile: driver.profile }]);
    const reason = new Error('no');
    await expect(backend.enumerate({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  driverTest('opens what its URI says, and nothing else', async ({ adapter }) => {
    expect(adapter).toBeDefined();
    const opened = await backend.open('webgpu?rowsMax=3', { logger: silentLogger });
    expect(opened.profile.batch.rowsMax).toBe(3);
    await opened.close();
    expect(await codeOf(backend.open('webgpu?rows=3', { logger: silentLogger }))).toBe('invalid-request');
    const absent = backend.open('webgpu?adapter=abacus', { logger: silentLogger });
    await expect(absent).rejects.toMatchObject({ code: 'backend', message: expect.stringContaining('there are: ') });
  });

  driverTest('opens nothing for a signal that is aborted, before or meanwhile', async ({ adapter }) => {
    expect(adapter).toBeDefined();
    const reason = new Error('no');
    const early = backend.open('webgpu', { logger: silentLogger, signal: AbortSignal.abort(reason) });
    await expect(early).rejects.toBe(reason);
    const controller = new AbortController();
    const opening = backend.open('webgpu', { logger: silentLogger, signal: controller.signal });
    controller.abort(reason);
    await expect(opening).rejects.toBe(reason);
  });

  driverTest('has a profile that the schema accepts, frozen', async ({ open }) => {
    const { profile } = (await open()).driver;
    expect(parseDeviceProfile(structuredClone(profile))).toEqual(profile);
    expect(Object.isFrozen(profile) && Object.isFrozen(profile.batch)).toBe(true);
    expect(profile.determinism).toBe('exact');
  });

  driverTest('makes a second device that is independent of the first', async ({ open }) => {
    const [first, second] = [await open(), await open()];
    await first.driver.close();
    const loaded = await second.driver.load(maps, {});
    expect(await codeOf(loaded.run(driverRun(short)))).toBe('resolved');
  });
});

describe('a program that does not fit', () => {
  driverTest(
    'is a misfit with the memory it needs; with that it fits, with 1 MiB less it does not',
    async ({ open }) => {
      const { driver } = await open('webgpu?memoryMiB=1');
      const misfits = driver.plan(maps);
      if ('blocks' in misfits) throw new Error('1 MiB must not be enough');
      const [misfit] = misfits;
      expect(misfits).toMatchObject([{ limit: 'memoryMiB', available: 1, where: 'stages[0]' }]);
      expect(misfit?.remedies[0]).toContain(`webgpu?memoryMiB=${misfit?.needed}`);
      expect(await codeOf(driver.load(maps, {}))).toBe('does-not-fit');
      const needed = misfit?.needed as number;
      const [less, enough] = [await open(`webgpu?memoryMiB=${needed - 1}`), await open(`webgpu?memoryMiB=${needed}`)];
      expect('blocks' in less.driver.plan(maps)).toBe(false);
      const loaded = await enough.driver.load(maps, {});
      expect(await codeOf(loaded.run(driverRun(short)))).toBe('resolved');
    },
  );

  driverTest(
    'is a misfit with the size of the binding it needs; with that it fits, with a byte less it does not',
    async ({ open }) => {
      const graph = programFamilies.irregularGraph(10);
      const sizes = await misfitsAt(100);
      expect(sizes.length).toBeGreaterThan(1);
      expect(sizes).toContainEqual({
        limit: 'maxStorageBufferBindingSize',
        needed: expect.any(Number),
        available: 100,
        where: expect.stringMatching(/^stages\[0\](, coupling \w+)?$/),
        remedies: expect.arrayContaining([expect.stringContaining('cpu')]),
      });
      const largest = Math.max(...sizes.map(({ needed }) => needed));
      expect(await misfitsAt(largest - 1)).not.toEqual([]);
      expect(await misfitsAt(largest)).toEqual([]);

      async function misfitsAt(bindingBytesMax: number) {
        const { driver, gpu } = await open('webgpu', { pieces: { bindingBytesMax } });
        const plan = driver.plan(graph);
        expect(await codeOf(driver.load(graph, {}))).toBe('blocks' in plan ? 'resolved' : 'does-not-fit');
        if (!('blocks' in plan)) expect(gpu.memory.bytes).toBe(0);
        return 'blocks' in plan ? [] : plan;
      }
    },
  );

  driverTest(
    'a run of as many rows as planned works, one more is refused before anything is allocated',
    async ({ open }) => {
      for (const [, uriWith] of ways) {
        const { driver, gpu } = await open(uriWith('rowsMax=6'));
        const loaded = await driver.load(maps, {});
        const created = vi.spyOn(gpu.device, 'createBuffer');
        expect(await codeOf(loaded.run(driverRun({ ...short, images: imagesOf(4), chains: 2 })))).toBe(
          'invalid-request',
        );
        expect(created).not.toHaveBeenCalled();
        expect(await codeOf(loaded.run(driverRun({ ...short, images: imagesOf(3), chains: 2 })))).toBe('resolved');
        expect(created).toHaveBeenCalled();
      }
    },
  );

  driverTest('rows end at what a binding has room for', async ({ open }) => {
    const rowsAt = async (bindingBytesMax: number) => {
      const { driver } = await open('webgpu', { pieces: { bindingBytesMax } });
      const plan = driver.plan(maps);
      if (!('blocks' in plan)) throw new Error('the program must fit');
      return plan.blocks[0]?.rowsMax;
    };
    const [many, half] = [await rowsAt(2 ** 20), await rowsAt(2 ** 19)];
    expect(half).toBe(Math.floor((many as number) / 2));
    expect(half).toBeGreaterThan(1);
  });
});

describe.each(ways)('runs, %s,', (_, uriWith) => {
  driverTest('start in call order and settle in it', async ({ open }) => {
    const loaded = await (await open(uriWith())).driver.load(maps, {});
    const events: string[] = [];
    const run = async (name: string, sweeps: number): Promise<void> => {
      const onProgress = (done: number): void => void (done === 1 && events.push(`${name} starts`));
      await loaded.run(driverRun({ ...short, sweeps }, { onProgress }));
      events.push(`${name} settles`);
    };
    await Promise.all([run('long', 400), run('short', 1)]);
    expect(events).toEqual(['long starts', 'long settles', 'short starts', 'short settles']);
  });

  driverTest('are refused beyond the number in flight, and taken again afterwards', async ({ open }) => {
    const { driver } = await open(uriWith());
    const loaded = await driver.load(maps, {});
    const running = [loaded.run(driverRun(short)), loaded.run(driverRun(short))];
    expect(driver.profile.batch.inFlight).toBe(2);
    expect(await codeOf(loaded.run(driverRun(short)))).toBe('invalid-request');
    expect(await Promise.all(running.map(codeOf))).toEqual(['resolved', 'resolved']);
    expect(await codeOf(loaded.run(driverRun(short)))).toBe('resolved');
  });

  driverTest('report every sweep once, in order, however many a submit has', async ({ open }) => {
    for (const pieces of [{}, { submitMs: 0, submitCostFirst: 1, submitCostMin: 1 }]) {
      const loaded = await (await open(uriWith(), { pieces })).driver.load(maps, {});
      const done: number[] = [];
      await loaded.run(driverRun({ ...short, sweeps: 40 }, { onProgress: (sweep) => void done.push(sweep) }));
      expect(done).toEqual(Array.from({ length: 40 }, (__, t) => t + 1));
    }
  });

  driverTest('give sums as the caller wants them, an array each', async ({ open }) => {
    const loaded = await (await open(uriWith())).driver.load(maps, {});
    const request = { bank: 'b', observable: 'spin-sum', tie: -1 } as const;
    const readouts = (['sums', 'signs', 'both', 'sums'] as const).map((as) => ({ ...request, as }));
    const [sums, signs, both, again] = (await loaded.run(driverRun({ ...short, readouts }))).readouts;
    expect(Object.keys(sums ?? {})).toEqual(['sums']);
    expect(Object.keys(signs ?? {})).toEqual(['signs']);
    expect(both).toEqual({ ...sums, ...signs });
    expect(again).toEqual(sums);
    expect(again?.sums).not.toBe(sums?.sums);
  });

  driverTest('give the states of a bank that is asked for twice as arrays of their own', async ({ open }) => {
    const loaded = await (await open(uriWith())).driver.load(maps, {});
    const request = { bank: 'a', observable: 'state', as: 'sums', tie: 1 } as const;
    const { readouts } = await loaded.run(driverRun({ ...short, readouts: [request, request] }));
    const [first, second] = readouts;
    expect(first?.states?.rows).toBe(8);
    expect(second).toEqual(first);
    expect(second?.states?.words).not.toBe(first?.states?.words);
  });

  driverTest('do not write to their inputs', async ({ open }) => {
    const { driver } = await open(uriWith());
    for (let seed = 0; seed < 6; seed++) {
      const program = randomProgram({ seed });
      const run = randomRun(program, seed, { starts: ['given'] });
      const before = structuredClone(run);
      const loaded = await driver.load(program, {});
      await loaded.run(driverRun(run));
      expect(run).toEqual(before);
      await loaded.unload();
    }
  });

  driverTest(
    'with gains that leave the range of the field are refused, and the device is usable afterwards',
    async ({ open }) => {
      const loaded = await (await open(uriWith())).driver.load(maps, {});
      expect(await codeOf(loaded.run(driverRun({ ...short, gains: { delta: 1e9 } })))).toBe('invalid-request');
      expect(await codeOf(loaded.run(driverRun({ ...short, gains: { delta: 1.5 } })))).toBe('resolved');
    },
  );

  driverTest('keep nothing of the gains of the run before', async ({ open }) => {
    const { driver } = await open(uriWith());
    const results = async (...deltas: readonly number[]) => {
      const loaded = await driver.load(maps, {});
      const found: unknown[] = [];
      for (const delta of deltas) found.push((await loaded.run(driverRun({ ...short, gains: { delta } }))).readouts);
      await loaded.unload();
      return found;
    };
    const [alone] = await results(0.1);
    const [strong, weak, again] = await results(1, 0.1, 0.1);
    expect([weak, again]).toEqual([alone, alone]);
    expect(strong).not.toEqual(weak);
  });

  driverTest('wait for the listener of a trace, and give the same as without one', async ({ open }) => {
    const loaded = await (await open(uriWith())).driver.load(maps, {});
    let [now, most] = [0, 0];
    const sweeps: number[] = [];
    const trace = async (sweep: number): Promise<void> => {
      sweeps.push(sweep);
      most = Math.max(most, ++now);
      await soon(1);
      now--;
    };
    const traced = await loaded.run(driverRun(short, { trace }));
    expect({ most, sweeps }).toEqual({ most: 1, sweeps: [0, 1, 2, 3, 4, 5, 6, 7, 8] });
    expect(traced.readouts).toEqual((await loaded.run(driverRun(short))).readouts);
  });

  driverTest.for(['trace', 'onProgress'] as const)(
    'fail with what a listener (%s) throws, and the next one runs',
    async (listener, { open }) => {
      const { driver, gpu } = await open(uriWith());
      const loaded = await driver.load(maps, {});
      const held = gpu.memory.bytes;
      const thrown = new Error('the listener has enough');
      const failing = loaded.run(
        driverRun(short, {
          [listener]: (sweep: number) => {
            if (sweep === 3) throw thrown;
          },
        }),
      );
      await expect(failing).rejects.toBe(thrown);
      expect(gpu.memory.bytes).toBe(held);
      expect(await codeOf(loaded.run(driverRun(short)))).toBe('resolved');
    },
  );
});
