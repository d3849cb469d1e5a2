/**
 * A timeline in the Trace Event Format, object form, which Perfetto and chrome://tracing open: one process for the device, one thread for each track, complete
 * events ("X") whose `ts` and `dur` are µs. Ends are rounded to whole ns, not durations, so that neighbours do not overlap.
 */
import { type TimelineSpan, type TimelineTrack, timelineTracks } from '../contract/driver.ts';
import type { Timeline } from './timeline.ts';

export interface TraceDocument {
  readonly traceEvents: readonly TraceEvent[];
  readonly displayTimeUnit: 'ns';
  /** What the trace is of, and what of it is merged. */
  readonly otherData: Readonly<Record<string, string | number>>;
}

export type TraceEvent =
  | {
      readonly ph: 'M';
      readonly name: 'process_name' | 'thread_name' | 'thread_sort_index';
      readonly pid: number;
      readonly tid: number;
      readonly args: Readonly<Record<string, string | number>>;
    }
  | {
      readonly ph: 'X';
      readonly name: string;
      readonly cat: TimelineTrack;
      readonly pid: number;
      readonly tid: number;
      /** µs, from the first span on. */
      readonly ts: number;
      /** µs. */
      readonly dur: number;
      readonly args: Readonly<Record<string, unknown>>;
    };

const pid = 1;

const trackNames: Readonly<Record<TimelineTrack, string>> = {
  run: 'runs of blocks',
  row: 'rows (image, chain)',
  machine: 'machine',
  link: 'host link',
};

/** `name` is what the device is called; `about` goes into the file as it is. Sorted by track, then by time, what contains others first. */
export function traceEvents(
  timeline: Pick<Timeline, 'spans' | 'merged' | 'spansMax' | 'whole'>,
  { name, about = {} }: { readonly name: string; readonly about?: Readonly<Record<string, string | number>> },
): TraceDocument {
  const { spans } = timeline;
  const originNs = spans[0]?.startNs ?? 0;
  const events: TraceEvent[] = [{ ph: 'M', name: 'process_name', pid, tid: 0, args: { name } }];
  timelineTracks.forEach((track, n) => {
    const tid = n + 1;
    events.push({ ph: 'M', name: 'thread_name', pid, tid, args: { name: trackNames[track] } });
    events.push({ ph: 'M', name: 'thread_sort_index', pid, tid, args: { sort_index: n } });
    for (const span of spans) {
      if (span.track !== track) continue;
      events.push(complete(span, tid, originNs));
      for (const part of span.parts ?? []) events.push(complete({ ...part, track }, tid, originNs));
    }
  });
  const rest =
    timeline.merged === 0 ? '' : `; ${timeline.merged} spans that had no room are "the rest" of their tracks`;
  const cut = timeline.whole
    ? {}
    : { merged: `beyond half of ${timeline.spansMax} spans the sweeps of a command are one span${rest}` };
  return { traceEvents: events, displayTimeUnit: 'ns', otherData: { ...about, spansMax: timeline.spansMax, ...cut } };
}

function complete(span: TimelineSpan, tid: number, originNs: number): TraceEvent {
  const { track, name, cycles, bytesIn, bytesOut, sweeps, busyNs, details } = span;
  const start = Math.round(span.startNs - originNs);
  const end = Math.round(span.endNs - originNs);
  const causes = Object.entries(cycles ?? {}).filter(([, count]) => count > 0);
  const args = {
    ...details,
    ...(cycles === undefined ? {} : { cycles: causes.reduce((sum, [, count]) => sum + count, 0) }),
    ...(causes.length === 0 ? {} : { causes: Object.fromEntries(causes) }),
    ...(sweeps === undefined ? {} : { sweeps }),
    ...(bytesIn === undefined ? {} : { bytesIn }),
    ...(bytesOut === undefined ? {} : { bytesOut }),
    ...(busyNs === undefined ? {} : { busyNs: Math.round(busyNs) }),
  };
  return { ph: 'X', name, cat: track, pid, tid, ts: start / 1000, dur: (end - start) / 1000, args };
}
