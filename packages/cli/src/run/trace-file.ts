/** `run --trace`: the timeline of a run as a file that trace viewers open. */
import { Timeline, timelineSpansDefault, traceEvents } from '@isinglass/sdk';
import { writeFile } from '../output/write-file.ts';

/** What `run` says of it. */
export interface TraceSummary {
  readonly file: string;
  readonly spans: number;
  /** Whether every sweep has a span of its own. */
  readonly whole: boolean;
}

export const timelineFor = (spansMax = timelineSpansDefault): Timeline => new Timeline({ spansMax });

export function writeTrace(
  path: string,
  timeline: Timeline,
  about: { readonly device: string; readonly program: string; readonly programHash: string },
): TraceSummary {
  const document = traceEvents(timeline, { name: about.device, about });
  writeFile(path, new TextEncoder().encode(JSON.stringify(document)));
  return { file: path, spans: timeline.spans.length, whole: timeline.whole };
}
