/**
 * The GPU under the conformance suite, which has laws, random numbers and statistics of its own. On a software adapter it takes minutes; some of it:
 *
 *     vitest run --project gpu packages/backend-webgpu/test/conformance.gpu.test.ts -t 'exact\.'
 */
import { defineProvider, describeConformance, unavailable } from '@isinglass/conformance';
import { silentLogger } from '@isinglass/sdk';
import { describe, test } from 'vitest';
import webgpu from '../src/index.ts';
import { noGpu } from './support/gpu-test.ts';

// A fresh seed every time: a statistical check fails a machine that follows the law with probability 1e-6.
describeConformance({
  test,
  describe,
  provider: defineProvider({
    create: async ({ signal }) =>
      noGpu === null ? webgpu.open('webgpu', { logger: silentLogger, signal }) : unavailable(noGpu),
  }),
  level: 'quick',
});
