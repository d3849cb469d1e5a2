/**
 * node packages/backend-fpga-sim/src/conv/inference.bench.ts program.isg [device…]
 *
 * One image after the other on emulated convolution engines, over kernels and in plain TypeScript, and what of it counts cycles. Wall clock, median (best) of many
 * runs. Nothing is asserted.
 */
import { readFileSync } from 'node:fs';
import { type Block, type DriverRun, type Program, readProgram, spinCountOf, workOfRun } from '@isinglass/sdk';
import { Dice, driverRun, randomSpins, runtimeGains } from '@isinglass/sdk/testing';
import { EngineMachines } from '../driver/engine-machines.ts';
import type { ConvParameters } from '../parameters/engine-parameters.ts';
import { parseMachineUri } from '../parameters/machine-uri.ts';
import { type CycleCause, cycleCauses } from '../timing/cycle-causes.ts';
import { linkTime } from '../timing/link-time.ts';
import { convEngine } from './conv-engine.ts';
import { convImage } from './conv-image.ts';
import { ConvMemories } from './conv-memories.ts';
import { convSchedule } from './conv-schedule.ts';
import { compiledKernels } from './kernel-sums/compiled-kernels.ts';
import { scheduleCycles } from './schedule-cycles.ts';

const [file, ...asked] = process.argv.slice(2);
if (file === undefined) throw new Error('which program? node inference.bench.ts program.isg [device…]');
const devices = asked.length > 0 ? asked : ['conv-s', 'conv-m', 'conv-m?rng=philox&activation=exact', 'conv-l'];
/** Of one measurement, after as many that are not counted. */
const imagesOf = { kernels: 40, plain: 3 } as const;

const program = readProgram(readFileSync(file));
const kernels = await compiledKernels();
for (const device of devices) {
  const { parameters } = parseMachineUri(`fpga-sim:${device}`);
  if (parameters.engine !== 'conv') throw new TypeError(`${device} is a ${parameters.engine} engine`);
  for (const block of program.json.stages) {
    if (block.kind !== 'block') continue;
    const fast = await millisecondsPerImage(parameters, block, 'kernels');
    const plain = await millisecondsPerImage(parameters, block, 'plain');
    const accounting = accountingOf(parameters, program, block);
    const { sweeps } = block.schedule;
    const work = workOfRun({ block, tensors: program.tensors, images: 1, chains: 1, sweeps });
    const speed = (ms: number): string => (work.synapticOperations / ms / 1e6).toFixed(2);
    const perImage = accounting.perSweepMs * sweeps;
    console.log(
      `${device}, ${block.id}, ${sweeps} sweeps of an image: ${fast.median.toFixed(2)} (${fast.best.toFixed(2)}) ms, ${speed(fast.median)} (${speed(fast.best)}) GSOP/s; ` +
        `in plain TypeScript ${plain.median.toFixed(0)} ms, ${speed(plain.median)} GSOP/s`,
    );
    console.log(
      `  cycles: the schedule is walked once for a block, ${accounting.walkMs.toFixed(2)} ms; ${(1000 * perImage).toFixed(1)} µs of an image, ` +
        `${((100 * perImage) / fast.median).toFixed(2)} %; both ${((100 * (perImage + accounting.walkMs)) / fast.median).toFixed(1)} % of a run of one image`,
    );
  }
}

async function millisecondsPerImage(
  p: ConvParameters,
  block: Block,
  way: keyof typeof imagesOf,
): Promise<{ readonly median: number; readonly best: number }> {
  const engine = convEngine(p, way === 'kernels' ? kernels : null);
  const machines = new EngineMachines({ engine, link: linkTime(p.link), clockHz: p.clockHz, rowsMax: 1 });
  const plan = machines.plan(program);
  if (!('blocks' in plan)) throw new Error(`the program does not fit: ${JSON.stringify(plan)}`);
  const own = program.json.stages.filter(({ kind }) => kind === 'block').indexOf(block);
  const blockPlan = plan.blocks[own];
  if (blockPlan === undefined) throw new Error(`${block.id} has no plan`);
  const machine = await machines.load({ program, block, plan: blockPlan, signals: [] });
  const times: number[] = [];
  const count = imagesOf[way];
  for (let n = -count; n < count; n++) {
    const begin = performance.now();
    const run = machine.begin(requestOf(block, n + count), { from: null, signals: [] });
    await run.prepare();
    await run.advance(1, block.schedule.sweeps, () => {});
    await run.readouts();
    run.end();
    if (n >= 0) times.push(performance.now() - begin);
  }
  machine.end();
  await machines.close();
  times.sort((a, b) => a - b);
  return { median: times[count >> 1] as number, best: times[0] as number };
}

/** What counts cycles, by itself: the walk over a schedule, and what is added after each sweep. */
function accountingOf(p: ConvParameters, of: Program, block: Block): { walkMs: number; perSweepMs: number } {
  const placing = convImage(p, of, block);
  let placed = placing.next();
  while (placed.done !== true) placed = placing.next();
  const memories = new ConvMemories(p);
  for (const { window, offset, words } of placed.value.image()) memories.write(window, offset, words);
  const schedule = convSchedule(memories, p);
  const walks = 20;
  let begin = performance.now();
  for (let n = 0; n < walks; n++) scheduleCycles(schedule, p);
  const walkMs = (performance.now() - begin) / walks;
  const { halfSweeps } = scheduleCycles(schedule, p);
  const counted = Object.fromEntries(cycleCauses.map((cause) => [cause, 0])) as Record<CycleCause, number>;
  const sweeps = 100_000;
  begin = performance.now();
  for (let n = 0; n < sweeps; n++) {
    for (const spent of halfSweeps) for (const cause of cycleCauses) counted[cause] += spent[cause];
  }
  return { walkMs, perSweepMs: (performance.now() - begin) / sweeps };
}

/** Random inputs, the gains of the program, spin sums of every readout. */
function requestOf(block: Block, image: number): DriverRun {
  const dice = new Dice(image);
  const pinned = block.banks.filter(({ role }) => role === 'pinned');
  return driverRun({
    block: block.index,
    gains: runtimeGains(block),
    images: Uint32Array.of(image),
    inputs: Object.fromEntries(pinned.map((bank) => [bank.id, randomSpins(dice, 1, spinCountOf(bank))])),
    chains: 1,
    chainOffset: 0,
    sweeps: block.schedule.sweeps,
    burnIn: block.schedule.burnIn,
    stride: 1,
    sweepOffset: 0,
    temperatures: null,
    seed: 1n,
    start: { kind: 'random' },
    keep: 'nothing',
    readouts: block.readouts.map(({ bank }) => ({ bank, observable: 'spin-sum', as: 'sums', tie: 1 })),
  });
}
