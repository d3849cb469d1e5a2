import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import type { DriverRun, LoadedProgram } from '../contract/driver.ts';
import { isIsinglassError } from '../errors/isinglass-error.ts';
import { silentLogger } from '../logging/logger.ts';
import type { Program } from '../program/program.ts';
import { randomProgram } from '../testing/random-program.ts';
import { testProfile } from '../testing/test-profile.ts';
import { FakeMachines } from './fixtures/fake-machines.ts';
import { plainRun } from './fixtures/plain-run.ts';
import { MachineDriver } from './machine-driver.ts';

const program = randomProgram({ seed: 3, forms: ['dense'] });
const twoBlocks = randomProgram({ seed: 3, forms: ['dense'], blocks: 2 });

const indices = (of: Program): number[] =>
  of.json.stages.flatMap((stage) => (stage.kind === 'block' ? [stage.index] : []));
const [block = Number.NaN] = indices(program);
const [first = Number.NaN, second = Number.NaN] = indices(twoBlocks);

function open(inFlight = 2): { readonly machines: FakeMachines; readonly driver: MachineDriver } {
  const machines = new FakeMachines();
  const profile = testProfile({ batch: { inFlight } });
  return { machines, driver: new MachineDriver({ profile, machines, logger: silentLogger }) };
}

/** A device with one program, nothing written down yet. */
async function opened(inFlight?: number) {
  const { machines, driver } = open(inFlight);
  const loaded = await driver.load(program, {});
  machines.take();
  return { machines, driver, loaded };
}

/** Runs wait from now on, until `open`. */
function gate(machines: FakeMachines): { readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  machines.runsWaitFor = promise;
  return { open: resolve };
}

const run = (loaded: LoadedProgram, seed: bigint, o: Partial<DriverRun> = {}) =>
  loaded.run(plainRun({ block, seed, ...o }));

/** What became of a promise: `resolved`, an error's code, or its text. */
async function outcome(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'resolved',
    (e: unknown) => (isIsinglassError(e) ? e.code : String(e)),
  );
}

/** All that can happen without anything from outside has happened. */
const rest = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('load', () => {
  test('measures every block, then loads each with its plan, in program order', async () => {
    const { machines, driver } = open();
    await driver.load(twoBlocks, {});
    expect(machines.calls).toEqual([
      `measure ${first}`,
      `measure ${second}`,
      `load ${first}, 1 rows`,
      `load ${second}, 2 rows`,
    ]);
  });
  test('refuses a program that does not fit with every misfit, and loads nothing', async () => {
    const { machines, driver } = open();
    const misfit = { limit: 'memoryMiB', needed: 3, available: 2, remedies: ['a smaller block'] };
    machines.misfits = [
      { ...misfit, where: 'stages[0]' },
      { ...misfit, where: 'stages[1]' },
    ];
    expect(driver.plan(twoBlocks)).toBe(machines.misfits);
    await expect(driver.load(twoBlocks, {})).rejects.toMatchObject({
      code: 'does-not-fit',
      message: expect.stringContaining('stages[0] needs memoryMiB 3, the device has 2'),
      diagnostics: [
        { code: 'memoryMiB', where: 'stages[0]' },
        { code: 'memoryMiB', where: 'stages[1]' },
      ],
    });
    expect(machines.calls).toEqual([`measure ${first}`, `measure ${second}`]);
    machines.misfits = [];
    expect(await outcome(driver.load(twoBlocks, {}))).toBe('resolved');
  });
  test('does without a measure', async () => {
    const { machines, driver } = open();
    Object.defineProperty(machines, 'measure', { value: undefined });
    await driver.load(program, {});
    expect(machines.calls).toEqual([`load ${block}, 1 rows`]);
  });
  test('holds a program as the machines say, or as it is where they say nothing', async () => {
    const { machines, driver } = open();
    expect((await (await driver.load(program, {})).effective?.())?.hash).toBe(program.hash);
    const asked: Program[] = [];
    machines.effective = (of) => {
      asked.push(of);
      return twoBlocks;
    };
    expect((await (await driver.load(program, {})).effective?.())?.hash).toBe(twoBlocks.hash);
    expect(asked.map(({ hash }) => hash)).toEqual([program.hash]);
  });

  test('is all blocks or none: what was loaded before a failure is ended', async () => {
    const { machines, driver } = open();
    machines.loadsWaitFor = { block: second, promise: Promise.reject(new Error('broken')) };
    expect(await outcome(driver.load(twoBlocks, {}))).toBe('Error: broken');
    expect(machines.take().slice(2)).toEqual([`load ${first}, 1 rows`, `load ${second}, 2 rows`, `end block ${first}`]);
    machines.loadsWaitFor = undefined;
    await driver.load(twoBlocks, {});
    expect(machines.calls.filter((call) => call.startsWith('end'))).toEqual([]);
  });
  test.each(['abort', 'close', 'loss'] as const)('ends what it has loaded at an %s, with its reason', async (what) => {
    const { machines, driver } = open();
    machines.loadsWaitFor = { block: second, promise: new Promise(() => {}) };
    const controller = new AbortController();
    const loading = outcome(driver.load(twoBlocks, { signal: controller.signal }));
    await rest();
    machines.take();
    if (what === 'abort') controller.abort(new Error('enough'));
    else if (what === 'close') await driver.close();
    else machines.lose('gone');
    expect(await loading).toBe({ abort: 'Error: enough', close: 'device-closed', loss: 'device-lost' }[what]);
    expect(machines.calls).toContain(`end block ${first}`);
  });
  test('asks the machines nothing for a signal that is aborted', async () => {
    const { machines, driver } = open();
    expect(await outcome(driver.load(program, { signal: AbortSignal.abort(new Error('no')) }))).toBe('Error: no');
    expect(machines.calls).toEqual([]);
  });
});

