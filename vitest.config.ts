import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Native addons (onnxruntime) crash in worker threads: processes.
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: { name: 'packages', include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts'] },
      },
      { extends: true, test: { name: 'workspace', include: ['test/**/*.test.ts', 'examples/**/*.test.ts'] } },
    ],
  },
});
