import { beforeAll, describe, expect, it } from 'vitest';
import type { Check } from '../src/checks/check.ts';
import { explainCase } from '../src/report/explain.ts';
import { htmlPage } from '../src/report/html-page.ts';
import { junitXml } from '../src/report/junit-xml.ts';
import { escaped } from '../src/report/markup.ts';
import { mergeReports } from '../src/report/merge-reports.ts';
import { ReportError, readReport } from '../src/report/read-report.ts';
import { type CaseRecord, type Report, recordLine } from '../src/report/records.ts';
import { summaryMarkdown } from '../src/report/summary-markdown.ts';
import { verifyReport } from '../src/report/verify-report.ts';
import { parseQuery, selectPlans } from '../src/suite/query.ts';
import { runSuite } from '../src/suite/run-suite.ts';
import { idsOfShard, parseShard } from '../src/suite/shard.ts';
import { countingProvider, logical, profile, standInDriver, statistical } from './stand-ins.ts';

/** Texts that would be markup if they were not escaped. */
const hostile = '<script>alert("1 & 2")</script> | `x` \u0001';

const failing = statistical(
  'test.fails',
  async (c) => [
    {
      name: hostile,
      p: 1e-9,
      n: c.samples(100),
      effect: { name: 'β', unit: '%', value: 5, low: 4, high: Number.POSITIVE_INFINITY },
      table: [
        { label: 'up', observed: 60, expected: 50 },
        { label: hostile, observed: 40, expected: 50 },
      ],
      suspects: [
        ['M01', 0.7],
        ['M03', 0.2],
      ],
    },
    { name: 'the rest', p: 0.5, n: 10 },
  ],
  { chapter: 'distribution', title: hostile, kills: ['M01'] },
);
const passing: readonly Check[] = [logical('test.a'), logical('test.b', undefined, { chapter: 'pins' })];
const run = (checks: readonly Check[], o: object = {}): Promise<Report> =>
  runSuite({ provider: countingProvider(), level: 'quick', seed: 1n, checks, ...o });

let passed: Report;
let failed: Report;
let record: CaseRecord;
beforeAll(async () => {
  passed = await run(passing);
  const hostileProfile = { ...profile, name: hostile };
  failed = await run([...passing, failing, logical('test.x', undefined, { needs: ['stated-latency'] })], {
    provider: { create: async () => standInDriver({ profile: hostileProfile }) },
  });
  record = failed.cases.find(({ verdict }) => verdict === 'fail') as CaseRecord;
});

