import { describe, expect, it } from 'vitest';
import { TooFewSamples } from '../src/checks/check.ts';
import { unavailable } from '../src/provider/provider.ts';
import { readReport } from '../src/report/read-report.ts';
import { type CaseRecord, type ReportRecord, recordLine } from '../src/report/records.ts';
import { verifyReport } from '../src/report/verify-report.ts';
import { HarnessError } from '../src/suite/harness-error.ts';
import { lostCase } from '../src/suite/lost-case.ts';
import { replayCase } from '../src/suite/replay-case.ts';
import { ResumeError, runSuite, type SuiteOptions } from '../src/suite/run-suite.ts';
import { countingProvider, logical, standInDriver, statistical } from './stand-ins.ts';

const never = (): Promise<never> => new Promise(() => {});

/** One check on a stand-in device: its record. */
async function verdictOf(
  check: SuiteOptions['checks'] extends readonly (infer C)[] | undefined ? C : never,
  o: Partial<SuiteOptions> = {},
): Promise<CaseRecord> {
  const report = await runSuite({ provider: countingProvider(), level: 'quick', seed: 1n, checks: [check], ...o });
  expect(report.cases).toHaveLength(1);
  return report.cases[0] as CaseRecord;
}

describe('a case', () => {
  it('passes where all findings are right, and fails where one is wrong', async () => {
    const ok = { name: 'a', ok: true };
    expect(await verdictOf(logical('test.right', async () => [ok]))).toMatchObject({ verdict: 'pass' });
    const wrong = logical('test.wrong', async () => [ok, { name: 'b', ok: false, expected: '1', actual: '2' }]);
    expect(await verdictOf(wrong)).toMatchObject({ verdict: 'fail', reason: 'wrong: b' });
  });

  it('of near-certain kind fails only if the second run is wrong, too, on another seed', async () => {
    const words: number[] = [];
    const wrongIn = (stages: readonly number[]) =>
      logical(
        'test.near',
        async (c) => {
          words.push(c.random('x').word());
          return [{ name: 'a', ok: !stages.includes(c.stage) }];
        },
        { kind: 'near-certain' },
      );
    expect(await verdictOf(wrongIn([0]))).toMatchObject({
      verdict: 'pass',
      stages: [{ rejected: true }, { rejected: false }],
    });
    expect(await verdictOf(wrongIn([0, 1]))).toMatchObject({ verdict: 'fail' });
    expect(new Set(words).size).toBe(2);
  });

  it('of statistical kind takes four times the samples for the confirmation', async () => {
    const samples: number[] = [];
    const check = statistical('test.p', async (c) => {
      samples.push(c.samples(10));
      return [{ name: 'h', p: 1e-9, n: c.samples(10) }];
    });
    expect(await verdictOf(check)).toMatchObject({ verdict: 'fail', stages: [{ stage: 0 }, { stage: 1 }] });
    expect(samples).toEqual([10, 40]);
  });

  it('is unsupported where the profile lacks what it needs, without opening a device for it', async () => {
    const provider = countingProvider();
    const profile = { ...standInDriver().profile, features: [] };
    const create = async () => standInDriver({ profile });
    const check = logical('test.needs', undefined, { needs: ['temperature'] });
    expect(await verdictOf(check, { provider: { create } })).toMatchObject({
      verdict: 'unsupported',
      missing: ['temperature'],
    });
    expect(await verdictOf(check, { provider })).toMatchObject({ verdict: 'pass' });
    expect(provider.counts).toEqual({ opened: 1, closed: 1 });
  });

  it('is inconclusive where samples are too few', async () => {
    const check = statistical('test.few', () => Promise.reject(new TooFewSamples('9 of 10')));
    expect(await verdictOf(check)).toMatchObject({ verdict: 'inconclusive', reason: '9 of 10', errors: [] });
  });

  it('closes every device that it opened, also after a failure', async () => {
    const provider = countingProvider();
    const check = logical('test.open', async (c) => {
      await Promise.all([c.open(), c.open()]);
      throw new Error('broken');
    });
    expect(await verdictOf(check, { provider })).toMatchObject({ verdict: 'fail', reason: 'Error: broken' });
    expect(provider.counts).toEqual({ opened: 3, closed: 3 });
  });
});

