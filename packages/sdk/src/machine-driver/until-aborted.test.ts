import { expect, test } from 'vitest';
import { untilAborted } from './until-aborted.ts';

const never = new Promise<never>(() => {});

test('what settles first decides: the promise, or the reason of a signal', async () => {
  const [a, b] = [new AbortController(), new AbortController()];
  const signals = [a.signal, b.signal];
  expect(await untilAborted(Promise.resolve(5), signals)).toBe(5);
  await expect(untilAborted(Promise.reject(new Error('broken')), signals)).rejects.toThrow('broken');
  const waiting = untilAborted(never, signals);
  const reason = new Error('enough');
  b.abort(reason);
  a.abort(new Error('too late'));
  await expect(waiting).rejects.toBe(reason);
});

test('a signal that is aborted already wins over a promise that has settled', async () => {
  const reason = new Error('no');
  await expect(untilAborted(Promise.resolve(5), [AbortSignal.abort(reason)])).rejects.toBe(reason);
});
