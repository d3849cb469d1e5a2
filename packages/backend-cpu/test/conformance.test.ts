/** The CPU machine under the conformance suite, which has laws, random numbers and statistics of its own. */
import { defineProvider, describeConformance } from '@isinglass/conformance';
import { silentLogger } from '@isinglass/sdk';
import { describe, test } from 'vitest';
import cpu from '../src/index.ts';

// A fresh seed every time: a statistical check fails a machine that follows the law with probability 1e-6.
describeConformance({
  test,
  describe,
  provider: defineProvider({ create: ({ signal }) => cpu.open('cpu', { logger: silentLogger, signal }) }),
  level: 'quick',
});
