import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { expect } from 'vitest';
import { repositoryRoot } from '../../tools/workspace/read-workspace.ts';
import { pageTest } from './page-test.ts';
import { type Site, serve, serveFolder } from './site.ts';

const configFile = join(repositoryRoot, 'examples/browser/vite.config.ts');

const exampleTest = pageTest.extend('example', { scope: 'file' }, async ({ whyNot }, { onCleanup }) => {
  if (whyNot !== null) return null;
  const site = await serve({ configFile });
  onCleanup(() => site.close());
  return site;
});

/** The page once its first device is open. */
async function opened(page: Page, site: Site | null): Promise<void> {
  await page.goto(site?.url ?? '');
  await settled(page);
}

async function settled(page: Page): Promise<void> {
  await page.locator('body:not([data-state=starting], [data-state=busy])').waitFor({ timeout: 60_000 });
  expect(await page.locator('#status').textContent()).toBe('');
}

/** What the page says of one test image: the digit, the facts, and the sum of the scores. */
async function reading(page: Page, image: number) {
  await page.locator('#image').fill(String(image));
  await page.locator('#image').press('Enter');
  await settled(page);
  const scores = await page.locator('#scores span:last-child').allTextContents();
  const percent = scores.reduce((sum, text) => sum + Number.parseInt(text, 10), 0);
  return {
    digit: await page.locator('#digit').textContent(),
    caption: await page.locator('#caption').textContent(),
    facts: await page.locator('#facts').textContent(),
    blocks: await page.locator('#blocks').textContent(),
    // Each of ten shares is rounded by at most a half.
    scoresSumToOne: scores.length === 10 && Math.abs(percent - 100) <= 5,
  };
}

/** The first test images show 7 2 1 0; the network reads all of them right. */
const shown = [7, 2, 1, 0];

exampleTest(
  'every device of the page reads test images right, or is absent with its reason',

  async ({ page, example }) => {
    await opened(page, example);
    const devices = page.locator('#devices label');
    const read: string[] = [];
    for (const device of await devices.all()) {
      const uri = (await device.locator('span').textContent()) ?? '';
      if (await device.locator('input').isDisabled()) {
        expect(await device.locator('small').textContent()).toMatch(/^not available: ./);
        continue;
      }
      await device.locator('input').check();
      await settled(page);
      read.push(uri);
      for (const [image, digit] of shown.entries()) {
        const said = await reading(page, image);
        expect(said, uri).toMatchObject({
          digit: String(digit),
          caption: `Test image ${image}, which shows a ${digit}.`,
        });
        expect(said.facts).toMatch(new RegExp(`^device${uri}time\\d.*sweeps8spin updates65,856`));
        expect(said).toMatchObject({ blocks: 'block1100 %', scoresSumToOne: true });
      }
    }
    expect(read).toEqual(expect.arrayContaining(['cpu', 'cpu:scalar']));
  },
);

exampleTest(
  'a drawn stroke is read as a one, counted spins and other random numbers included',

  async ({ page, example }) => {
    await opened(page, example);
    await page.getByRole('radio', { name: /^cpu this/ }).check();
    const pad = await page.locator('#pad').boundingBox();
    const { x, y, width, height } = pad ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(x + width / 2, y + height / 5);
    await page.mouse.down();
    await page.mouse.move(x + width / 2, y + (4 * height) / 5, { steps: 5 });
    await page.mouse.up();
    await settled(page);
    expect(await page.locator('#digit').textContent()).toBe('1');
    await page.locator('#samplings label', { hasText: '187' }).click();
    await settled(page);
    expect(await page.locator('#facts').textContent()).toContain('sweeps187');
    expect(await page.locator('#digit').textContent()).toBe('1');
    await page.locator('#clear').click();
    expect(await page.locator('#digit').textContent()).toBe('–');
  },
);

exampleTest('without a GPU the page says why, and takes cpu', async ({ page, example }) => {
  await page.addInitScript(() => {
    Object.defineProperty(globalThis.navigator, 'gpu', { value: undefined });
  });
  await opened(page, example);
  const webgpu = page.locator('#devices label').first();
  expect(await webgpu.locator('input').isDisabled()).toBe(true);
  expect(await webgpu.textContent()).toMatch(/^webgpunot available: this browser has no WebGPU; ./);
  expect(await page.getByRole('radio', { name: /^cpu this/ }).isChecked()).toBe(true);
  expect(await reading(page, 0)).toMatchObject({ digit: '7', facts: expect.stringContaining('devicecpu') });
});

exampleTest('an image that there is not is refused', async ({ page, example }) => {
  await opened(page, example);
  expect(await reading(page, 9999)).toMatchObject({ caption: expect.stringContaining('Test image 9,999') });
  await page.locator('#image').fill('10000');
  await page.locator('#image').press('Enter');
  await settled(page);
  expect(await page.locator('#caption').textContent()).toContain('Test image 9,999');
});

exampleTest('the page is a folder of files as well', async ({ page, onTestFinished }) => {
  const outDir = await mkdtemp(join(tmpdir(), 'isinglass-example-'));
  onTestFinished(() => rm(outDir, { recursive: true }));
  await build({ configFile, logLevel: 'error', build: { outDir } });
  expect(await readdir(outDir)).toEqual(expect.arrayContaining(['index.html', 'mnist-1block.onnx']));
  const site = await serveFolder(configFile, outDir);
  onTestFinished(() => site.close());
  await opened(page, site);
  expect(await reading(page, 0)).toMatchObject({ digit: '7' });
});
