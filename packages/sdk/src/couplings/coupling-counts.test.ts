import { expect, test } from 'vitest';
import type { ProgramTensor } from '../program/program.ts';
import type { Block } from '../program/program-json.ts';
import { blockCounts, freeSpinCount, programCounts, workOfRun } from './coupling-counts.ts';

/**
 * One thermodynamic block as in the paper: 3×3 K1 (with stride), 1×1 K3 (same stride), 3×3 K2; square maps of `size`.
 */
interface PaperBlock {
  readonly input: number;
  readonly output: number;
  readonly size: number;
  readonly stride: 1 | 2;
}

/** Shapes that give the spin counts of the paper's Table 2 (CIFAR-10). `size` is that of the output map. */
const cifar10: readonly PaperBlock[] = [
  { input: 16, output: 256, size: 32, stride: 1 },
  { input: 256, output: 256, size: 32, stride: 1 },
  { input: 256, output: 512, size: 16, stride: 2 },
  { input: 512, output: 512, size: 16, stride: 1 },
  { input: 512, output: 784, size: 8, stride: 2 },
  { input: 784, output: 784, size: 8, stride: 1 },
];

function blockOf(g: PaperBlock, index: number): { block: Block; tensors: [string, ProgramTensor][] } {
  const kernel = (name: string, from: number, taps: number): [string, ProgramTensor] => [
    `${index}.${name}`,
    { dtype: 'I8', shape: [g.output, from, taps, taps], data: new Int8Array(g.output * from * taps * taps).fill(1) },
  ];
  const conv = (name: string, taps: 1 | 3, stride: number) => ({
    kind: 'conv' as const,
    kernel: { tensor: `${index}.${name}` },
    strides: [stride, stride],
    pads: Array<number>(4).fill(taps === 3 ? 1 : 0),
    dilations: [1, 1],
    groups: 1,
  });
  const map = [g.size, g.size];
  return {
    tensors: [kernel('k1', g.input, 3), kernel('k3', g.input, 1), kernel('k2', g.output, 3)],
    block: {
      kind: 'block',
      id: `b${index}`,
      index,
      banks: [
        { id: 's0', role: 'pinned', shape: [g.input, ...map.map((n) => n * g.stride)], value: 'x' },
        { id: 's1', role: 'free', shape: [g.output, ...map], color: 0 },
        { id: 's2', role: 'free', shape: [g.output, ...map], color: 1 },
      ],
      gains: [{ id: 'one', value: 1, runtime: false }],
      couplings: [
        { id: 'k1', from: 's0', to: 's1', gain: 'one', form: conv('k1', 3, g.stride) },
        { id: 'k3', from: 's0', to: 's2', gain: 'one', form: conv('k3', 1, g.stride) },
        { id: 'k2', from: 's1', to: 's2', gain: 'one', form: conv('k2', 3, 1) },
      ],
      biases: [],
      readouts: [],
      schedule: { sweeps: 1, burnIn: 0, stride: 1, chains: 1, colors: [0, 1], init: 'random', beta: 1 },
    },
  };
}

/**
 * By hand: a 3×3 kernel with pad 1 on an n×n output map has 3n − 2 pairs per axis at stride 1 (two of 3n fall off) and
 * 3n − 1 at stride 2 on an even map (only the first tap of the first output does); a 1×1 kernel has n.
 */
function byHand(g: PaperBlock) {
  const n = g.size;
  const k1Axis = g.stride === 1 ? 3 * n - 2 : 3 * n - 1;
  const k2Axis = 3 * n - 2;
  const k1 = g.input * g.output;
  const k2 = g.output * g.output;
  return {
    nominal: k1 * 9 * n * n + k1 * n * n + k2 * 9 * n * n,
    actual: k1 * k1Axis ** 2 + k1 * n * n + k2 * k2Axis ** 2,
    free: k2 * k2Axis ** 2,
  };
}

test("the paper's CIFAR-10 network has its Table 2 spins and exact counts, without unrolling", () => {
  const built = cifar10.map(blockOf);
  const perBlock = built.map(({ block, tensors }) => blockCounts(block, new Map(tensors)));
  expect(perBlock).toEqual(cifar10.map(byHand));
  expect(perBlock.map((c) => c.nominal)).toEqual([
    645_922_816, 1_275_068_416, 939_524_096, 1_275_068_416, 610_942_976, 747_421_696,
  ]);
  expect(perBlock.map((c) => c.actual)).toEqual([
    619_462_656, 1_225_261_056, 877_789_184, 1_176_502_272, 535_528_448, 634_324_992,
  ]);
  expect(perBlock.map((c) => c.free)).toEqual([
    579_076_096, 579_076_096, 554_696_704, 554_696_704, 297_493_504, 297_493_504,
  ]);
  const spins = built.map(({ block }) => block.banks.reduce((sum, b) => sum + b.shape.reduce((p, s) => p * s, 1), 0));
  expect(spins.map((n) => Math.floor(n / 1000))).toEqual([540, 786, 524, 393, 231, 150]);
  const program = {
    json: { stages: built.map(({ block }) => block) },
    tensors: new Map(built.flatMap(({ tensors }) => tensors)),
  };
  const total = programCounts(program);
  expect(total).toEqual({ nominal: 5_493_948_416, actual: 5_068_868_608, free: 2_862_532_608 });
  expect(total.nominal).toBeGreaterThan(2 ** 32);
});

test('the work of a run counts free couplings every sweep and those to pinned spins once per image', () => {
  const { block, tensors } = blockOf({ input: 2, output: 3, size: 4, stride: 1 }, 0);
  const counts = blockCounts(block, new Map(tensors));
  expect(freeSpinCount(block)).toBe(96);
  expect(workOfRun({ block, tensors: new Map(tensors), images: 5, chains: 7, sweeps: 11 })).toEqual({
    updates: 96 * 11 * 7 * 5,
    synapticOperations: 2 * counts.free * 11 * 7 * 5 + (counts.actual - counts.free) * 5,
  });
});

test('a coupling between two pinned banks counts as couplings but is no work', () => {
  const { block, tensors } = blockOf({ input: 2, output: 2, size: 2, stride: 1 }, 0);
  const pinned: Block = {
    ...block,
    banks: block.banks.map((bank) =>
      bank.id === 's1' ? { id: 's1', role: 'pinned', shape: bank.shape, value: 'h' } : bank,
    ),
  };
  const counts = blockCounts(pinned, new Map(tensors));
  expect(counts.free).toBe(0);
  const work = workOfRun({ block: pinned, tensors: new Map(tensors), images: 1, chains: 1, sweeps: 1 });
  // k1 joins two pinned banks: 2·2 channels, (3·2 − 2)² pairs in bounds.
  expect(work.synapticOperations).toBe(counts.actual - 4 * 16);
});
