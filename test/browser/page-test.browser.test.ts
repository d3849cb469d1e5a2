import { expect } from 'vitest';
import { pageTest, watchedProblems } from './page-test.ts';

pageTest('numbers, typed arrays and big integers go to a page and come back', async ({ repository }) => {
  const echo = repository.module<typeof import('./pages/echo.ts')>('test/browser/pages/echo.ts');
  const value = { seed: 2n ** 64n - 1n, words: Uint32Array.of(1, 2 ** 32 - 1), nothing: null };
  expect(await echo.call('echo', value)).toEqual(value);
});

pageTest('what a function of a page throws is thrown to the test', async ({ repository }) => {
  const echo = repository.module<typeof import('./pages/echo.ts')>('test/browser/pages/echo.ts');
  await expect(echo.call('fail', 'no such spin')).rejects.toThrow('no such spin');
});

pageTest('problems of a page are noticed: its console, its scripts, its requests', async ({ browser, repository }) => {
  const page = await (browser as NonNullable<typeof browser>).newPage();
  const problems = watchedProblems(page);
  await page.goto(repository.page.url());
  expect(problems).toEqual([]);
  await page.evaluate(() => {
    console.error('planted');
    setTimeout(() => {
      throw new Error('planted, too');
    });
    return fetch('/no/such/file').then(() => fetch('http://isinglass.invalid/').catch(() => {}));
  });
  await page.close();
  expect(problems).toContainEqual('console: planted');
  expect(problems).toContainEqual(expect.stringContaining('uncaught: Error: planted, too'));
  expect(problems).toContainEqual(expect.stringMatching(/no\/such\/file: 404$/));
  expect(problems).toContainEqual(expect.stringMatching(/^http:\/\/isinglass\.invalid\/: /));
});
