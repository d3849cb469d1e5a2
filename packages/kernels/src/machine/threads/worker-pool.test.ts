import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { isIsinglassError } from '@isinglass/sdk';
import { afterEach, describe, expect, test } from 'vitest';
import type { FakeInit, FakeMessage } from './fixtures/fake-handler.ts';
import * as fakeHandler from './fixtures/fake-handler.ts';
import { WorkerPool } from './worker-pool.ts';

const sharedInts = () => new Int32Array(new SharedArrayBuffer(64));
const open: WorkerPool<FakeInit, FakeMessage, unknown>[] = [];

function poolOf(size: number, shared = sharedInts()): WorkerPool<FakeInit, FakeMessage, unknown> {
  const pool = new WorkerPool<FakeInit, FakeMessage, unknown>(size, { handler: fakeHandler, init: () => ({ shared }) });
  open.push(pool);
  return pool;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((pool) => pool.close()));
});

const echo = (value: unknown): FakeMessage => ({ kind: 'echo', value });
const note = (value: string): FakeMessage => ({ kind: 'note', value });
const waitFor = (at: number, value: number): FakeMessage => ({ kind: 'wait', at, value });

function set(shared: Int32Array<SharedArrayBuffer>, at: number, value: number): void {
  Atomics.store(shared, at, value);
  Atomics.notify(shared, at);
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'resolved',
    (e: unknown) => (isIsinglassError(e) ? e.code : String(e)),
  );
}

/** Threads and ports that this process has open. */
const threadCount = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === 'MessagePort' || name === 'Worker').length;

describe('messages', () => {
  test('are answered by as many workers as there are, each reply to its caller', async () => {
    const pool = poolOf(2);
    const replies = await Promise.all(Array.from({ length: 50 }, (_, n) => pool.run(echo({ n }))));
    expect(replies).toEqual(Array.from({ length: 50 }, (_, n) => ({ n })));
  });
  test('go to one worker in call order', async () => {
    const pool = poolOf(1);
    const replies = await Promise.all(['a', 'b', 'c'].map((value) => pool.run(note(value))));
    expect(replies).toEqual([['a'], ['a', 'b'], ['a', 'b', 'c']]);
  });
  test('go to an idle worker while another one is busy, and spawn no more workers than needed', async () => {
    const shared = sharedInts();
    const pool = poolOf(3, shared);
    const busy = pool.run(waitFor(1, 1));
    expect(await pool.run(note('a'))).toEqual(['a']);
    expect(await pool.run(note('b'))).toEqual(['a', 'b']);
    set(shared, 1, 1);
    expect(await busy).toBe(1);
  });
  test('carry compiled modules and shared memory', async () => {
    const pool = poolOf(1);
    const shared = sharedInts();
    const back = await pool.run(echo(shared));
    set(shared, 3, 5);
    expect((back as typeof shared)[3]).toBe(5);
  });
});

describe('work in steps', () => {
  test('is done before the next message, and answers with its result', async () => {
    const pool = poolOf(1);
    const order: string[] = [];
    const long = pool.run({ kind: 'work', ms: 20 }).then((steps) => {
      order.push('work');
      return steps;
    });
    await pool.run(note('a')).then(() => order.push('note'));
    expect(await long).toBeGreaterThan(0);
    expect(order).toEqual(['work', 'note']);
  });
  test('that throws rejects that message only', async () => {
    const pool = poolOf(1);
    await expect(pool.run({ kind: 'work', ms: 1, error: 'in the middle' })).rejects.toThrow('in the middle');
    expect(await pool.run(note('a'))).toEqual(['a']);
  });
});

describe('runTogether', () => {
  test('runs message i on worker i, all at once, so that they can meet', async () => {
    const pool = poolOf(3);
    const meet: FakeMessage = { kind: 'meet', count: 3 };
    const places = await pool.runTogether([meet, meet, meet]);
    expect([...places].sort()).toEqual([0, 1, 2]);
    await pool.runTogether(['a', 'b'].map(note));
    expect(await pool.runTogether(['c', 'd', 'e'].map(note))).toEqual([['a', 'c'], ['b', 'd'], ['e']]);
  });
  test('waits until its workers are idle, and what was asked later waits for it', async () => {
    const shared = sharedInts();
    const pool = poolOf(2, shared);
    const order: string[] = [];
    const named = (name: string, promise: Promise<unknown>) => promise.then(() => void order.push(name));
    const all = [
      named('busy', pool.run(waitFor(1, 1))),
      named('together', pool.runTogether([echo(1), echo(2)])),
      named('later', pool.run(echo(3))),
    ];
    // Time in which the second worker, idle all along, could have answered.
    const other = poolOf(1);
    for (let n = 0; n < 20; n++) await other.run(echo(n));
    expect(order).toEqual([]);
    set(shared, 1, 1);
    await Promise.all(all);
    expect(order[0]).toBe('busy');
  });
  test('of more messages than workers is a mistake', async () => {
    const pool = poolOf(2);
    await expect(pool.runTogether([echo(1), echo(2), echo(3)])).rejects.toThrow(TypeError);
    expect(await pool.runTogether([echo(1), echo(2)])).toEqual([1, 2]);
  });
  test('of no message answers nothing', async () => {
    expect(await poolOf(1).runTogether([])).toEqual([]);
  });
});

