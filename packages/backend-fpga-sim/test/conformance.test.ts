/** Emulated machines under the conformance suite, which has laws, random numbers and statistics of its own: each engine once, and each kind of promise. docs/devices.md section 8 has the others. */
import { defineProvider, describeConformance } from '@isinglass/conformance';
import { silentLogger } from '@isinglass/sdk';
import { describe, test } from 'vitest';
import fpgaSim from '../src/index.ts';
import { smallMachine } from './generators/small-machines.ts';

const devices = [
  // exact: random numbers by spin, a full table
  smallMachine('lane', 'philox'),
  smallMachine('conv', 'philox'),
  // repeatable: streams of numbers, one for each lane, circuit or path. Published sets draw from LFSRs, whose linear complexity the suite finds
  smallMachine('fabric', 'xoshiro128pp'),
  smallMachine('dense-serial', 'xoshiro128pp'),
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
