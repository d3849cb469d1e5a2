import { expect, it } from 'vitest';
import { powerSteps, powerVerdict } from './power-rule.ts';

/** `n` runs, misses at these places. */
const runs = (n: number, ...misses: number[]): boolean[] =>
  Array.from({ length: n }, (_, run) => !misses.includes(run));

it.each([
  [89, [], 'undecided'],
  [90, [], 'killed'],
  [90, [3], 'undecided'],
  [129, [3], 'undecided'],
  [130, [3], 'killed'],
  [130, [3, 129], 'undecided'],
  [165, [3, 129], 'killed'],
  [165, [3, 129, 164], 'undecided'],
  [198, [3, 129, 164], 'killed'],
  [198, [3, 129, 164, 197], 'not killed'],
  [10, [1, 2, 3, 4], 'not killed'],
] as const)('%i runs with misses at %j: %s', (n, misses, verdict) => {
  expect(powerVerdict(runs(n, ...misses))).toBe(verdict);
});

it('what a step has decided stays decided', () => {
  expect(powerVerdict(runs(198, 90, 91, 92, 93))).toBe('killed');
});

it('a check of power 0.95 passes for killed with probability below 0.025', () => {
  const miss = 0.05;
  let passed = 0;
  let byMisses = [1];
  for (let run = 1; run <= 198; run++) {
    const next = Array.from({ length: 5 }, (_, m) => (byMisses[m] ?? 0) * (1 - miss) + (byMisses[m - 1] ?? 0) * miss);
    const step = powerSteps.find(({ runs: at }) => at === run);
    byMisses = next.map((p, m) => {
      if (step === undefined || m > step.missesMax) return p;
      passed += p;
      return 0;
    });
  }
  expect(passed).toBeLessThan(0.025);
  expect(passed).toBeGreaterThan(0.95 ** 90);
});