describe('a report', () => {
  it('is read as it was written, and is whole', async () => {
    const text = [passed.header, ...passed.cases, passed.footer].map(recordLine).join('');
    expect(readReport(text)).toEqual({ ...passed, begun: [], cut: false });
    expect(await verifyReport(passed, { checks: passing })).toEqual([]);
    expect(await verifyReport(failed)).toEqual([]);
  });

  it('knows the cases that had begun without an end; those that were stopped begin anew', () => {
    const of = (...records: readonly (readonly ['begun' | 'stopped', string])[]): readonly string[] => {
      const lines = records.map(([record, id]) => recordLine({ record, case: id }));
      return readReport([recordLine(passed.header), ...lines, ...passed.cases.slice(1).map(recordLine)].join('')).begun;
    };
    expect(of(['begun', 'test.a@1'], ['begun', 'test.a@1'], ['begun', 'test.b@1'])).toEqual(['test.a@1', 'test.a@1']);
    expect(of(['begun', 'test.a@1'], ['begun', 'test.a@1'], ['stopped', 'test.a@1'])).toEqual(['test.a@1']);
  });

  it.each([
    ['no footer', (r: Report) => ({ ...r, footer: null }), /footer is missing/],
    ['a case less', (r: Report) => ({ ...r, cases: r.cases.slice(1) }), /test\.a@1 is missing/],
    ['a case twice', (r: Report) => ({ ...r, cases: [...r.cases, ...r.cases.slice(1)] }), /test\.b@1 is there twice/],
    ['another seed', (r: Report) => ({ ...r, header: { ...r.header, seed: '0x2' } }), /digest/],
    [
      'another profile',
      (r: Report) => ({ ...r, header: { ...r.header, profile: { ...profile, name: 'x' } } }),
      /profile/,
    ],
    ['a better claim', (r: Report) => ({ ...r, footer: { ...r.footer, claim: 'all is well' } }), /claim/],
    [
      'other counts',
      (r: Report) => ({ ...r, footer: { ...r.footer, counts: { ...r.footer.counts, pass: 3 } } }),
      /counts/,
    ],
    [
      'a pass without a stage',
      (r: Report) => ({ ...r, cases: r.cases.map((c) => ({ ...c, stages: [] })) }),
      /no stage/,
    ],
  ])('with %s is not whole', async (_, change, says) => {
    expect((await verifyReport(change(passed) as Report)).join()).toMatch(says);
  });

  it('whose verdict its stages do not bear out is not whole', async () => {
    const cases = failed.cases.map((each) => (each === record ? { ...each, verdict: 'pass' as const } : each));
    expect((await verifyReport({ ...failed, cases })).join()).toMatch(/test\.fails@1 says pass, but every stage/);
  });

  it('of other checks than the suite has is not whole', async () => {
    expect(await verifyReport(passed, { checks: [logical('test.a')] })).toContain(
      'the checks are not those of this suite',
    );
  });

  it.each([
    ['', /no header/],
    ['{}\n', /no record/],
    ['nonsense\n', /no JSON/],
    ['{"record":"footer"}\n', /has no verdict/],
    ['{"record":"begun"}\n', /has no case/],
    ['{"record":"toString"}\n', /no record/],
  ])('is refused when its text is %j', (text, says) => {
    expect(() => readReport(text)).toThrow(ReportError);
    expect(() => readReport(text)).toThrow(says);
  });
});

describe('a claim', () => {
  it('names specification, abilities, level, tolerances, suite and device', () => {
    expect(passed.footer.claim).toMatch(
      /^isinglass 1\.0 \| core\+pins\+.*exact.* \| quick R10 \| tol none \| suite 0\.1\.0 sha256:[0-9a-f]{12} \| Isinglass cpu$/,
    );
  });

  it('is not made by a part, a shard, or a failure', async () => {
    expect((await run(passing, { only: 'test.a' })).footer.claim).toMatch(/^no claim: only a part/);
    expect((await run(passing, { shard: { index: 1, count: 2 } })).footer.claim).toMatch(/^no claim: shard 1 of 2/);
    expect(failed.footer.claim).toMatch(/^no claim: 1 of 4 checks failed/);
  });

  it('has the tolerances of the provider, within the cap of the level', async () => {
    const tolerances = { updateProbability: 0.5, betaRelative: 0.01 };
    const provider = { create: async () => standInDriver(), tolerances };
    expect((await run(passing, { provider })).footer.claim).toContain(' | tol p0.05,β1% | ');
  });
});

describe('shards', () => {
  const shard = (index: number, o: object = {}): Promise<Report> => run(passing, { shard: { index, count: 2 }, ...o });

  it('are merged to the report of the whole, which claims', async () => {
    const merged = await mergeReports([await shard(2), await shard(1)]);
    expect(merged.cases.map((each) => each.case)).toEqual(['test.a@1', 'test.b@1']);
    expect(merged.footer.claim).toBe(passed.footer.claim);
    expect(await verifyReport(merged, { checks: passing })).toEqual([]);
  });

  it('are refused with a reason when they are not of one run', async () => {
    const [one, two] = await Promise.all([shard(1), shard(2)]);
    await expect(mergeReports([one])).rejects.toThrow('shard 2 of 2 is missing');
    await expect(mergeReports([one, two, two])).rejects.toThrow('shard 2 of 2 is there twice');
    await expect(mergeReports([one, { ...two, footer: null }])).rejects.toThrow('shard 2 of 2: the footer is missing');
    await expect(mergeReports([one, await shard(2, { seed: 2n })])).rejects.toThrow('the seed differs');
    await expect(mergeReports([one, await shard(2, { level: 'standard' })])).rejects.toThrow('the level differs');
    const provider = { create: async () => standInDriver({ profile: { ...profile, name: 'other' } }) };
    await expect(mergeReports([one, await shard(2, { provider })])).rejects.toThrow('the profile differs');
  });

  it('cover every id once', () => {
    const ids = Array.from({ length: 11 }, (_, n) => `id${n}`);
    const parts = [1, 2, 3].flatMap((index) => idsOfShard(ids, { index, count: 3 }));
    expect(parts.toSorted()).toEqual(ids.toSorted());
    expect(() => parseShard('4/3')).toThrow(RangeError);
    expect(parseShard('3/3')).toEqual({ index: 3, count: 3 });
  });
});

