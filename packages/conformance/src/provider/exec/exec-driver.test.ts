import { readFileSync } from 'node:fs';
import type { Driver, DriverResult, DriverRun, PackedSpins } from '@isinglass/sdk';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ExecDriver } from './exec-driver.ts';
import { cpuCommand, openCpu, smallProgram, smallRun } from './fixtures/exec-devices.ts';

/** Every message of this file, both directions. */
const recorded: { readonly from: 'host' | 'device'; readonly message: unknown }[] = [];
const program = smallProgram();
let here: Driver;
let there: ExecDriver;

beforeAll(async () => {
  here = await openCpu();
  const onMessage = (from: 'host' | 'device', message: unknown) => void recorded.push({ from, message });
  there = await ExecDriver.open({ command: cpuCommand(), onMessage });
});

/** The same run on the machine in this process and on the one behind the pipe. */
async function both(runs: (run: (q: DriverRun) => Promise<DriverResult>) => Promise<unknown>): Promise<unknown[]> {
  const outcomes: unknown[] = [];
  for (const driver of [here, there]) {
    const loaded = await driver.load(program, {});
    outcomes.push(await runs((q) => loaded.run(q)));
    await loaded.unload();
  }
  return outcomes;
}

const answers = ({ readouts, last }: DriverResult) => ({ readouts, last });

describe('a machine behind a process gives the bits of the same machine in this process', () => {
  const states = (rows: number, spinCount: number, word: number): PackedSpins => ({
    words: Uint32Array.from({ length: rows * Math.ceil(spinCount / 32) }, (_, n) =>
      spinCount < 32 || n % 2 === 1 ? word & 7 : word + n,
    ),
    rows,
    spinCount,
  });
  test.each<[string, Partial<DriverRun>]>([
    ['sums, signs and states', {}],
    ['the last states', { keep: 'host' }],
    ['temperatures', { temperatures: Uint32Array.from([65536, 30000, 20000, 10000, 5000, 0]) }],
    ['a feed-forward start', { start: { kind: 'feed-forward' } }],
    ['given states', { start: { kind: 'given', states: { a: states(4, 40, 12345), b: states(4, 3, 5) } } }],
    ['no readouts', { readouts: [] }],
  ])('%s', async (_, more) => {
    const [expected, actual] = await both(async (run) => answers(await run(smallRun(more))));
    expect(actual).toEqual(expected);
  });

  test('a run that goes on from a kept state, until that is released', async () => {
    const [expected, actual] = await both(async (run) => {
      const { handle } = await run(smallRun({ keep: 'device' }));
      if (handle === undefined) throw new Error('no handle');
      const start = { kind: 'resume', handle, rows: Uint32Array.of(2, 1, 0, 3) } as const;
      const next = await run(smallRun({ start, sweepOffset: 6 }));
      handle.release();
      handle.release();
      await expect(run(smallRun({ start, sweepOffset: 6 }))).rejects.toMatchObject({ code: 'device-closed' });
      return answers(next);
    });
    expect(actual).toEqual(expected);
  });

  test('a trace, sweep by sweep, while the listener takes its time', async () => {
    const [expected, actual] = await both(async (run) => {
      const steps: unknown[] = [];
      const trace = async (sweep: number, banks: unknown): Promise<void> => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        steps.push({ sweep, banks });
      };
      const result = await run(smallRun({ trace }));
      return { steps, ...answers(result) };
    });
    expect(actual).toEqual(expected);
    expect((actual as { steps: unknown[] }).steps).toHaveLength(7);
  });

  test('progress rises to the end', async () => {
    const [, seen] = await both(async (run) => {
      const sweeps: number[] = [];
      await run(smallRun({ onProgress: (n) => void sweeps.push(n) }));
      return sweeps;
    });
    expect((seen as number[]).at(-1)).toBe(6);
  });

  test('the program that the machine holds', async () => {
    const loaded = await there.load(program, {});
    expect((await loaded.effective?.())?.hash).toBe(program.hash);
    await loaded.unload();
  });
});

