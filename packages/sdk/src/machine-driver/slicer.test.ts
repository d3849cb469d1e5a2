import { describe, expect, test } from 'vitest';
import { Slicer } from './slicer.ts';

/** Work of `pieces` pieces, each as long as `piece` takes. */
function* work(
  pieces: number,
  o: { readonly piece: () => void; readonly ended?: () => void },
): Generator<void, string> {
  try {
    for (let n = 0; n < pieces; n++) {
      o.piece();
      yield;
    }
    return 'done';
  } finally {
    o.ended?.();
  }
}

function busy(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('a slicer', () => {
  test('gives the event loop its turns between pieces of long work', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    // 60 ms of work; a turn is given every 4 ms of it.
    expect(await new Slicer([]).drain(work(60, { piece: () => busy(1) }))).toBe('done');
    clearInterval(timer);
    expect(turns).toBeGreaterThanOrEqual(3);
  });
  test('stops between two slices when a signal is aborted, and the work gets its finally', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    let pieces = 0;
    let ended = 0;
    setTimeout(() => controller.abort(reason), 1);
    const slicer = new Slicer([new AbortController().signal, controller.signal]);
    const endless = work(Number.POSITIVE_INFINITY, {
      piece: () => {
        busy(1);
        pieces++;
      },
      ended: () => ended++,
    });
    await expect(slicer.drain(endless)).rejects.toBe(reason);
    expect(pieces).toBeGreaterThan(0);
    expect(ended).toBe(1);
    expect(() => slicer.check()).toThrow(reason);
  });
  test('pauses work that is no generator: the event loop has its turn where one is due, and an aborted signal ends it', async () => {
    const controller = new AbortController();
    const slicer = new Slicer([controller.signal]);
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    for (let n = 0; n < 30; n++) {
      busy(1);
      await slicer.pause();
    }
    clearInterval(timer);
    expect(turns).toBeGreaterThanOrEqual(2);
    const reason = new Error('enough');
    controller.abort(reason);
    busy(5);
    await expect(slicer.pause()).rejects.toBe(reason);
  });
  test('rejects with what the work throws', async () => {
    const broken = work(3, {
      piece: () => {
        throw new Error('broken');
      },
    });
    await expect(new Slicer([]).drain(broken)).rejects.toThrow('broken');
  });
});
