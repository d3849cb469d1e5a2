import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { gpuTest } from '../../test/support/gpu-test.ts';
import { adapterName, isSoftware } from './adapter-name.ts';
import { requestGpu } from './gpu.ts';
import { requestAdapter } from './request-adapter.ts';

const script = fileURLToPath(new URL('fixtures/one-process.ts', import.meta.url));

gpuTest('there is one GPU object per process, whoever asks first', async ({ adapter }) => {
  const [a, b] = await Promise.all([requestGpu(), requestGpu()]);
  expect(a).toBe(b);
  expect(adapterName(adapter)).not.toBe('unnamed GPU');
});

gpuTest('an adapter is found by a part of its name', async ({ adapter }) => {
  const name = adapterName(adapter).slice(1, 8).toUpperCase();
  const found = await requestAdapter({ name });
  if ('unavailable' in found) throw new Error(found.unavailable);
  expect(adapterName(found)).toBe(adapterName(adapter));
  expect(isSoftware(found)).toBe(isSoftware(adapter));
  expect(await requestAdapter({ name: 'abacus' })).toEqual({ unavailable: expect.stringContaining('"abacus"') });
});

gpuTest.for(['closed', 'open'])(
  'a process outlives garbage collections, and ends by itself with its last device %s',
  { timeout: 60_000 },
  async (last, { adapter }) => {
    expect(adapter).toBeDefined();
    // A process that hangs is killed, and a signal is no exit.
    const ended = await promisify(execFile)(process.execPath, ['--expose-gc', script, last], { timeout: 40_000 });
    expect(ended.stdout).toBe('41\n42\n');
  },
);