test('an aborted run rejects with the reason, and the next one is right', async () => {
  const loaded = await there.load(program, {});
  const reason = new Error('enough');
  await expect(loaded.run(smallRun({ signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
  const controller = new AbortController();
  const long = loaded.run(smallRun({ sweeps: 2_000_000, readouts: [], signal: controller.signal }));
  setTimeout(() => controller.abort(reason), 50);
  await expect(long).rejects.toBe(reason);
  expect((await loaded.run(smallRun())).readouts).toHaveLength(3);
  await loaded.unload();
});

test('a listener that throws ends the run with what it threw', async () => {
  const loaded = await there.load(program, {});
  const thrown = new Error('the disk is full');
  const fail = (): never => {
    throw thrown;
  };
  await expect(loaded.run(smallRun({ trace: fail }))).rejects.toBe(thrown);
  await expect(loaded.run(smallRun({ onProgress: fail }))).rejects.toBe(thrown);
  expect((await loaded.run(smallRun())).readouts).toHaveLength(3);
  await loaded.unload();
});

test('an unloaded program takes no run, and its run in flight rejects', async () => {
  const loaded = await there.load(program, {});
  const long = loaded.run(smallRun({ sweeps: 2_000_000, readouts: [] }));
  const unloading = loaded.unload();
  await expect(long).rejects.toMatchObject({ code: 'device-closed' });
  await unloading;
  await expect(loaded.run(smallRun())).rejects.toMatchObject({ code: 'device-closed' });
});

test('what the profile allows fits, unless the process makes its own plans', async () => {
  expect(there.plan(program)).toMatchObject({ blocks: [{ bytesPerRow: 16 }] });
  const asking = await ExecDriver.open({ command: cpuCommand('ask') });
  expect(asking.plan(program)).toEqual(here.plan(program));
  await asking.close();
});

test('a closed device rejects everything, and its process is gone', async () => {
  const driver = await ExecDriver.open({ command: cpuCommand() });
  const loaded = await driver.load(program, {});
  const long = loaded.run(smallRun({ sweeps: 2_000_000, readouts: [] }));
  const closing = driver.close();
  await expect(long).rejects.toMatchObject({ code: 'device-closed' });
  await closing;
  await driver.close();
  expect(driver.lost.aborted).toBe(false);
  await expect(loaded.run(smallRun())).rejects.toMatchObject({ code: 'device-closed' });
  await expect(driver.load(program, {})).rejects.toMatchObject({ code: 'device-closed' });
});

test('every message of this session is one of the published schema', () => {
  const url = new URL('../../../isinglass-driver-1.schema.json', import.meta.url);
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addSchema(JSON.parse(readFileSync(url, 'utf8')), 'protocol');
  const seen = new Set<string>();
  for (const { from, message } of recorded) {
    const definition = from === 'host' ? 'fromHost' : 'fromDevice';
    const valid = ajv.validate(`protocol#/$defs/${definition}`, JSON.parse(JSON.stringify(message)));
    expect(valid, `${JSON.stringify(message)}: ${ajv.errorsText()}`).toBe(true);
    seen.add((message as { type: string }).type);
  }
  expect([...seen].sort()).toEqual(
    [
      'cancel',
      'effective',
      'error',
      'hello',
      'load',
      'loaded',
      'program',
      'progress',
      'release',
      'result',
      'run',
      'trace',
      'traced',
      'unload',
      'done',
      'welcome',
    ].sort(),
  );
  expect(ajv.validate('protocol#/$defs/fromHost', { type: 'unload', id: 1 })).toBe(false);
  expect(ajv.validate('protocol#/$defs/fromDevice', { type: 'done', to: 1, more: 2 })).toBe(false);
});

afterAll(async () => {
  await here.close();
  await there.close();
});