describe('broadcast', () => {
  test('reaches every worker, in order with its other messages', async () => {
    const pool = poolOf(2);
    const both = (value: string) => pool.runTogether([note(value), note(value)]);
    const replies = [both('a'), pool.broadcast(note('b')), both('c')];
    await Promise.all(replies);
    expect(await replies[2]).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ]);
  });
  test('does not wait for busy workers to reach the idle ones', async () => {
    const shared = sharedInts();
    const pool = poolOf(2, shared);
    const busy = pool.run(waitFor(1, 1));
    const told = pool.broadcast({ kind: 'meet', count: 1 });
    const other = poolOf(1, shared);
    await other.run(waitFor(0, 1));
    set(shared, 1, 1);
    await Promise.all([busy, told]);
    expect(shared[0]).toBe(2);
  });
});

describe('a handler that throws', () => {
  test('rejects that message only, with its error', async () => {
    const pool = poolOf(1);
    const replies = await Promise.allSettled([
      pool.run(note('a')),
      pool.run({ kind: 'throw', error: 'no such table' }),
      pool.run(note('b')),
    ]);
    expect(replies[0]).toEqual({ status: 'fulfilled', value: ['a'] });
    expect(replies[1]?.status === 'rejected' && replies[1].reason).toBeInstanceOf(RangeError);
    expect(replies[1]?.status === 'rejected' && replies[1].reason.message).toBe('no such table');
    expect(replies[2]).toEqual({ status: 'fulfilled', value: ['a', 'b'] });
    expect(pool.lost.aborted).toBe(false);
  });
  test('in runTogether and broadcast rejects when all have answered', async () => {
    const pool = poolOf(2);
    await expect(pool.runTogether([note('a'), { kind: 'throw', error: 'second' }])).rejects.toThrow('second');
    await expect(pool.broadcast({ kind: 'throw', error: 'both' })).rejects.toThrow('both');
    expect(await pool.runTogether([note('b'), note('b')])).toEqual([['a', 'b'], ['b']]);
  });
  test('what cannot be cloned, thrown, answered or sent, is an error of that message', async () => {
    const pool = poolOf(1);
    await expect(pool.run({ kind: 'throw-what-cannot-be-cloned' })).rejects.toThrow('a function inside');
    await expect(pool.run({ kind: 'answer-what-cannot-be-cloned' })).rejects.toThrow('could not be cloned');
    await expect(pool.run(echo(() => {}))).rejects.toThrow('could not be cloned');
    expect(await pool.run(echo(1))).toBe(1);
  });
});

describe('a worker that dies', () => {
  test.each([
    ['ends the process of its thread', { kind: 'exit', code: 3 }, 'exit code 3'],
    ['ends it as if all were well', { kind: 'exit', code: 0 }, 'exit code 0'],
    ['has an error that nobody catches', { kind: 'crash' }, 'crashed in a timer'],
  ] as const)('%s: everything pending and later rejects with the loss', async (_how, message, fact) => {
    const shared = sharedInts();
    const pool = poolOf(2, shared);
    // One worker waits for what never comes; two more messages wait for a worker.
    const pending = [
      pool.run(waitFor(1, 1)),
      pool.run(message),
      pool.runTogether([echo(1), echo(2)]),
      pool.run(echo(3)),
    ];
    const [waiting, , together, next] = await Promise.all(pending.map(codeOf));
    expect([waiting, together, next]).toEqual(['device-lost', 'device-lost', 'device-lost']);
    expect(pool.lost.aborted).toBe(true);
    expect(isIsinglassError(pool.lost.reason) && pool.lost.reason.message).toContain(fact);
    expect(await codeOf(pool.run(echo(4)))).toBe('device-lost');
    expect(await codeOf(pool.broadcast(echo(4)))).toBe('device-lost');
    await pool.close();
    expect(await poolOf(1).run(echo('a new pool works'))).toBe('a new pool works');
  });
  test('by being terminated from outside, at work or idle', async () => {
    const threads: Worker[] = [];
    const listener = (thread: Worker): void => void threads.push(thread);
    process.on('worker', listener);
    try {
      for (const message of [waitFor(1, 1), echo('idle afterwards')]) {
        const pool = poolOf(1);
        const answer = codeOf(pool.run(message));
        // Node tells of a new thread in the next tick.
        await new Promise(setImmediate);
        if (message.kind === 'echo') expect(await answer).toBe('resolved');
        const lost = new Promise((resolve) => pool.lost.addEventListener('abort', resolve, { once: true }));
        await threads.at(-1)?.terminate();
        await lost;
        expect(await codeOf(pool.run(echo(1)))).toBe('device-lost');
        if (message.kind === 'wait') expect(await answer).toBe('device-lost');
      }
      expect(threads.length).toBe(2);
    } finally {
      process.off('worker', listener);
    }
  });
  test('because its handler cannot be imported, or made, loses the pool', async () => {
    const missing = { ...fakeHandler, handlerUrl: new URL('./no-such-handler.ts', import.meta.url).href };
    const pool = new WorkerPool<FakeInit, FakeMessage, unknown>(1, {
      handler: missing,
      init: () => ({ shared: sharedInts() }),
    });
    expect(await codeOf(pool.run(echo(1)))).toBe('device-lost');
    await pool.close();
    const unmade = new WorkerPool<FakeInit | null, FakeMessage, unknown>(1, {
      handler: fakeHandler as never,
      init: () => null,
    });
    expect(await codeOf(unmade.run(echo(1)))).toBe('device-lost');
    await unmade.close();
  });
  test('because its init cannot be cloned loses the pool', async () => {
    const pool = new WorkerPool<unknown, FakeMessage, unknown>(1, {
      handler: fakeHandler as never,
      init: () => () => {},
    });
    expect(await codeOf(pool.run(echo(1)))).toBe('device-lost');
    await pool.close();
  });
});

