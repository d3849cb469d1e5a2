import { isIsinglassError } from '@isinglass/sdk';
import { expect, test } from 'vitest';
import type { FakeInit, FakeMessage } from './fixtures/fake-handler.ts';
import * as fakeHandler from './fixtures/fake-handler.ts';
import { InlineWorkers } from './inline-workers.ts';

const inline = () =>
  new InlineWorkers<FakeInit, FakeMessage, unknown>({
    handler: fakeHandler,
    init: () => ({ shared: new Int32Array(new SharedArrayBuffer(8)) }),
  });
const note = (value: string): FakeMessage => ({ kind: 'note', value });

test('messages are answered in call order, whichever way they are asked', async () => {
  const workers = inline();
  const replies = await Promise.all([workers.run(note('a')), workers.runTogether([note('b')]), workers.run(note('c'))]);
  expect(replies).toEqual([['a'], [['a', 'b']], ['a', 'b', 'c']]);
  await workers.broadcast(note('d'));
  expect(await workers.run(note('e'))).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('the event loop has a turn before every message', async () => {
  const workers = inline();
  const order: string[] = [];
  const all = [1, 2].map((n) => workers.run(note('')).then(() => order.push(`message ${n}`)));
  setImmediate(() => order.push('turn'));
  expect(order).toEqual([]);
  await Promise.all(all);
  expect(order.indexOf('turn')).toBeLessThan(order.indexOf('message 2'));
});

test('long work leaves the event loop its turns, and is done before the next message', async () => {
  const workers = inline();
  const order: string[] = [];
  const timer = setInterval(() => order.push('tick'), 1);
  const steps = workers.run({ kind: 'work', ms: 50 }).finally(() => order.push('work'));
  await workers.run(note('a')).then(() => order.push('note'));
  clearInterval(timer);
  expect(await steps).toBeGreaterThan(0);
  expect(order.indexOf('tick')).toBeLessThan(order.indexOf('work'));
  expect(order.indexOf('work')).toBeLessThan(order.indexOf('note'));
  await expect(workers.run({ kind: 'work', ms: 1, error: 'in the middle' })).rejects.toThrow('in the middle');
});

test('a handler that throws rejects that message only', async () => {
  const workers = inline();
  const failing = workers.run({ kind: 'throw', error: 'no such table' });
  const next = workers.run(note('a'));
  await expect(failing).rejects.toThrow('no such table');
  expect(await next).toEqual(['a']);
});

test('two messages together are a mistake on one thread, one is not', async () => {
  const workers = inline();
  expect(await workers.runTogether([note('a')])).toEqual([['a']]);
  await expect(workers.runTogether([note('b'), note('c')])).rejects.toThrow(TypeError);
});

test('close rejects what is pending, is idempotent and is no loss', async () => {
  const workers = inline();
  const pending = workers.run(note('a')).then(
    () => 'answered',
    (e: unknown) => (isIsinglassError(e) ? e.code : e),
  );
  await Promise.all([workers.close(), workers.close()]);
  expect(await pending).toBe('device-closed');
  await expect(workers.run(note('b'))).rejects.toMatchObject({ code: 'device-closed' });
  expect(workers.lost.aborted).toBe(false);
});
