/**
 * node packages/kernels/src/machine/spins/spins-executor.bench.ts [rows…]
 *
 * Whole sweeps of single rows in one thread, spin sums of both banks included: GSOP/s of processor time, median (best). Nothing is asserted.
 */

import { type Block, type DriverRun, type Program, workOfRun } from '@isinglass/sdk';
import { fixedConstants, sumBound } from '@isinglass/sdk/machine-driver';
import { convolutionProgram, Dice, programOfBlock, randomGraph } from '@isinglass/sdk/testing';
import { bestVariant, compileKernels, instantiateKernels } from '../../load-kernels.ts';
import { DeviceMemory } from '../memory/device-memory.ts';
import { loadSpins, planSpins } from './load-spins.ts';
import { setUpSpinsRun } from './set-up-spins-run.ts';
import { SpinsContext } from './spins-context.ts';
import { SpinsExecutor } from './spins-executor.ts';

const workloads: readonly (readonly [string, () => Program])[] = [
  ['conv 64 ↔ 64, 28²', () => convolutionProgram({ channels: 64, size: 28 })],
  ['conv 32 ↔ 32, 14²', () => convolutionProgram({ channels: 32, size: 14 })],
  ['conv 16 ↔ 16, 32²', () => convolutionProgram({ channels: 16, size: 32 })],
  ['dense 784 × 512', () => matrixProgram(784, 512)],
  ['random graph, about 14 neighbours', () => randomGraph(1, { spins: 4096, degree: 14 })],
];

/** Two free banks joined by a full matrix of 7-bit weights. */
function matrixProgram(from: number, to: number): Program {
  const dice = new Dice(from);
  const w = Int8Array.from({ length: from * to }, () => Math.max(-63, Math.min(63, Math.round(dice.normal() * 15))));
  const block: Block = {
    kind: 'block',
    id: 'block',
    index: 0,
    banks: [
      { id: 'a', role: 'free', shape: [from], color: 0 },
      { id: 'b', role: 'free', shape: [to], color: 1 },
    ],
    gains: [{ id: 'one', value: 1, runtime: false }],
    couplings: [
      {
        id: 'w',
        from: 'a',
        to: 'b',
        gain: 'one',
        scale: 0.2 / (16 * Math.sqrt(from)),
        form: { kind: 'dense', matrix: { tensor: 'w' } },
      },
    ],
    biases: [],
    readouts: [{ id: 'y', bank: 'b', observable: 'spin-sum', tie: 1 }],
    schedule: { sweeps: 8, burnIn: 0, stride: 1, chains: 1, colors: [0, 1], init: 'random', beta: 1 },
    fixed: { fractionBits: 9, beta: 1 },
  };
  return programOfBlock(block, new Map([['w', { dtype: 'I8', shape: [to, from], data: w }]]));
}

function drained<T>(work: Generator<void, T, void>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

const batchMs = 30;
const batches = 15;

async function timeRows(name: string, program: Program, rows: number): Promise<void> {
  const memory = new DeviceMemory({ bytesMax: 2 ** 29 });
  const kernels = instantiateKernels(await compileKernels(bestVariant() ?? 'baseline'), memory.memory);
  const block = program.json.stages.find((stage): stage is Block => stage.kind === 'block') as Block;
  const loaded = drained(loadSpins(program, block, drained(planSpins(program, block)), memory));
  const bounds = new Map(block.couplings.map((coupling) => [coupling.id, sumBound(program.tensors, coupling)]));
  const request: DriverRun = {
    block: block.index,
    gains: {},
    images: Uint32Array.from({ length: rows }, (_, n) => n),
    inputs: {},
    chains: 1,
    chainOffset: 0,
    sweeps: 2 ** 20,
    burnIn: 0,
    stride: 1,
    sweepOffset: 0,
    temperatures: null,
    seed: 7n,
    start: { kind: 'random' },
    keep: 'nothing',
    readouts: block.banks.map(({ id }) => ({ bank: id, observable: 'spin-sum', as: 'sums', tie: 1 })),
    signal: new AbortController().signal,
  };
  const constants = drained(fixedConstants(program, block, bounds, {}));
  const part = { first: 0, count: rows };
  const { run } = setUpSpinsRun(memory, { block, loaded, constants, request, states: null, rows: part, workers: 1 });
  const executor = new SpinsExecutor(new SpinsContext(kernels, memory.memory, loaded.block, run));
  for (let row = 0; row < rows; row++) drained(executor.prepare(row, 0));
  let t = 1;
  const sweeps = (count: number): void => {
    drained(executor.sweep({ tile: 0, tiles: rows, first: t, last: t + count - 1 }, 0));
    t += count;
  };
  const began = performance.now();
  let warm = 0;
  for (; performance.now() - began < 400; warm++) sweeps(1);
  const count = Math.max(1, Math.round((warm * batchMs) / 400));
  const times = Array.from({ length: batches }, () => {
    const before = cpuMs();
    sweeps(count);
    return (cpuMs() - before) / count;
  }).sort((a, b) => a - b);
  const { synapticOperations } = workOfRun({ block, tensors: program.tensors, images: rows, chains: 1, sweeps: 1 });
  const rate = (ms: number | undefined): string => (synapticOperations / (ms as number) / 1e6).toPrecision(3);
  console.log(`${name.padEnd(34)} ${rows} rows  ${rate(times[batches >> 1])} (${rate(times[1])}) GSOP/s`);
}

const asked = process.argv.slice(2).map(Number);
for (const [name, make] of workloads) {
  const program = make();
  for (const rows of asked.length > 0 ? asked : [1, 8]) await timeRows(name, program, rows);
}
