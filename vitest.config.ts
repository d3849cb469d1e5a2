import { configDefaults, defineConfig } from 'vitest/config';

/** Tests on a GPU: an instance of WebGPU is per process, and a driver that crashes takes its process along. */
const gpuTests = 'packages/*/{src,test}/**/*.gpu.test.ts';
/** Tests in pages of a browser, which takes both cores by itself. */
const browserTests = '**/*.browser.test.ts';

export default defineConfig({
  test: {
    // Native addons (onnxruntime) crash in worker threads: processes.
    pool: 'forks',
    maxWorkers: 2,
    // Generous, because CI machines share cores; a test that needs more says so beside its reason.
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'packages',
          include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, gpuTests, browserTests],
        },
      },
      {
        extends: true,
        test: {
          name: 'workspace',
          include: ['test/**/*.test.ts', 'examples/**/*.test.ts', 'bench/**/*.test.ts'],
          exclude: [...configDefaults.exclude, browserTests],
        },
      },
      // After all others, one file after another.
      {
        extends: true,
        test: { name: 'gpu', include: [gpuTests], fileParallelism: false, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: [browserTests],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          // A page loads and compiles every module anew.
          testTimeout: 120_000,
        },
      },
    ],
  },
});
