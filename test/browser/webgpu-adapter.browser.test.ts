import { expect } from 'vitest';
import { pageTest } from './page-test.ts';

type Module = typeof import('./pages/webgpu-adapter.ts');
const path = 'test/browser/pages/webgpu-adapter.ts';

pageTest('a page is given the GPU of its browser, which has a name', async ({ repository, skip }) => {
  const module = repository.module<Module>(path);
  const found = await module.call('adapterOfPage');
  if ('unavailable' in found) return skip(found.unavailable);
  expect(found).toMatchObject({ name: expect.stringMatching(/\w/), software: expect.any(Boolean), word: 42 });
  expect(await module.call('whyNoneNamed', 'abacus')).toContain(`there are: ${found.name}`);
  expect(await module.call('whyNoneNamed', found.name)).toBeUndefined();
});
