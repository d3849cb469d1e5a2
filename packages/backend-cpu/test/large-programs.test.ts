/** Programs of the sizes that people run, cut as they are cut for them: the kernels' outcome is the scalar machine's, bit for bit. */
import type { Driver, Program } from '@isinglass/sdk';
import { driverRun, runOutcome } from '@isinglass/sdk/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { load, openCpu, plainRun } from './drive.ts';
import { manyColors, twoBanks } from './edge-programs.ts';
import { whyUnavailable } from './kernel-devices.ts';

/** From −63 to 63, in no order. */
const weights = (index: number): number => (((index * 2654435761) >>> 7) % 127) - 63;

function convolution(near: readonly number[], far: readonly number[], strides: readonly number[]): () => Program {
  const conv = { kernel: [far[0] ?? 1, near[0] ?? 1, 3, 3], strides, pads: [1, 1, 1, 1], dilations: [1, 1], groups: 1 };
  const biasB = (spin: number): number => (spin % 90) - 45;
  return () => twoBanks({ a: near, b: far, conv, weights, M: 40000, sh: 20, fractionBits: 9, biasB });
}

/** Rows are full tiles and a rest. */
const programs: readonly { readonly name: string; readonly chains: number; readonly program: () => Program }[] = [
  { name: '64 maps of 28 × 28', chains: 19, program: convolution([64, 28, 28], [64, 28, 28], [1, 1]) },
  { name: '48 maps of 33 × 31, stride 2', chains: 21, program: convolution([48, 33, 31], [96, 17, 16], [2, 2]) },
  { name: '96 and 72 maps of 7 × 7', chains: 69, program: convolution([96, 7, 7], [72, 7, 7], [1, 1]) },
  { name: '512 maps of 4 × 4', chains: 18, program: convolution([512, 4, 4], [512, 4, 4], [1, 1]) },
  {
    name: 'layers of 784 and 512',
    chains: 71,
    program: () => twoBanks({ a: [784], b: [512], weights, M: 40000, sh: 21, fractionBits: 9 }),
  },
  {
    name: 'a line of 40000 spins',
    chains: 37,
    program: () => manyColors({ spins: 40000, colors: 3, colorMax: 3, weight: 1 }),
  },
];

let witness: Driver;
beforeAll(async () => {
  witness = await openCpu('cpu:scalar');
});
afterAll(() => witness.close());

test.each(programs)('$name', async ({ program: make, chains }) => {
  const program = make();
  const block = program.json.stages.find((stage) => stage.kind === 'block');
  const bank = block?.banks.at(-1)?.id ?? '';
  const run = plainRun({
    block: 3,
    images: Uint32Array.of(3),
    chains,
    sweeps: 2,
    keep: 'host',
    readouts: [
      { bank, observable: 'spin-sum', as: 'both', tie: 1 },
      { bank, observable: 'conditional-sum', as: 'sums', tie: 1 },
    ],
  });
  const outcome = async (driver: Driver) => {
    const loaded = await load(driver, program);
    const found = await runOutcome(() => loaded.run(driverRun(run)));
    await loaded.unload();
    return found;
  };
  const expected = await outcome(witness);
  for (const uri of ['cpu?threads=2&simd=baseline', 'cpu?threads=2&simd=relaxed']) {
    if (whyUnavailable(uri) !== null) continue;
    const driver = await openCpu(uri);
    expect(await outcome(driver)).toEqual(expected);
    await driver.close();
  }
});
