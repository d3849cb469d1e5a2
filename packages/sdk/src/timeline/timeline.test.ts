import { describe, expect, test } from 'vitest';
import type { TimelineSpan } from '../contract/driver.ts';
import { InvalidRequestError } from '../errors/isinglass-error.ts';
import { Timeline, timelineSpansDefault } from './timeline.ts';
import { traceEvents } from './trace-events.ts';

const sweep = (n: number, more: Partial<TimelineSpan> = {}): TimelineSpan => ({
  track: 'machine',
  name: `sweep ${n}`,
  startNs: 10 * n,
  endNs: 10 * n + 8,
  cycles: { mac: 6, sample: 2 },
  ...more,
});

describe('a timeline', () => {
  test('holds what it is given, in the order of time', () => {
    const timeline = new Timeline();
    for (const n of [2, 0, 1]) timeline.add(sweep(n));
    expect(timeline.spans.map(({ name }) => name)).toEqual(['sweep 0', 'sweep 1', 'sweep 2']);
    expect([timeline.spansMax, timeline.merged, timeline.detailed]).toEqual([timelineSpansDefault, 0, true]);
  });

  test('wants no more detail when half is used up, parts included', () => {
    const timeline = new Timeline({ spansMax: 6 });
    const part = { name: 'color 0', startNs: 0, endNs: 4 };
    timeline.add(sweep(0, { parts: [part] }));
    expect(timeline.detailed).toBe(true);
    timeline.add(sweep(1));
    expect([timeline.detailed, timeline.whole]).toEqual([false, true]);
    timeline.add(sweep(2, { name: 'sweeps 2–9', sweeps: 8 }));
    expect(timeline.whole).toBe(false);
  });

  test('that is full keeps sums in one span of each track', () => {
    const timeline = new Timeline({ spansMax: 2 });
    for (let n = 0; n < 5; n++) timeline.add(sweep(n));
    timeline.add({ track: 'link', name: 'write spins', startNs: 50, endNs: 53, bytesIn: 8 });
    timeline.add({ track: 'link', name: 'read spins', startNs: 60, endNs: 64, bytesIn: 4, bytesOut: 12 });
    expect([timeline.merged, timeline.whole]).toEqual([5, false]);
    expect(timeline.spans.slice(2)).toEqual([
      { track: 'machine', name: 'the rest', startNs: 20, endNs: 48, busyNs: 24, cycles: { mac: 18, sample: 6 } },
      { track: 'link', name: 'the rest', startNs: 50, endNs: 64, busyNs: 7, bytesIn: 12, bytesOut: 12 },
    ]);
  });

  test('has room for two spans at least', () => {
    for (const spansMax of [1, 0, -3, 2.5, Number.NaN]) {
      expect(() => new Timeline({ spansMax })).toThrow(InvalidRequestError);
    }
    expect(new Timeline({ spansMax: 2 }).spansMax).toBe(2);
  });
});

describe('trace events', () => {
  test('begin at 0, end at whole ns, and have cycles and what else is known as arguments', () => {
    const timeline = new Timeline();
    const parts = [{ name: 'color 0', startNs: 1000.4, endNs: 1004.6, cycles: { mac: 1, sample: 0 } }];
    timeline.add(sweep(1, { startNs: 1000.4, endNs: 1008.8, details: { sweep: 1 }, parts }));
    const { traceEvents: events } = traceEvents(timeline, { name: 'device' });
    expect(events.filter(({ ph }) => ph === 'X')).toEqual([
      {
        ph: 'X',
        name: 'sweep 1',
        cat: 'machine',
        pid: 1,
        tid: 3,
        ts: 0,
        dur: 0.008,
        args: { sweep: 1, cycles: 8, causes: { mac: 6, sample: 2 } },
      },
      {
        ph: 'X',
        name: 'color 0',
        cat: 'machine',
        pid: 1,
        tid: 3,
        ts: 0,
        dur: 0.004,
        args: { cycles: 1, causes: { mac: 1 } },
      },
    ]);
  });

  test('say what is merged, and nothing where all is told', () => {
    const timeline = new Timeline({ spansMax: 2 });
    for (let n = 0; n < 2; n++) timeline.add(sweep(n));
    expect(traceEvents(timeline, { name: 'device' }).otherData).toEqual({ spansMax: 2 });
    timeline.add(sweep(2));
    expect(traceEvents(timeline, { name: 'device' }).otherData.merged).toBe(
      'beyond half of 2 spans the sweeps of a command are one span; 1 spans that had no room are "the rest" of their tracks',
    );
  });
});
