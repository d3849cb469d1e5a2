/**
 * Tests on a GPU: `gpuTest('…', async ({ device }) => …)`. Without an adapter they are skipped, with the reason. Such tests
 * stand in files named `*.gpu.test.ts`, which vitest runs one after another in processes of their own.
 */
import { expect, test } from 'vitest';
import { requestAdapter } from '../../src/adapter/request-adapter.ts';
import { offerSwiftShader } from './swiftshader.ts';

offerSwiftShader();

/** Why tests on a GPU are skipped here; null: they run. */
export const noGpu: string | null = await whyNot();
if (noGpu !== null) console.warn(`tests on a GPU are skipped: ${noGpu}`);

/** A test that gets an `adapter` and a `device` with all the features and limits of that adapter, where it asks for them. */
export const gpuTest = test.extend<{ adapter: GPUAdapter; device: GPUDevice }>({
  adapter: async ({ skip }, use) => {
    if (noGpu !== null) skip(noGpu);
    await use(await anAdapter());
  },
  device: async ({ adapter }, use) => {
    const device = await adapter.requestDevice({
      requiredFeatures: [...adapter.features] as GPUFeatureName[],
      requiredLimits: limitsOf(adapter),
    });
    const errors: string[] = [];
    device.onuncapturederror = ({ error }) => errors.push(error.message);
    await use(device);
    await device.queue.onSubmittedWorkDone();
    device.destroy();
    expect(errors, 'errors of the device that the test did not take').toEqual([]);
  },
});

async function whyNot(): Promise<string | null> {
  const adapter = await requestAdapter();
  return 'unavailable' in adapter ? adapter.unavailable : null;
}

async function anAdapter(): Promise<GPUAdapter> {
  const adapter = await requestAdapter();
  if ('unavailable' in adapter) throw new Error(`the adapter went away: ${adapter.unavailable}`);
  return adapter;
}

function limitsOf({ limits }: GPUAdapter): Record<string, number> {
  const found: Record<string, number> = {};
  for (const name in limits) {
    const value: unknown = limits[name as keyof GPUSupportedLimits];
    if (typeof value === 'number') found[name] = value;
  }
  return found;
}
