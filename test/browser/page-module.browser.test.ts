import { expect } from 'vitest';
import { pageTest } from './page-test.ts';

const folder = 'test/browser/pages';

pageTest('a page is a page: nothing of Node, isolated from other origins', async ({ repository }) => {
  const entries = repository.module<typeof import('./pages/main-entries.ts')>(`${folder}/main-entries.ts`);
  expect(await entries.call('surroundings')).toEqual({ nodeGlobals: [], isolated: true });
});

pageTest('the main entries load in a page and export there what they export in Node', async ({ repository }) => {
  const entries = repository.module<typeof import('./pages/main-entries.ts')>(`${folder}/main-entries.ts`);
  const { exportedNames } = await import('./pages/main-entries.ts');
  const names = await entries.call('exportedNames');
  expect(names).toEqual(exportedNames());
  for (const list of Object.values(names)) expect(list.length).toBeGreaterThan(5);
});

pageTest.for(['cpu', 'cpu:scalar'])('%s gives the same bits in a page as in Node', async (uri, { repository }) => {
  const glass = repository.module<typeof import('./pages/spin-glass-run.ts')>(`${folder}/spin-glass-run.ts`);
  const { spinGlassRun } = await import('./pages/spin-glass-run.ts');
  const inPage = await glass.call('spinGlassRun', uri);
  const inNode = await spinGlassRun(uri);
  expect(inPage.sums).toHaveLength(3 * 144);
  expect(new Set(inPage.sums).size).toBeGreaterThan(10);
  expect({ sums: inPage.sums, last: inPage.last }).toEqual({ sums: inNode.sums, last: inNode.last });
  expect(inPage.description).toMatch(/in (1|one) thread\./);
});
