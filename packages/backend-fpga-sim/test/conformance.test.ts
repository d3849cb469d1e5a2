/** Emulated machines under the conformance suite, which has laws, random numbers and statistics of its own: one of each kind of promise. */
import { defineProvider, describeConformance } from '@isinglass/conformance';
import { silentLogger } from '@isinglass/sdk';
import { describe, test } from 'vitest';
import fpgaSim from '../src/index.ts';

const devices = [
  // exact: random numbers by spin, a full table
  'fpga-sim:toy?rng=philox&activation=exact',
  // repeatable: streams of numbers, one for each lane, circuit or path. Published sets draw from LFSRs, whose linear complexity the suite finds
  'fpga-sim:toy',
  'fpga-sim:niazi?rng=xoshiro128pp&spins=256',
  'fpga-sim:dense?rng=xoshiro128pp&activation=exact&weightBits=8&spins=256&colors=256&degree=255',
  // statistical: the real law
  'fpga-sim:mtj-250',
];

// A fresh seed every time: a statistical check fails a machine that follows the law with probability 1e-6.
for (const uri of devices) {
  describe(uri, () => {
    const provider = defineProvider({ create: ({ signal }) => fpgaSim.open(uri, { logger: silentLogger, signal }) });
    describeConformance({ test, describe, provider, level: 'quick' });
  });
}