describe('runs', () => {
  test('of all programs start in call order, one at a time', async () => {
    const { machines, driver, loaded } = await opened(3);
    const other = await driver.load(program, {});
    machines.take();
    const { open: letGo } = gate(machines);
    const running = [run(loaded, 1n), run(other, 2n), run(loaded, 3n)];
    await rest();
    expect(machines.calls).toEqual(['begin 1']);
    letGo();
    await Promise.all(running);
    expect(machines.calls).toEqual(['begin 1', 'end run 1', 'begin 2', 'end run 2', 'begin 3', 'end run 3']);
  });
  test.each([1, 2, 5])(
    'are refused beyond the %i that the profile allows in flight, and taken again afterwards',
    async (n) => {
      const { machines, loaded } = await opened(n);
      const { open: letGo } = gate(machines);
      const running = Array.from({ length: n }, (_, k) => outcome(run(loaded, BigInt(k))));
      expect(await outcome(run(loaded, 99n))).toBe('invalid-request');
      letGo();
      expect(await Promise.all(running)).toEqual(running.map(() => 'resolved'));
      expect(await outcome(run(loaded, 100n))).toBe('resolved');
      expect(machines.calls).not.toContain('begin 99');
    },
  );
  test('that wait leave the line when they are aborted, and the next one keeps its place', async () => {
    const { machines, loaded } = await opened(3);
    const { open: letGo } = gate(machines);
    const controller = new AbortController();
    const before = run(loaded, 1n);
    const waiting = outcome(run(loaded, 2n, { signal: controller.signal }));
    const after = run(loaded, 3n);
    controller.abort(new Error('enough'));
    expect(await waiting).toBe('Error: enough');
    await rest();
    expect(machines.calls).toEqual(['begin 1']);
    letGo();
    await Promise.all([before, after]);
    expect(machines.calls).toEqual(['begin 1', 'end run 1', 'begin 3', 'end run 3']);
  });
  test('of a block that the program does not have are refused', async () => {
    const { loaded } = await opened();
    expect(await outcome(loaded.run(plainRun({ block: block + 1 })))).toBe('invalid-request');
    expect(await outcome(loaded.run(plainRun({ block })))).toBe('resolved');
  });
  test('leave no listener behind on the signals of the device and of the caller', async () => {
    const { machines, loaded } = await opened();
    const { signal } = new AbortController();
    let listeners = 0;
    for (const watched of [signal, machines.lost]) {
      const { addEventListener: add, removeEventListener: remove } = watched;
      watched.addEventListener = (...o: Parameters<typeof add>) => {
        listeners++;
        add.apply(watched, o);
      };
      watched.removeEventListener = (...o: Parameters<typeof remove>) => {
        listeners--;
        remove.apply(watched, o);
      };
    }
    const { open: letGo } = gate(machines);
    const running = run(loaded, 1n, { signal });
    await rest();
    expect(listeners).toBeGreaterThan(0);
    letGo();
    await running;
    expect(listeners).toBe(0);
  });
});

describe('a kept state', () => {
  test('is what a resumed run begins from, and ends when its handle is released', async () => {
    const { machines, loaded } = await opened();
    const { handle } = await run(loaded, 1n, { keep: 'device' });
    if (handle === undefined) throw new Error('the run must keep its state');
    const start = { kind: 'resume', handle, rows: Uint32Array.of(0) } as const;
    await run(loaded, 2n, { start });
    handle.release();
    expect(machines.calls).toEqual(['begin 1', 'end run 1', 'begin 2 from 1', 'end run 2', 'end state 1']);
    expect(await outcome(run(loaded, 3n, { start }))).toBe('device-closed');
  });
  test('outlives its handle while a run goes on from it, also one that still waits', async () => {
    const { machines, loaded } = await opened();
    const { handle } = await run(loaded, 1n, { keep: 'device' });
    if (handle === undefined) throw new Error('the run must keep its state');
    const { open: letGo } = gate(machines);
    machines.take();
    const running = [run(loaded, 2n), run(loaded, 3n, { start: { kind: 'resume', handle, rows: Uint32Array.of(0) } })];
    handle.release();
    letGo();
    await Promise.all(running);
    expect(machines.calls).toEqual(['begin 2', 'end run 2', 'begin 3 from 1', 'end run 3', 'end state 1']);
  });
  test('is of one program: another one refuses its handle', async () => {
    const { driver, loaded } = await opened();
    const { handle } = await run(loaded, 1n, { keep: 'device' });
    if (handle === undefined) throw new Error('the run must keep its state');
    const start = { kind: 'resume', handle, rows: Uint32Array.of(0) } as const;
    const other = await driver.load(program, {});
    expect(await outcome(run(other, 2n, { start }))).toBe('device-closed');
    expect(await outcome(run(loaded, 3n, { start }))).toBe('resolved');
  });
});

