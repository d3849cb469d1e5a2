/**
 * Tests on the driver, without the sdk's Device in between: `driverTest('…', async ({ open }) => …)`. What a test opens is closed after it. By then no
 * GPU may be lost (which is what becomes of one that refuses a command), and every buffer has to be freed.
 */
import { type Driver, silentLogger } from '@isinglass/sdk';
import { expect } from 'vitest';
import { parseWebgpuUri } from '../../src/device-options.ts';
import type { GpuContext } from '../../src/gpu/gpu-context.ts';
import type { PieceSizes } from '../../src/gpu/piece-sizes.ts';
import { type OpenGpu, openGpu, webgpuDriver } from '../../src/open-webgpu.ts';
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

export interface SharedDriverOptions {
  /** Other than the usual ones. */
  readonly pieces?: Partial<PieceSizes>;
  /** In place of `memoryMiB`: bytes of buffers. */
  readonly memoryBytesMax?: number;
}

export const driverTest = gpuTest
  .extend<{
    /** By size of workgroups: opened when first asked for, and shared by the tests of a file. */
    readonly $file: { readonly gpuOf: (workgroup: number) => Promise<OpenGpu> };
  }>({
    gpuOf: [
      // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what the fixture needs.
      async ({}, use) => {
        const opened = new Map<number, Promise<OpenGpu>>();
        await use((workgroup) => {
          const found = opened.get(workgroup) ?? openGpu(`webgpu?workgroup=${workgroup}`);
          opened.set(workgroup, found);
          return found;
        });
        for (const { gpu } of await Promise.all(opened.values())) gpu.close();
      },
      { scope: 'file' },
    ],
  })
  .extend<{
    readonly open: (uri?: string, o?: OpenDriverOptions) => Promise<OpenDriver>;
    /** Another driver over a GPU that is open, which has compiled most of its kernels. */
    readonly share: (uri: string, o?: SharedDriverOptions) => Promise<OpenDriver>;
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
    share: async ({ adapter: _, gpuOf }, use) => {
      const shared: OpenDriver[] = [];
      await use(async (uri, { pieces = {}, ...more } = {}) => {
        const options = { ...parseWebgpuUri(uri), ...more };
        const own = await gpuOf(options.workgroup);
        if (options.products === 'packed' && !own.gpu.packed) throw new Error(`${uri}: there are no packed products`);
        const gpu: GpuContext = {
          ...own.gpu,
          packed: own.gpu.packed && options.products !== 'planes',
          pieces: { ...own.gpu.pieces, ...pieces },
          // It belongs to the file.
          close() {},
        };
        const found = { driver: webgpuDriver({ ...own, gpu, options }, silentLogger), gpu };
        shared.push(found);
        return found;
      });
      await Promise.all(shared.map(({ driver }) => driver.close()));
      for (const { gpu } of shared) {
        expect({ lost: gpu.lost.aborted, reason: String(gpu.lost.reason) }).toMatchObject({ lost: false });
        expect({ heldBytes: gpu.memory.bytes }).toEqual({ heldBytes: 0 });
      }
    },
  });
