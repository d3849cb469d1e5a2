import { type Logger, silentLogger } from '@isinglass/sdk';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { closeQuietly } from './close-quietly.ts';

const warnings: string[] = [];
const logger: Logger = {
  ...silentLogger,
  warn: (fields, message) => void warnings.push(`${message}: ${(fields as { readonly reason: string }).reason}`),
};
const close = (answer: () => Promise<void>) => closeQuietly({ close: answer }, { what: 'it', logger });

beforeEach(() => {
  warnings.length = 0;
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

it('says nothing of what closes, and leaves no timer', async () => {
  await close(async () => {});
  expect(warnings).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

it('a failure is a warning, not an error', async () => {
  await close(async () => {
    throw new Error('jammed');
  });
  expect(warnings).toEqual(['it did not close: jammed']);
  expect(vi.getTimerCount()).toBe(0);
});

it('waits 5 seconds for an answer and no longer', async () => {
  let done = false;
  const closing = close(() => new Promise(() => {})).then(() => {
    done = true;
  });
  await vi.advanceTimersByTimeAsync(4999);
  expect(done).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await closing;
  expect(warnings).toEqual(['it did not close: no answer in 5000 ms']);
});
