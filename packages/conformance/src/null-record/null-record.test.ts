import { expect, it } from 'vitest';
import { type NullRun, seedOfRun, summarizeNullRuns } from './null-record.ts';
import { nullRecordMarkdown } from './null-record-markdown.ts';

const run = (n: number, p: number, verdict: 'pass' | 'fail' = 'pass'): NullRun => ({
  run: n,
  seed: '0x0',
  suite: '0.1.0 sha256:0',
  seconds: 2,
  cases: [
    { case: 'a.s@1', verdict, screenRejected: p <= 1e-3, p },
    { case: 'b.l@1', verdict: 'pass', screenRejected: false, p: null },
  ],
});

it('seeds of runs depend on base and number alone, and differ', () => {
  const seeds = Array.from({ length: 1000 }, (_, n) => seedOfRun(7n, n));
  expect(new Set(seeds).size).toBe(1000);
  expect(seedOfRun(7n, 3)).toBe(seeds[3]);
  expect(seedOfRun(8n, 3)).not.toBe(seeds[3]);
});

it('counts verdicts and p-values at their levels, runs twice recorded once', () => {
  const runs = [run(0, 0.5), run(1, 0.05), run(2, 0.01), run(3, 0.0005), run(3, 0.0005)];
  const [statistical, logical] = summarizeNullRuns(runs);
  expect(statistical).toMatchObject({ runs: 4, screensRejected: 1, below: { 0.05: 3, 0.01: 2, 0.001: 1 } });
  expect(logical).toMatchObject({ runs: 4, below: null, liberalP: null });
});

it('p-values that are too small too often are liberal', () => {
  const uniform = Array.from({ length: 1000 }, (_, n) => run(n, (n + 0.5) / 1000));
  expect(summarizeNullRuns(uniform)[0]?.liberalP).toBeGreaterThan(0.1);
  const halved = Array.from({ length: 1000 }, (_, n) => run(n, (n + 0.5) / 2000));
  expect(summarizeNullRuns(halved)[0]?.liberalP).toBeLessThan(1e-3);
});

it('the table says how often runs failed, at most', () => {
  const runs = Array.from({ length: 300 }, (_, n) => run(n, 0.5));
  const text = nullRecordMarkdown(runs, { device: 'cpu', level: 'quick', base: 5n });
  // 1 − 0.05^(1/300)
  expect(text).toContain('300 runs of level quick');
  expect(text).toContain('Failed runs: 0 (rate at most 0.0099 with 95 % confidence)');
  expect(text).toContain('| a.s@1 | 300 | 0 | 0 | 0 | 0 | 0 | 0 |');
  expect(text).toContain('| b.l@1 | 300 | 0 | 0 | 0 | – | – | – |');
});

it('a table is of one suite', () => {
  const other = { ...run(1, 0.5), suite: '0.2.0 sha256:1' };
  const facts = { device: 'cpu', level: 'quick', base: 5n };
  expect(() => nullRecordMarkdown([run(0, 0.5), other], facts)).toThrow(RangeError);
  expect(() => nullRecordMarkdown([], facts)).toThrow(RangeError);
});