describe('close', () => {
  test('ends threads that are stuck in the middle of a message, and rejects what is pending', async () => {
    const pool = poolOf(2);
    const pending = [pool.run(waitFor(1, 1)), pool.run(waitFor(1, 1)), pool.run(echo(1)), pool.broadcast(echo(2))];
    const closing = [pool.close(), pool.close()];
    expect(await Promise.all(pending.map(codeOf))).toEqual(Array(4).fill('device-closed'));
    await Promise.all(closing);
    expect(await codeOf(pool.run(echo(1)))).toBe('device-closed');
    expect(pool.lost.aborted).toBe(false);
  });
  test('of a pool that was never used is immediate', async () => {
    await poolOf(4).close();
  });
  test('200 times leaves no thread and no port', async () => {
    const before = threadCount();
    const warnings: Error[] = [];
    const listener = (warning: Error): void => void warnings.push(warning);
    process.on('warning', listener);
    for (let n = 0; n < 200; n++) {
      const pool = new WorkerPool<FakeInit, FakeMessage, unknown>(1, {
        handler: fakeHandler,
        init: () => ({ shared: sharedInts() }),
      });
      const reply = pool.run(echo(n));
      // Three of four are closed while their thread is still starting.
      if (n % 4 === 0) expect(await reply).toBe(n);
      const [code] = await Promise.all([codeOf(reply), pool.close()]);
      expect(code).toBe(n % 4 === 0 ? 'resolved' : 'device-closed');
    }
    process.off('warning', listener);
    expect(threadCount()).toBe(before);
    expect(warnings).toEqual([]);
    // Threads start slowly on a busy machine.
  }, 120_000);
});

/** What a process of its own prints, and how it ends; `leave` is what it does with its pool at the end. */
async function processThat(leave: string): Promise<{ readonly output: string; readonly code: number | null }> {
  const here = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const script = `
    const { WorkerPool } = await import(${here('./worker-pool.ts')});
    const handler = await import(${here('./fixtures/fake-handler.ts')});
    const shared = new Int32Array(new SharedArrayBuffer(64));
    const pool = new WorkerPool(2, { handler, init: () => ({ shared }) });
    const reply = await pool.run({ kind: 'echo', value: 'answered' });
    await pool.broadcast({ kind: 'note', value: 'all spawned' });
    console.log(reply);
    ${leave}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    timeout: 15_000,
  });
  let output = '';
  child.stdout.on('data', (data) => {
    output += data;
  });
  child.stderr.on('data', (data) => {
    output += data;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { output: output.trim(), code };
}

describe('a process', () => {
  test('ends by itself while its pool is open and idle', async () => {
    expect(await processThat('')).toEqual({ output: 'answered', code: 0 });
  });
  test('stays for an answer that is owed', async () => {
    const later = `pool.run({ kind: 'echo', value: 'owed' }).then(console.log);`;
    expect(await processThat(later)).toEqual({ output: 'answered\nowed', code: 0 });
  });
  test('ends when it closed its pool', async () => {
    expect(await processThat('await pool.close();')).toEqual({ output: 'answered', code: 0 });
  });
});
