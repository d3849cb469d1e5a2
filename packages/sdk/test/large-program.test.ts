/** A program of the size of the paper's CIFAR-10 model: 31.75 million weights, 5·10⁹ couplings, never unrolled. */
import { expect, test } from 'vitest';
import { programCounts } from '../src/couplings/coupling-counts.ts';
import { createProgram } from '../src/program/create-program.ts';
import type { ProgramTensor } from '../src/program/program.ts';
import type { Block, Coupling, ProgramJson } from '../src/program/program-json.ts';
import { readProgram } from '../src/program/read-program.ts';
import { writeProgram } from '../src/program/write-program.ts';

/** Channels in, channels out, stride and output size of the paper's six blocks. */
const layers = [
  [16, 256, 1, 32],
  [256, 256, 1, 32],
  [256, 512, 2, 16],
  [512, 512, 1, 16],
  [512, 784, 2, 8],
  [784, 784, 1, 8],
] as const;

/** Seconds of processor time that each step may take; measured: about a tenth. Walking the couplings takes more. */
const secondsMax = 20;

test('is verified, hashed, written and read in seconds', () => {
  const { json, tensors } = cifarProgram();
  const created = timed(() => createProgram(json, tensors));
  const written = timed(() => writeProgram(created.value));
  const read = timed(() => readProgram(written.value));
  expect(read.value.hash).toBe(created.value.hash);
  expect(written.value.length).toBeGreaterThan(31.75e6);
  for (const { seconds } of [created, written, read]) expect(seconds).toBeLessThan(secondsMax);
  const counts = timed(() => programCounts(created.value));
  expect(counts.value.nominal).toBeGreaterThan(2 ** 32);
  expect(counts.seconds).toBeLessThan(1);
});

function timed<T>(work: () => T): { readonly value: T; readonly seconds: number } {
  // How long a busy machine lets this process wait says nothing.
  const start = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(start);
  return { value, seconds: (user + system) / 1e6 };
}

function cifarProgram(): { json: ProgramJson; tensors: Map<string, ProgramTensor> } {
  const tensors = new Map<string, ProgramTensor>();
  let weights = 0;
  const conv = (id: string, size: readonly [number, number, number], stride: number): Coupling['form'] => {
    const [to, from, taps] = size;
    const data = new Int8Array(to * from * taps * taps);
    for (let n = 0; n < data.length; n++) data[n] = (Math.imul(n + weights, 0x9e3779b1) >> 25) % 64;
    weights += data.length;
    tensors.set(id, { dtype: 'I8', shape: [to, from, taps, taps], data });
    const pad = (taps - 1) / 2;
    const axes = { strides: [stride, stride], pads: [pad, pad, pad, pad], dilations: [1, 1] };
    return { kind: 'conv', kernel: { tensor: id }, ...axes, groups: 1 };
  };
  const stages = layers.map(([from, to, stride, size], n): Block => {
    const shape = [to, size, size];
    const coupling = (id: string, ends: readonly [string, string], gain: string, form: Coupling['form']): Coupling => {
      return {
        id,
        from: ends[0],
        to: ends[1],
        gain,
        form,
        scale: 1e-4,
        constraint: { weightBits: 7, degreeToMax: 9 * to },
      };
    };
    return {
      kind: 'block',
      id: `block${n}`,
      index: n,
      banks: [
        { id: 's0', role: 'pinned', shape: [from, size * stride, size * stride], value: `v${n}` },
        { id: 's1', role: 'free', shape, color: 0 },
        { id: 's2', role: 'free', shape, color: 1 },
      ],
      gains: [
        { id: 'one', value: 1, runtime: false },
        { id: 'delta', value: 0.2, runtime: true },
      ],
      couplings: [
        coupling('k1', ['s0', 's1'], 'one', conv(`${n}.k1`, [to, from, 3], stride)),
        coupling('k2', ['s1', 's2'], 'delta', conv(`${n}.k2`, [to, to, 3], 1)),
        coupling('k3', ['s0', 's2'], 'delta', conv(`${n}.k3`, [to, from, 1], stride)),
      ],
      biases: [],
      readouts: [{ id: 'y', bank: 's2', observable: 'spin-sum', tie: 1, signs: `v${n + 1}` }],
      schedule: { sweeps: 24, burnIn: 6, stride: 1, chains: 1, colors: [0, 1], init: 'random', beta: 1 },
      fixed: { fractionBits: 9, beta: 1 },
    };
  });
  expect(weights).toBe(31_751_168);
  return {
    json: {
      irVersion: '1.0',
      features: ['conv', 'fixed', 'runtime-gain'],
      name: 'cifar',
      provenance: {},
      law: { kind: 'fixed' },
      inputs: [{ name: 'v0', dtype: 'spin', shape: ['batch', 16, 32, 32] }],
      outputs: [{ name: 'v6', dtype: 'spin', shape: ['batch', 784, 8, 8] }],
      stages,
    },
    tensors,
  };
}