describe('the end', () => {
  test('of a program rejects its runs, then ends its states and blocks, once; other programs go on', async () => {
    const { machines, driver, loaded } = await opened();
    const other = await driver.load(program, {});
    await run(loaded, 1n, { keep: 'device' });
    machines.take();
    gate(machines);
    const running = outcome(run(loaded, 2n));
    await rest();
    machines.runsWaitFor = Promise.resolve();
    const ofOther = outcome(run(other, 3n));
    await Promise.all([loaded.unload(), loaded.unload()]);
    expect(await running).toBe('device-closed');
    expect(await ofOther).toBe('resolved');
    const ended = machines.calls.filter((call) => !call.endsWith(' 3'));
    expect(ended).toEqual(['begin 2', 'end run 2', 'end state 1', `end block ${block}`]);
    expect(await outcome(run(loaded, 4n))).toBe('device-closed');
  });
  test('of the device rejects what runs and what waits, ends every program, and its machines last; it is no loss', async () => {
    const { machines, driver, loaded } = await opened();
    const other = await driver.load(program, {});
    machines.take();
    gate(machines);
    const running = [outcome(run(loaded, 1n)), outcome(run(other, 2n))];
    await rest();
    await Promise.all([driver.close(), driver.close()]);
    expect(await Promise.all(running)).toEqual(['device-closed', 'device-closed']);
    expect(machines.calls).toEqual(['begin 1', 'end run 1', `end block ${block}`, `end block ${block}`, 'close']);
    expect(driver.lost.aborted).toBe(false);
    expect(await outcome(driver.load(program, {}))).toBe('device-closed');
    expect(await outcome(run(loaded, 3n))).toBe('device-closed');
  });
});

describe('close during a load', () => {
  test.each([false, true])('ends the machines after what the load had made; deaf to signals: %s', async (deaf) => {
    const { machines, driver } = open();
    const { promise, resolve } = Promise.withResolvers<void>();
    machines.loadsWaitFor = { block: second, promise, deaf };
    const loading = outcome(driver.load(twoBlocks, {}));
    await rest();
    machines.take();
    const closing = driver.close();
    await rest();
    resolve();
    await closing;
    expect(await loading).toBe('device-closed');
    const blocks = deaf ? [first, second] : [first];
    expect(machines.calls).toEqual([...blocks.map((index) => `end block ${index}`), 'close']);
  });
  test('as it settles, too: the program ends before the machines', async () => {
    const { machines, driver } = open();
    for (let turns = 0; turns < 12; turns++) {
      const { machines, driver } = open();
      const loading = outcome(driver.load(program, {}));
      for (let n = 0; n < turns; n++) await Promise.resolve();
      await driver.close();
      await loading;
      const kept = machines.calls.filter((call) => !call.startsWith('measure'));
      expect([[`load ${block}, 1 rows`, `end block ${block}`, 'close'], ['close']], `${turns} turns`).toContainEqual(
        kept,
      );
    }
    expect(await outcome(driver.load(program, {}))).toBe('resolved');
    expect(machines.calls).toContain(`load ${block}, 1 rows`);
  });
});

test('a program that was unloaded is forgotten', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const { driver } = open();
  const load = async (): Promise<{ readonly of: WeakRef<Program>; readonly loaded: LoadedProgram }> => {
    const own = randomProgram({ seed: 3, forms: ['dense'] });
    return { of: new WeakRef(own), loaded: await driver.load(own, {}) };
  };
  const held = await load();
  const unloaded = await load().then(async ({ of, loaded }) => {
    await loaded.unload();
    return of;
  });
  // A WeakRef holds its target until the end of the turn.
  await rest();
  collect();
  expect([held.of.deref() !== undefined, unloaded.deref() !== undefined]).toEqual([true, false]);
  await held.loaded.unload();
});

describe('a loss', () => {
  test('rejects what runs, what waits and what is asked later with its reason; the device can still be closed', async () => {
    const { machines, driver, loaded } = await opened();
    gate(machines);
    const running = [outcome(run(loaded, 1n)), outcome(run(loaded, 2n))];
    await rest();
    machines.lose('gone');
    expect(await Promise.all(running)).toEqual(['device-lost', 'device-lost']);
    expect(driver.lost).toMatchObject({ aborted: true, reason: { code: 'device-lost', message: 'gone' } });
    expect(await outcome(run(loaded, 3n))).toBe('device-lost');
    expect(await outcome(driver.load(program, {}))).toBe('device-lost');
    await driver.close();
    expect(machines.calls).toEqual(['begin 1', 'end run 1', `end block ${block}`, 'close']);
  });
});
