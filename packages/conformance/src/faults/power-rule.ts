/**
 * When a check may be said to find a fault: 0 misses in 90 runs on fresh seeds, or at most 1 in 130, 2 in 165, 3 in 198, looked at in this order. A
 * check with power 0.95 gets past the first step with probability 0.95⁹⁰ ≈ 0.0099, and past any of the four with less than 0.025.
 */
export const powerSteps = [
  { runs: 90, missesMax: 0 },
  { runs: 130, missesMax: 1 },
  { runs: 165, missesMax: 2 },
  { runs: 198, missesMax: 3 },
] as const;

export type PowerVerdict = 'killed' | 'not killed' | 'undecided';

/** `undecided`: more runs are needed, up to those of the next step. Results beyond a step that decided do not count. */
export function powerVerdict(results: readonly boolean[]): PowerVerdict {
  for (const { runs, missesMax } of powerSteps) {
    if (results.length < runs) return missesIn(results) > mostMisses ? 'not killed' : 'undecided';
    if (missesIn(results.slice(0, runs)) <= missesMax) return 'killed';
  }
  return 'not killed';
}

const mostMisses = 3;

const missesIn = (results: readonly boolean[]): number => results.filter((killed) => !killed).length;
