import { fileURLToPath } from 'node:url';
import { readProgram } from '@isinglass/sdk';
import { compareReadouts, compareTrace, driverRun, readVectorFolder, vectorRun } from '@isinglass/sdk/testing';
import { describe, expect, test } from 'vitest';
import { load, openCpu } from './drive.ts';
import { whyUnavailable } from './kernel-devices.ts';

const { cases } = readVectorFolder(fileURLToPath(new URL('../../sdk/test/fixtures/oracle', import.meta.url)));

test('there are 18 vectors of the independent oracle', () => {
  expect(cases.length).toBe(18);
});

describe.each(['cpu:scalar', 'cpu', 'cpu?simd=baseline'])('%s gives every vector of the oracle, bit for bit', (uri) => {
  const reason = whyUnavailable(uri);
  test.for(cases.map(({ name, vector, file }) => ({ name, text: vector.text, vector, file })))(
    '$name: $text',
    async ({ vector, file }, { skip }) => {
      if (reason !== null) skip(reason);
      const program = readProgram(file);
      expect(program.hash).toBe(vector.expected.programHash);
      const ready = vectorRun(vector, program);
      const driver = await openCpu(uri);
      const loaded = await load(driver, program);
      const sweeps: number[] = [];
      const traced = await loaded.run(
        driverRun(ready.run, {
          trace: (sweep, banks) => {
            sweeps.push(sweep);
            expect(compareTrace(ready, sweep, banks)).toEqual([]);
          },
        }),
      );
      expect(sweeps).toEqual(Array.from({ length: ready.run.sweeps + 1 }, (_, t) => t));
      expect(compareReadouts(ready, traced.readouts)).toEqual([]);
      const untraced = await loaded.run(driverRun(ready.run));
      expect(compareReadouts(ready, untraced.readouts)).toEqual([]);
      await driver.close();
    },
  );
});
