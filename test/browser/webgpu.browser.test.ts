/**
 * The `webgpu` device in a page: the bits of the reference, and the checks of the conformance suite that are right or wrong.
 *
 *     ISINGLASS_PAGE_PROGRAMS=…   programs, default 56: some twenty seconds on a software adapter
 */
import { expect } from 'vitest';
import { pageTest } from './page-test.ts';
import { referenceOutcomes } from './pages/webgpu-programs.ts';

const folder = 'test/browser/pages';
const count = Number(process.env.ISINGLASS_PAGE_PROGRAMS ?? 56);

pageTest(
  `${count} programs give in a page what the reference gives in Node, bit for bit`,
  async ({ repository, skip }) => {
    const module = repository.module<typeof import('./pages/webgpu-programs.ts')>(`${folder}/webgpu-programs.ts`);
    const reason = await module.call('whyNoGpu');
    if (reason !== null) return skip(reason);
    const all = Array.from({ length: count }, (_, seed) => seed);
    for (const [n, uri] of ['webgpu', 'webgpu?products=planes&fuse=nothing'].entries()) {
      const seeds = all.filter((seed) => Math.floor(seed / 7) % 2 === n);
      const expected = await referenceOutcomes(seeds);
      const found = await module.call('webgpuOutcomes', uri, seeds);
      for (const [at, outcome] of expected.entries()) expect(found[at]).toEqual(outcome);
      expect(found.length).toBe(seeds.length);
      // A trace is from the initial state on.
      for (const { trace } of found) expect(trace.length).toBeGreaterThan(1);
    }
  },
);

pageTest('the conformance suite finds nothing wrong in a page', { timeout: 300_000 }, async ({ repository, skip }) => {
  const programs = repository.module<typeof import('./pages/webgpu-programs.ts')>(`${folder}/webgpu-programs.ts`);
  const reason = await programs.call('whyNoGpu');
  if (reason !== null) return skip(reason);
  const module = repository.module<typeof import('./pages/webgpu-conformance.ts')>(`${folder}/webgpu-conformance.ts`);
  const ids = await module.call('logicalChecks');
  const found = await module.call('verdicts', ids);
  const wrong = found.filter(({ verdict }) => verdict !== 'pass');
  expect(wrong.map(({ explanation }) => explanation)).toEqual([]);
  expect(found.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  expect(ids).toContain('exact.bits');
});