describe('whatever the device does', () => {
  const opens = logical('test.opens', async (c) => {
    await c.open();
    return [{ name: 'open', ok: true }];
  });
  const healthy = logical('test.z');

  it.each([
    ['throws', () => Promise.reject(new TypeError('no'))],
    [
      'throws what cannot be read',
      () =>
        Promise.reject({
          get message(): string {
            throw new Error('unreadable');
          },
        }),
    ],
    ['throws undefined', () => Promise.reject(undefined)],
    ['never answers', never],
    ['is no driver', async () => ({}) as never],
    ['becomes unavailable', async () => unavailable('gone')],
  ])('a device that %s when it opens is a failure of the case, and the next case runs', async (_, second) => {
    let calls = 0;
    const create = async () => (++calls === 2 ? second() : standInDriver());
    const { cases, footer } = await runSuite({
      provider: { create },
      level: 'quick',
      checks: [opens, healthy],
      deadlines: { callMs: 50 },
    });
    expect(cases.map(({ verdict }) => verdict)).toEqual(['fail', 'pass']);
    expect(footer).toMatchObject({ verdict: 'fail', counts: { pass: 1, fail: 1 } });
  });

  it('a case that hangs is given up at its deadline', async () => {
    const hangs = logical('test.hangs', never);
    const record = await verdictOf(hangs, { deadlines: { caseMs: 50 } });
    expect(record).toMatchObject({ verdict: 'fail', errors: [{ name: 'DeadlineMissed' }] });
  });

  it('a device that does not close is a failure of the case', async () => {
    let opened = 0;
    const create = async () => standInDriver(++opened === 1 ? {} : { close: () => Promise.reject(new Error('stuck')) });
    expect(await verdictOf(opens, { provider: { create } })).toMatchObject({
      verdict: 'fail',
      errors: [{ from: 'close', message: 'stuck' }],
    });
  });

  it('a device that does not open at all fails every case; one that is not here makes them inconclusive', async () => {
    const checks = [opens, healthy];
    const broken = await runSuite({
      provider: { create: () => Promise.reject(new Error('no power')) },
      level: 'quick',
      checks,
    });
    expect(broken.footer).toMatchObject({ verdict: 'fail', counts: { fail: 2 }, claim: 'no claim: Error: no power' });
    const absent = await runSuite({
      provider: { create: async () => unavailable('no board') },
      level: 'quick',
      checks,
    });
    expect(absent.footer).toMatchObject({ verdict: 'inconclusive', counts: { inconclusive: 2 } });
  });

  it('a fault of the suite ends the run', async () => {
    const checks = [logical('test.empty', async () => [])];
    await expect(runSuite({ provider: countingProvider(), level: 'quick', checks })).rejects.toThrow(HarnessError);
  });
});