describe('a query', () => {
  it.each([
    ['test.a', ['test.a']],
    ['test.a@1', ['test.a']],
    ['test.*', ['test.a', 'test.b']],
    ['chapter:pins', ['test.b']],
    ['chapter:pins,test.a', ['test.a', 'test.b']],
  ])('%s means %j', (query, ids) => {
    expect(selectPlans(passing, query).map(({ plan }) => plan.id)).toEqual(ids);
  });

  it.each(['test.z', 'test.a,test.z', 'test', 'chapter:pin', 'test.a,,test.b', ''])('"%s" is refused', (query) => {
    expect(() => selectPlans(passing, query)).toThrow(/no check|no chapter|empty part/);
  });

  it('takes a dot for a dot', () => {
    const [a] = passing;
    expect(parseQuery('testxa')((a as Check).plan)).toBe(false);
  });
});

describe('what people read', () => {
  const planOf = (): undefined => undefined;

  it('explains a failure: plan, observed and expected, effect with interval, suspects in order', () => {
    const text = explainCase({
      record,
      plan: failing.plan,
      faultTitle: (id) => (id === 'M01' ? 'β is off' : undefined),
    });
    expect(text).toMatch(/^test\.fails@1: fail \(rejected twice/);
    expect(text).toContain('up: 60, expected 50');
    expect(text).toContain('β 5 % (4 … ∞)');
    // Named with 0.7 and 0.2, and the plan says that the check finds the first.
    expect(text).toMatch(/M01 {6}0\.79 {2}β is off\n {2}M03 {6}0\.21/);
  });

  it('is one HTML page with nothing from outside, in which texts of devices stay texts', () => {
    const page = htmlPage(failed, { planOf: () => failing.plan });
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).not.toMatch(/<script|<link|<img|https?:|src=|url\(|@import/);
    expect(page).toContain('&lt;script&gt;alert(&quot;1 &amp; 2&quot;)&lt;/script&gt;');
    expect(page).toContain('prefers-color-scheme: dark');
    expect(page).toContain('@media print');
    expect(page.match(/<svg class="plot"/g)?.length).toBe(2);
    for (const svg of page.matchAll(/<svg [^>]*>/g)) expect(svg[0]).toMatch(/role="img" aria-label="[^"]+"/);
    const opened = [...page.matchAll(/<(details|table|section|figure|tr|td|th|dl|svg|main|ol)[\s>]/g)].map(
      ([, tag]) => tag,
    );
    const closed = [...page.matchAll(/<\/(details|table|section|figure|tr|td|th|dl|svg|main|ol)>/g)].map(
      ([, tag]) => tag,
    );
    expect(opened.toSorted()).toEqual(closed.toSorted());
  });

  it('is JUnit XML whose counts are those of the report', () => {
    const xml = junitXml(failed, planOf);
    expect(xml).toMatch(/<testsuites name="[^"]*" tests="4" failures="1" errors="0" skipped="1"/);
    expect(xml).not.toContain('<script');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 cannot hold them.
    expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
  });

  it('is Markdown whose tables no text breaks', () => {
    const rows = summaryMarkdown(failed)
      .split('\n')
      .filter((line) => line.startsWith('| test.'));
    expect(rows).toHaveLength(4);
    for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(7);
  });

  it('escapes what markup would take for its own', () => {
    expect(escaped('<a href="x">\'&\ud800\u0000')).toBe('&lt;a href=&quot;x&quot;&gt;&#39;&amp;\ufffd\ufffd');
  });
});
