import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { offerSwiftShader } from './swiftshader.ts';

/** Files of a machine, in a folder that is gone after the test. */
function machine(files: readonly string[], onTestFinished: (then: () => void) => void): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'isinglass-drivers-')));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const file of files) {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), '');
  }
  return root;
}

const added = (env: Record<string, string | undefined>): string | undefined => {
  offerSwiftShader(env);
  return env.VK_ADD_DRIVER_FILES;
};

test('SwiftShader is found where packages of Chromium put it', ({ onTestFinished }) => {
  const root = machine(['bin/chromium', 'lib/chromium/vk_swiftshader_icd.json', 'else/file'], onTestFinished);
  const path = [join(root, 'else'), join(root, 'bin')].join(delimiter);
  expect(added({ PATH: path })).toBe(join(root, 'lib/chromium/vk_swiftshader_icd.json'));
  expect(added({ PATH: join(root, 'else') })).toBeUndefined();
});

test('SwiftShader is found beside a browser that the path only links to', ({ onTestFinished }) => {
  const root = machine(['opt/chrome/chrome', 'opt/chrome/vk_swiftshader_icd.json', 'bin/other'], onTestFinished);
  symlinkSync(join(root, 'opt/chrome/chrome'), join(root, 'bin/google-chrome'));
  expect(added({ PATH: join(root, 'bin') })).toBe(join(root, 'opt/chrome/vk_swiftshader_icd.json'));
});

test('a driver that the environment names is left alone', ({ onTestFinished }) => {
  const root = machine(['bin/chromium', 'lib/chromium/vk_swiftshader_icd.json'], onTestFinished);
  const PATH = join(root, 'bin');
  expect(added({ PATH })).toBeDefined();
  expect(added({ PATH, VK_DRIVER_FILES: 'mine.json' })).toBeUndefined();
  expect(added({ PATH, VK_ICD_FILENAMES: 'mine.json' })).toBeUndefined();
  expect(added({ PATH, VK_ADD_DRIVER_FILES: 'mine.json' })).toBe('mine.json');
});
