/**
 * Tests in a page of a real browser: `pageTest('…', async ({ repository }) => …)` calls functions of modules of this
 * repository in an empty page. A page with problems (an error on its console, a script that fails, a request that finds
 * nothing) fails its test. Without a browser the tests are skipped, with the reason. They stand in files named
 * `*.browser.test.ts`.
 */
import type { Browser, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { launchBrowser, noBrowser } from './browser.ts';
import { emptyPage, type Site, serveRepository } from './site.ts';

/** A module as it stands in a page: its functions, called with what can be cloned, answer with what can be cloned. */
export interface PageModule<M> {
  call<K extends FunctionName<M>>(name: K, ...args: Parameters<FunctionOf<M, K>>): Promise<Answer<FunctionOf<M, K>>>;
}
type FunctionName<M> = { [K in keyof M]: M[K] extends (...args: never) => unknown ? K : never }[keyof M] & string;
type FunctionOf<M, K extends keyof M> = Extract<M[K], (...args: never) => unknown>;
type Answer<F extends (...args: never) => unknown> = Awaited<ReturnType<F>>;

/** A page at the site of the repository. */
export interface RepositoryPage {
  readonly page: Page;
  /** `path` is relative to the root: `test/browser/pages/x.ts`. Imported with the first call. */
  module<M>(path: string): PageModule<M>;
}

export const pageTest = test
  .extend('whyNot', { scope: 'file' }, noBrowser)
  .extend('browser', { scope: 'file' }, async ({ whyNot }, { onCleanup }): Promise<Browser | null> => {
    if (whyNot !== null) return null;
    const browser = await launchBrowser();
    onCleanup(() => browser.close());
    return browser;
  })
  .extend('page', async ({ browser, whyNot, skip }, { onCleanup }): Promise<Page> => {
    if (browser === null) return skip(whyNot ?? '');
    const page = await browser.newPage();
    const problems = watchedProblems(page);
    onCleanup(async () => {
      await page.close();
      expect(problems, 'problems of the page').toEqual([]);
    });
    return page;
  })
  .extend('site', { scope: 'file' }, async ({ whyNot }, { onCleanup }): Promise<Site | null> => {
    if (whyNot !== null) return null;
    const site = await serveRepository();
    onCleanup(() => site.close());
    return site;
  })
  .extend('repository', async ({ page, site }): Promise<RepositoryPage> => {
    const { url } = site as Site;
    await page.goto(url + emptyPage);
    return {
      page,
      module: <M>(path: string): PageModule<M> => ({
        call: (name, ...args) => page.evaluate(callModule, { url: `/${path}`, name, args }) as Promise<never>,
      }),
    };
  });

interface Call {
  readonly url: string;
  readonly name: string;
  readonly args: readonly unknown[];
}

/** Runs in the page. */
function callModule(call: Call): Promise<unknown> {
  return (globalThis as unknown as { readonly callModule: (call: Call) => Promise<unknown> }).callModule(call);
}

/** Everything that goes wrong in a page from now on, in words. */
export function watchedProblems(page: Page): readonly string[] {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.stack ?? error.message}`));
  page.on('requestfailed', (request) => problems.push(`${request.url()}: ${request.failure()?.errorText}`));
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.url()}: ${response.status()}`);
  });
  return problems;
}
