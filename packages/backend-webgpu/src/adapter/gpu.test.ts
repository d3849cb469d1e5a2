import { afterEach, expect, test, vi } from 'vitest';
import { requestGpu } from './gpu.ts';
import { whyNotLoaded } from './node-gpu.ts';

afterEach(() => vi.unstubAllGlobals());

test('a page that has WebGPU is asked for it', async () => {
  const gpu = {};
  vi.stubGlobal('navigator', { gpu });
  expect(await requestGpu()).toBe(gpu);
});

test('a page without WebGPU is told why: its origin, or its browser', async () => {
  vi.stubGlobal('process', undefined);
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('isSecureContext', false);
  expect(await requestGpu()).toEqual({ unavailable: expect.stringContaining('https') });
  vi.stubGlobal('isSecureContext', true);
  expect(await requestGpu()).toEqual({ unavailable: expect.stringContaining('this browser has no WebGPU') });
});

test('a missing package is told from one that is broken', () => {
  const missing = Object.assign(new Error("Cannot find package 'webgpu' imported from /x.js"), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
  expect(whyNotLoaded(missing)).toMatch(/not installed; install it: npm install webgpu$/);
  const old = new Error("libstdc++.so.6: version `GLIBCXX_3.4.32' not found\nRequire stack:\n- /y.js");
  expect(whyNotLoaded(old)).toMatch(/does not load here \(libstdc\+\+.so.6: version `GLIBCXX_3.4.32' not found\)/);
  const part = Object.assign(new Error("Cannot find package 'debug' imported from /x.js"), { code: missing.code });
  expect(whyNotLoaded(part)).toMatch(/does not load here/);
});
