/**
 * node packages/kernels/src/machine/one-row.bench.ts program.isg [sweeps]
 *
 * One run of one row of every block of a program, in the calling thread: how much of it is outside the sweeps. Wall clock, median (best) of
 * many runs, ms. Nothing is asserted.
 */
import { readFileSync } from 'node:fs';
import { type Block, type DriverRun, readProgram, spinCountOf } from '@isinglass/sdk';
import type { BlockMachine } from '@isinglass/sdk/machine-driver';
import { Dice, driverRun, randomSpins, runtimeGains } from '@isinglass/sdk/testing';
import { bestVariant } from '../load-kernels.ts';
import { openKernelMachines } from './open-kernel-machines.ts';

const [file, sweepsAsked] = process.argv.slice(2);
if (file === undefined) throw new Error('which program? node one-row.bench.ts program.isg [sweeps]');

const steps = ['begin', 'prepare', 'advance', 'readouts', 'end'] as const;
type Step = (typeof steps)[number];

const runs = 200;
const warmUp = 30;

const program = readProgram(readFileSync(file));
const machines = await openKernelMachines({
  memoryBytesMax: 2 ** 30,
  rowsMax: Number.POSITIVE_INFINITY,
  threads: 0,
  simd: bestVariant() ?? 'baseline',
});
const plan = machines.plan(program);
if (!('blocks' in plan)) throw new Error('the program does not fit');
const blocks = program.json.stages.filter((stage): stage is Block => stage.kind === 'block');
for (const [n, block] of blocks.entries()) {
  const blockPlan = plan.blocks[n];
  if (blockPlan === undefined) throw new Error('a block has no plan');
  const machine = await machines.load({ program, block, plan: blockPlan, signals: [] });
  await timeBlock(block, machine);
  machine.end();
}
await machines.close();

async function timeBlock(block: Block, machine: BlockMachine): Promise<void> {
  const request = requestOf(block);
  const times = new Map<Step, number[]>(steps.map((step) => [step, []]));
  for (let n = -warmUp; n < runs; n++) {
    let before = performance.now();
    const took = (step: Step): void => {
      const now = performance.now();
      if (n >= 0) times.get(step)?.push(now - before);
      before = now;
    };
    const run = machine.begin({ ...request, seed: BigInt(n + warmUp) }, { from: null, signals: [] });
    took('begin');
    await run.prepare();
    took('prepare');
    await run.advance(1, request.sweeps, () => {});
    took('advance');
    await run.readouts();
    took('readouts');
    run.end();
    took('end');
  }
  const of = (step: Step): number[] => (times.get(step) as number[]).toSorted((a, b) => a - b);
  const median = (step: Step): number => of(step)[runs >> 1] as number;
  const total = steps.reduce((sum, step) => sum + median(step), 0);
  const outside = total - median('advance');
  const figures = steps.map((step) => `${step} ${median(step).toFixed(3)} (${of(step)[0]?.toFixed(3)})`);
  console.log(`${block.id}, ${request.sweeps} sweeps: ${figures.join(', ')}`);
  console.log(
    `outside the sweeps: ${outside.toFixed(3)} of ${total.toFixed(3)} ms, ${((100 * outside) / total).toFixed(1)} %`,
  );
}

/** Random inputs, the gains of the program, spin sums of every readout. */
function requestOf(block: Block): DriverRun {
  const dice = new Dice(1);
  const pinned = block.banks.filter(({ role }) => role === 'pinned');
  return driverRun({
    block: block.index,
    gains: runtimeGains(block),
    images: Uint32Array.of(0),
    inputs: Object.fromEntries(pinned.map((bank) => [bank.id, randomSpins(dice, 1, spinCountOf(bank))])),
    chains: 1,
    chainOffset: 0,
    sweeps: sweepsAsked === undefined ? block.schedule.sweeps : Number(sweepsAsked),
    burnIn: 0,
    stride: 1,
    sweepOffset: 0,
    temperatures: null,
    seed: 1n,
    start: { kind: 'random' },
    keep: 'nothing',
    readouts: block.readouts.map(({ bank }) => ({ bank, observable: 'spin-sum', as: 'sums', tie: 1 })),
  });
}
