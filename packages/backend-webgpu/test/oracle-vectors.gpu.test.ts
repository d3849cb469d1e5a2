import { fileURLToPath } from 'node:url';
import { readProgram } from '@isinglass/sdk';
import { compareReadouts, compareTrace, driverRun, readVectorFolder, vectorRun } from '@isinglass/sdk/testing';
import { describe, expect, test } from 'vitest';
import { driverTest } from './support/driver-test.ts';

const { cases } = readVectorFolder(fileURLToPath(new URL('../../sdk/test/fixtures/oracle', import.meta.url)));
const devices = ['webgpu', 'webgpu?products=planes&fuse=nothing'];

test('there are 18 vectors of the independent oracle', () => {
  expect(cases.length).toBe(18);
});

describe('every vector of the oracle, bit for bit, traced and untraced', () => {
  driverTest.for(devices)('%s', { timeout: 60_000 }, async (uri, { open }) => {
    const { driver } = await open(uri);
    for (const { name, vector, file } of cases) {
      const program = readProgram(file);
      expect(program.hash).toBe(vector.expected.programHash);
      const ready = vectorRun(vector, program);
      const loaded = await driver.load(program, {});
      const sweeps: number[] = [];
      const traced = await loaded.run(
        driverRun(ready.run, {
          trace: (sweep, banks) => {
            sweeps.push(sweep);
            expect({ name, sweep, differences: compareTrace(ready, sweep, banks) }).toEqual({
              name,
              sweep,
              differences: [],
            });
          },
        }),
      );
      expect(sweeps).toEqual(Array.from({ length: ready.run.sweeps + 1 }, (_, t) => t));
      const untraced = await loaded.run(driverRun(ready.run));
      for (const { readouts } of [traced, untraced]) {
        expect({ name, differences: compareReadouts(ready, readouts) }).toEqual({ name, differences: [] });
      }
      await loaded.unload();
    }
  });
});
