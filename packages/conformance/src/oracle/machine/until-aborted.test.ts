import { afterEach, expect, test, vi } from 'vitest';
import { Pace } from './until-aborted.ts';

afterEach(() => vi.unstubAllGlobals());

test.each([
  ['with setImmediate', false],
  ['without it, as in browsers', true],
])('a turn of the event loop lets messages have theirs, %s', async (_, hidden) => {
  if (hidden) vi.stubGlobal('setImmediate', undefined);
  const { port1, port2 } = new MessageChannel();
  const heard = new Promise((resolve) => port1.addEventListener('message', resolve));
  port1.start();
  port2.postMessage('now');
  const pace = new Pace([]);
  let turns = 0;
  const waiting = heard.then(() => turns);
  for (; turns < 1000; turns++) await pace.turn();
  expect(await waiting).toBeLessThan(1000);
  port1.close();
});

test('a turn ends with the reason of an aborted signal', async () => {
  const reason = new Error('enough');
  await expect(new Pace([AbortSignal.abort(reason)]).turn()).rejects.toBe(reason);
});
