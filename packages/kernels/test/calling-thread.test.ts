import type { Block, DriverReadout, DriverRun, Program } from '@isinglass/sdk';
import { runFixedLaw } from '@isinglass/sdk/reference';
import { convolutionProgram, driverRun } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import { bestVariant } from '../src/index.ts';
import { openKernelMachines } from '../src/machine/index.ts';

const program = convolutionProgram({ channels: 16, size: 16 });

/** Of one row, and more work than what is done in the calling thread because it is short. */
const request = driverRun({
  block: 3,
  gains: { delta: 1 },
  images: Uint32Array.of(4),
  inputs: {},
  chains: 1,
  chainOffset: 0,
  sweeps: 60,
  burnIn: 0,
  stride: 1,
  sweepOffset: 0,
  temperatures: null,
  seed: 7n,
  start: { kind: 'random' },
  keep: 'nothing',
  readouts: [{ bank: 'b', observable: 'spin-sum', as: 'sums', tie: 1 }],
});

async function readoutsWith(threads: number, of: Program, run: DriverRun): Promise<readonly DriverReadout[]> {
  const simd = bestVariant() ?? 'baseline';
  const machines = await openKernelMachines({
    memoryBytesMax: 2 ** 26,
    rowsMax: Number.POSITIVE_INFINITY,
    threads,
    simd,
  });
  const plan = machines.plan(of);
  if (!('blocks' in plan) || plan.blocks[0] === undefined) throw new Error('the program must fit');
  const block = of.json.stages.find((stage): stage is Block => stage.kind === 'block') as Block;
  const machine = await machines.load({ program: of, block, plan: plan.blocks[0], signals: [] });
  const running = machine.begin(run, { from: null, signals: [] });
  await running.prepare();
  await running.advance(1, run.sweeps, () => {});
  const readouts = await running.readouts();
  running.end();
  machine.end();
  await machines.close();
  return readouts;
}

test.each([
  { threads: 0, started: 0 },
  { threads: 1, started: 1 },
])('a machine with $threads threads starts $started, and its run is the reference’s', async ({ threads, started }) => {
  let count = 0;
  const counting = (): void => void count++;
  process.on('worker', counting);
  const readouts = await readoutsWith(threads, program, request);
  process.off('worker', counting);
  expect(count).toBe(started);
  expect(readouts).toEqual(runFixedLaw(program, request).readouts);
});
