import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import { longRun, moment } from '../../lab/long-run.ts';
import { type Outcome, outcomeOf } from '../../lab/outcome.ts';
import { anyStart } from '../../lab/uniform-start.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import type { Finding, LogicalCheck } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { allOf, must, rejectsWithReason } from '../findings.ts';
import { loadHeldPattern, patternHolds } from '../held-pattern.ts';

const times = 20;
/** What a busy host may add to the median and to any single time, in milliseconds. */
const hostMs = { median: 50, single: 2000 } as const;

/** Runs that nobody wants any more. */
export const concCancel: LogicalCheck = {
  plan: {
    id: 'conc.cancel',
    version: 1,
    row: 58,
    chapter: 'concurrency',
    title: 'Aborted runs settle in time with the reason of their signal, and the device goes on.',
    how: 'Twenty times each: a run of 2^30 sweeps aborted before the call, in its first moments, and at work; a short run aborted after it has settled. After each five, a run in strong fields.',
    kind: 'near-certain',
    statistic:
      'rejection with the signal’s own reason; the median time from abort to settlement at most cancel.latencyMs + 50 ms, no time above cancel.latencyMs + 2 s (the deadline of every call where no latency is stated); runs that had settled keep their result; every pattern holds',
    samples: '4 × 20 runs',
    resolution: {
      quick: 'a median that is 50 ms beyond the stated latency',
      standard: 'the same',
      certify: 'the same',
    },
    level: 'quick',
    clauses: [
      'contract: every promise settles',
      'contract: a cancelled run leaves the device usable',
      'profile: cancel.latencyMs',
    ],
    needs: ['single-spin'],
    kills: ['M47'],
    blindTo: ['M44', 'M32'],
    conservative: 'times are only compared with what the device states',
    since: '0.1.0',
  },
  async run(c) {
    const random = c.random('runs');
    const lab = await c.open();
    const pattern = await loadHeldPattern(c, lab, random);
    const findings: Finding[] = [];
    for (const when of ['before', 'early', 'at work'] as const) {
      const ends: Finding[] = [];
      const patterns: Finding[] = [];
      const waited: number[] = [];
      for (let n = 0; n < times; n++) {
        const { outcome, reason, ms } = await abortedRun(pattern.loaded, { when, random });
        waited.push(ms);
        ends.push(rejectsWithReason(`time ${n}`, outcome, reason), inTime(c, `time ${n}`, ms));
        if (n % 5 === 4) patterns.push(await patternHolds(`run after time ${n}`, pattern, random));
        // A device that is seconds late would be late twenty times.
        if (!ends.every(({ ok }) => ok)) break;
      }
      findings.push(allOf(`aborted ${when}`, ends), allOf(`after runs aborted ${when}`, patterns));
      findings.push(...medianInTime(c, `aborted ${when}`, waited));
    }
    return [...findings, await abortedAfter(c, pattern, random)];
  },
};

async function abortedRun(
  loaded: LoadedProbe,
  { when, random }: { readonly when: 'before' | 'early' | 'at work'; readonly random: RandomStream },
): Promise<{ readonly outcome: Outcome<unknown>; readonly reason: Error; readonly ms: number }> {
  const controller = new AbortController();
  const reason = new Error(`aborted ${when}`);
  if (when === 'before') controller.abort(reason);
  let from = performance.now();
  const running = outcomeOf(longRun(loaded, { seed: random.bits64(), signal: controller.signal }));
  if (when !== 'before') {
    if (when === 'early') await Promise.resolve();
    else await moment(random.integer(1, 5));
    from = performance.now();
    controller.abort(reason);
    // A second abort is none.
    controller.abort(new Error('aborted again'));
  }
  const outcome = await running;
  return { outcome, reason, ms: outcome.at - from };
}

function inTime({ profile }: CheckContext, name: string, ms: number): Finding {
  const { latencyMs } = profile.cancel;
  const most = latencyMs === null ? Number.POSITIVE_INFINITY : latencyMs + hostMs.single;
  return must(`${name} settles`, ms <= most, `within ${most} ms`, `${ms.toFixed(1)} ms`);
}

function medianInTime({ profile }: CheckContext, name: string, waited: readonly number[]): readonly Finding[] {
  const { latencyMs } = profile.cancel;
  if (latencyMs === null) return [];
  const median = waited.toSorted((a, b) => a - b)[Math.floor(waited.length / 2)] ?? 0;
  const most = latencyMs + hostMs.median;
  return [must(`${name}: median time`, median <= most, `at most ${most} ms`, `${median.toFixed(1)} ms`)];
}

/** Results that have come stay, whatever their signal says later. */
async function abortedAfter(
  c: CheckContext,
  pattern: Parameters<typeof patternHolds>[1],
  random: RandomStream,
): Promise<Finding> {
  const findings: Finding[] = [];
  const stride = c.profile.readout.strideMin;
  const start = anyStart(pattern.loaded, 1);
  for (let n = 0; n < times; n++) {
    const controller = new AbortController();
    const run = { images: 1, sweeps: stride, stride, seed: random.bits64(), start, signal: controller.signal };
    const result = await pattern.loaded.run(run);
    const before = JSON.stringify(result.readouts);
    controller.abort(new Error('too late'));
    if (n % 5 === 4) findings.push(await patternHolds(`run after time ${n}`, pattern, random));
    findings.push(must(`time ${n}`, JSON.stringify(result.readouts) === before, 'the result as it was', 'changed'));
  }
  return allOf('aborted after', findings);
}
