/**
 * Tests on the driver, without the sdk's Device in between: `driverTest('…', async ({ open }) => …)`. What a test opens is closed after it. By then no
 * GPU may be lost (which is what becomes of one that refuses a command), and every buffer has to be freed.
 */
import { type Driver, silentLogger } from '@isinglass/sdk';
import { expect } from 'vitest';
import type { GpuContext } from '../../src/gpu/gpu-context.ts';
import type { PieceSizes } from '../../src/gpu/piece-sizes.ts';
import { openGpu, webgpuDriver } from '../../src/open-webgpu.ts';
import { gpuTest } from './gpu-test.ts';

/** A driver and the GPU under it. */
export interface OpenDriver {
  readonly driver: Driver;
  readonly gpu: GpuContext;
}

export interface OpenDriverOptions {
  /** Other than the usual ones. */
  readonly pieces?: Partial<PieceSizes>;
  /** The test takes the GPU away. */
  readonly expectLoss?: true;
}

export const driverTest = gpuTest.extend<{
  readonly open: (uri?: string, o?: OpenDriverOptions) => Promise<OpenDriver>;
}>({
  open: async ({ adapter: _ }, use) => {
    const opened: (OpenDriver & { readonly uri: string; readonly expectLoss: boolean })[] = [];
    await use(async (uri = 'webgpu', { pieces = {}, expectLoss = false } = {}) => {
      const gpu = await openGpu(uri, { pieces });
      const found = { uri, driver: webgpuDriver(gpu, silentLogger), gpu: gpu.gpu, expectLoss };
      opened.push(found);
      return found;
    });
    for (const { uri, driver, gpu, expectLoss } of opened) {
      const { lost } = driver;
      await driver.close();
      expect({ uri, lost: lost.aborted, reason: String(lost.reason) }).toMatchObject({ uri, lost: expectLoss });
      expect({ uri, heldBytes: gpu.memory.bytes }).toEqual({ uri, heldBytes: 0 });
    }
  },
});