describe('a run', () => {
  const ids = ['test.a', 'test.b', 'test.c', 'test.d', 'test.e'];
  const checks = ids.map((id) => statistical(id, async (c) => [{ name: 'h', p: c.random('p').uniform(), n: 1 }]));
  const provider = countingProvider();

  it('is the same for the same seed, and its shards are its parts', async () => {
    const whole = await runSuite({ provider, level: 'quick', seed: 7n, checks });
    const again = await runSuite({ provider, level: 'quick', seed: 7n, checks });
    const pOf = (cases: readonly CaseRecord[]) =>
      cases.map((record) => [record.case, record.stages[0]?.hypotheses?.[0]?.p]);
    expect(pOf(again.cases)).toEqual(pOf(whole.cases));
    const shards = await Promise.all(
      [1, 2].map((index) => runSuite({ provider, level: 'quick', seed: 7n, checks, shard: { index, count: 2 } })),
    );
    expect(shards.map(({ cases }) => cases.length)).toEqual([3, 2]);
    expect(pOf(shards.flatMap(({ cases }) => cases)).toSorted()).toEqual(pOf(whole.cases).toSorted());
    const other = await runSuite({ provider, level: 'quick', seed: 8n, checks });
    expect(pOf(other.cases)).not.toEqual(pOf(whole.cases));
  });

  it('that was stopped goes on where it was, and comes to the same report', async () => {
    const lines: string[] = [];
    const stop = new AbortController();
    const onRecord = (record: ReportRecord): void => {
      lines.push(recordLine(record));
      if (record.record === 'begun' && record.case === 'test.c@1') stop.abort(new Error('stopped'));
    };
    const o = { provider, level: 'quick', seed: 7n, checks, onRecord } as const;
    await expect(runSuite({ ...o, signal: stop.signal })).rejects.toThrow('stopped');
    const earlier = readReport(`${lines.join('')}{"record":"case","ca`);
    expect(earlier).toMatchObject({ cut: true, footer: null, cases: [{ case: 'test.a@1' }, { case: 'test.b@1' }] });
    // It was stopped: nothing is held against the case that had begun.
    expect(earlier.begun).toEqual([]);

    const { seed: _, ...rest } = o;
    const report = await runSuite({ ...rest, resumeFrom: earlier });
    expect(readReport(lines.join(''))).toEqual({ ...report, begun: [], cut: false });
    expect(report.cases.map((record) => record.case)).toEqual(ids.map((id) => `${id}@1`));
    await expect(runSuite({ ...o, seed: 8n, resumeFrom: earlier })).rejects.toThrow(ResumeError);
  });

  it('whose process ended goes on with the case that had begun; a case in which two ended is failed', async () => {
    const lines: string[] = [];
    const ended = new Error('as good as ended');
    const onRecord = (record: ReportRecord): void => {
      // What stands after the note that case c has begun is lost with the process.
      if (lines.at(-1)?.startsWith('{"record":"begun","case":"test.c') === true) throw ended;
      lines.push(recordLine(record));
    };
    const o = { provider, level: 'quick', seed: 7n, checks } as const;
    await expect(runSuite({ ...o, onRecord })).rejects.toThrow(ended);
    const once = readReport(lines.join(''));
    expect(once).toMatchObject({ cases: [{ case: 'test.a@1' }, { case: 'test.b@1' }], begun: ['test.c@1'] });
    const whole = await runSuite({ ...o, resumeFrom: once });
    expect(whole.cases.map(({ verdict }) => verdict)).toEqual(ids.map(() => 'pass'));
    expect(await verifyReport(whole, { checks })).toEqual([]);

    const twice = readReport([...lines, lines.at(-1)].join(''));
    const failed = await runSuite({ ...o, resumeFrom: twice });
    expect(failed.cases.filter(({ verdict }) => verdict !== 'pass')).toMatchObject([
      { case: 'test.c@1', verdict: 'fail', reason: 'the process ended 2 times during this case' },
    ]);
    expect(await verifyReport(failed, { checks })).toEqual([]);
  });

  it('whose process ended is gone on with by another, which is told the verdict', async () => {
    const { header, cases } = await runSuite({ provider, level: 'quick', seed: 7n, checks });
    const lost = (o: { done: number; begun?: readonly string[]; shard?: { index: number; count: number } }) => {
      const shard = o.shard ?? header.shard;
      const report = {
        header: { ...header, shard },
        cases: cases.slice(0, o.done),
        footer: null,
        begun: o.begun ?? [],
      };
      return lostCase(report, { how: 'ended with exit code 3', seconds: 2, checks });
    };
    expect(lost({ done: 2, begun: ['test.c@1'] })).toMatchObject({
      case: 'test.c@1',
      verdict: 'fail',
      reason: 'the process ended with exit code 3 during this case',
      seconds: 2,
    });
    expect(lost({ done: 2 })).toMatchObject({ case: 'test.c@1', reason: expect.stringContaining('right before') });
    expect(lost({ done: 0, shard: { index: 2, count: 2 } })).toMatchObject({ case: 'test.b@1' });
    expect(lost({ done: 5 })).toBeNull();
  });

  it('of a device that does not open now is not gone on with', async () => {
    const { header } = await runSuite({ provider, level: 'quick', seed: 7n, checks });
    const gone = { create: () => Promise.reject(new Error('no power')) };
    const resumeFrom = { header, cases: [], footer: null };
    await expect(runSuite({ provider: gone, level: 'quick', checks, resumeFrom })).rejects.toThrow(
      'the device of this report does not open now: Error: no power',
    );
  });

  it('has cases that can be replayed', async () => {
    const report = await runSuite({ provider, level: 'quick', seed: 7n, checks });
    const replayed = await replayCase({ report, case: 'test.c', provider, checks });
    expect(replayed).toMatchObject({ same: true, differences: [], again: { case: 'test.c@1' } });
  });
});
