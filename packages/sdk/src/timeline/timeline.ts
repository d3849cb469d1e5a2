/**
 * Where the time of a device went: what runs add to it, at most so many spans. Detail goes first: once half of them are used up a command is one span for all its
 * sweeps, and what comes when all are used up is one span for each track, so that sums over a timeline hold whatever its size.
 */
import type { TimelineSink, TimelineSpan, TimelineTrack } from '../contract/driver.ts';
import { InvalidRequestError } from '../errors/isinglass-error.ts';

/** Spans of a timeline that says nothing else. */
export const timelineSpansDefault = 10_000;

/**
 * Give it to the runs that it should show, one after the other or all of a session.
 *
 * @example
 * const timeline = new Timeline();
 * await session.run(images, { seed: 7n, timeline });
 * await writeFile('out.json', JSON.stringify(traceEvents(timeline, { name: device.uri })));
 */
export class Timeline implements TimelineSink {
  /** Spans in all, their parts included; what is merged at the end takes one more for each track. */
  readonly spansMax: number;
  readonly #spans: TimelineSpan[] = [];
  readonly #rest = new Map<TimelineTrack, TimelineSpan>();
  #used = 0;
  #merged = 0;

  /** Throws InvalidRequestError for a `spansMax` that is no whole number from 2 on. Default: 10,000. */
  constructor({ spansMax = timelineSpansDefault }: { readonly spansMax?: number } = {}) {
    if (!Number.isSafeInteger(spansMax) || spansMax < 2) {
      throw new InvalidRequestError(`spansMax is ${spansMax}; allowed: a whole number from 2 on`, {
        where: 'spansMax',
      });
    }
    this.spansMax = spansMax;
  }

  /** Whether each sweep still has a span of its own. */
  get detailed(): boolean {
    return 2 * this.#used < this.spansMax;
  }

  /** In the order of their starts, of each track without overlaps. */
  get spans(): readonly TimelineSpan[] {
    return [...this.#spans, ...this.#rest.values()].sort((a, b) => a.startNs - b.startNs || b.endNs - a.endNs);
  }

  /** Spans that had no room, and are in the last one of their track. */
  get merged(): number {
    return this.#merged;
  }

  /** Whether every sweep has a span of its own. */
  get whole(): boolean {
    return this.#merged === 0 && this.#spans.every(({ sweeps = 1 }) => sweeps === 1);
  }

  add(span: TimelineSpan): void {
    const size = 1 + (span.parts?.length ?? 0);
    if (this.#rest.size === 0 && this.#used + size <= this.spansMax) {
      this.#spans.push(span);
      this.#used += size;
      return;
    }
    this.#merged++;
    const before = this.#rest.get(span.track);
    this.#rest.set(span.track, before === undefined ? first(span) : together(before, span));
  }
}

/** Spans that have gaps between them say how much of their time was work. */
function first({ parts, details, ...span }: TimelineSpan): TimelineSpan {
  return { ...span, name: 'the rest', busyNs: busyOf(span) };
}

function together(a: TimelineSpan, b: TimelineSpan): TimelineSpan {
  const cycles: Record<string, number> = { ...a.cycles };
  for (const [cause, count] of Object.entries(b.cycles ?? {})) cycles[cause] = (cycles[cause] ?? 0) + count;
  const sum = (key: 'bytesIn' | 'bytesOut' | 'sweeps'): { readonly [K in typeof key]?: number } =>
    a[key] === undefined && b[key] === undefined ? {} : { [key]: (a[key] ?? 0) + (b[key] ?? 0) };
  return {
    track: a.track,
    name: a.name,
    startNs: Math.min(a.startNs, b.startNs),
    endNs: Math.max(a.endNs, b.endNs),
    busyNs: busyOf(a) + busyOf(b),
    ...(Object.keys(cycles).length === 0 ? {} : { cycles }),
    ...sum('bytesIn'),
    ...sum('bytesOut'),
    ...sum('sweeps'),
  };
}

const busyOf = ({ busyNs, startNs, endNs }: TimelineSpan): number => busyNs ?? endNs - startNs;
