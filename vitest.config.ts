import { defineConfig } from 'vitest/config';

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
        test: { name: 'packages', include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts'] },
      },
      {
        extends: true,
        test: { name: 'workspace', include: ['test/**/*.test.ts', 'examples/**/*.test.ts', 'bench/**/*.test.ts'] },
      },
    ],
  },
});
