/**
 * Programs on both sides of every limit in the kernels' proofs that nothing overflows: the last that a short way may take, and the first that it
 * may not. Which kernels ran is counted, so that each side is known to be the side it is meant to be; the outcome is the scalar machine's.
 * Long because it is one table of limits, to be read beside the proofs.
 */

import { fieldLimitOf } from '@isinglass/kernels/machine/testing';
import type { Driver, Program } from '@isinglass/sdk';
import { Dice, driverRun, type RunData, randomSpins } from '@isinglass/sdk/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CountedDevice, openCounted } from './counted-kernels.ts';
import { load, openCpu, plainRun } from './drive.ts';
import { type ConvSketch, manyColors, star, type TwoBanks, twoBanks } from './edge-programs.ts';
import { whyUnavailable } from './kernel-devices.ts';
import { deviceOutcome, expectOutcome } from './outcome.ts';

/** Images × chains: a full tile and three rows more. */
const images = 2;
const chains = 10;

/** `index`-th of `count` weights ±`most` whose magnitudes sum to `total`; the rest 0. Signs as the seed has them. */
function weightsOfSum(total: number, most: number, seed = 1): (index: number) => number {
  const dice = new Dice(seed, 5);
  const signs = Array.from({ length: Math.ceil(total / most) }, () => dice.pick([-1, 1]));
  return (index) => (signs[index] ?? 1) * Math.max(0, Math.min(most, total - index * most));
}

/** A matrix with these weights to spin 0 of b, and small ones to the others. */
const firstRow = (columns: number, first: (index: number) => number) => (index: number) =>
  index < columns ? first(index) : ((index * 7) % 5) - 2;

/** Fields of the order of k_B·T or so, whatever the sum: M and sh for `total` at k = 9. */
const gentle = { M: 40000, sh: 22, fractionBits: 9 } as const;

interface Edge {
  readonly name: string;
  readonly program: () => Program;
  /** Kernels that must have been called, and must not: of runs with 16 rows or more. */
  readonly calls?: readonly string[];
  readonly callsNot?: readonly string[];
}

const short = { calls: ['updateSums'], callsNot: ['updateFields'] } as const;
const long = { calls: ['updateFields'] } as const;

const dense = (o: Partial<TwoBanks> & Pick<TwoBanks, 'weights'>): (() => Program) => {
  return () => twoBanks({ a: [300], b: [5], ...gentle, ...o });
};

const sums: readonly Edge[] = [
  ...[32767, 32768].map((total) => ({
    name: `Σ|w| = ${total}`,
    program: dense({ weights: firstRow(300, weightsOfSum(total, 127)) }),
    ...short,
  })),
  ...([65535, 65536] as const).flatMap((total) =>
    ([63, 127] as const).map((most) => ({
      name: `Σ|w| = ${total} of ±${most}`,
      program: dense({
        a: [most === 63 ? 1044 : 1020],
        weights: firstRow(most === 63 ? 1044 : 1020, weightsOfSum(total, most)),
        M: 40000,
        sh: 26,
      }),
      ...(total === 65535 ? short : long),
      calls: [most === 63 ? 'halfSums1' : 'carriedHalfSums', total === 65535 ? 'updateSums' : 'updateFields'],
    })),
  ),
  // 65535·65534 / 2 and half of the rounding: 2³¹ is between these.
  ...([18, 19] as const).map((sh) => ({
    name: `Σ|w| = 65535, M = 65534, sh = ${sh}: products of almost 2³¹`,
    program: dense({ a: [1020], weights: firstRow(1020, weightsOfSum(65535, 127)), M: 65534, sh }),
    ...(sh === 18 ? short : long),
  })),
  {
    name: 'Σ|w| = 2²¹ − 1',
    program: dense({ a: [16513], b: [2], weights: (n) => (n % 3 === 0 ? -127 : 127), M: 40000, sh: 28 }),
    ...long,
  },
  ...([1024, 1023] as const).map((count) => ({
    name: `${count} neighbors of ±127: carries of ${count / 4} quads`,
    program: dense({ a: [count], weights: (n) => (n % 3 === 0 ? -127 : 127), sh: 24 }),
    calls: ['carriedHalfSums'],
  })),
];

/** 64 or 68 spins and one whose neighbors in quad q have Σ|w| = sums[q], else 1. */
const quads = (sums: Readonly<Record<number, number>>, spins = 64): (() => Program) => {
  const weights = (n: number): number => {
    const sum = sums[Math.floor(n / 4)] ?? 1;
    return (n % 2 === 0 ? -1 : 1) * Math.max(0, Math.min(127, sum - 127 * (n % 4)));
  };
  return dense({ a: [spins], b: [1], weights });
};

const everyQuad = (sum: number) => Object.fromEntries(Array.from({ length: 17 }, (_, quad) => [quad, sum]));
const quadEdges: readonly { name: string; sums: Readonly<Record<number, number>>; kernel: string }[] = [
  { name: 'a quad of 255', sums: { 5: 255 }, kernel: 'halfSums4' },
  { name: 'a quad of 256', sums: { 5: 256 }, kernel: 'carriedHalfSums' },
  { name: 'a quad of 508', sums: { 5: 508 }, kernel: 'carriedHalfSums' },
  { name: 'all quads of 63: four of 252', sums: everyQuad(63), kernel: 'halfSums4' },
  { name: 'all quads of 64: four of 256', sums: everyQuad(64), kernel: 'halfSums2' },
  { name: 'all quads of 127: two of 254', sums: everyQuad(127), kernel: 'halfSums2' },
  { name: 'all quads of 128: two of 256', sums: everyQuad(128), kernel: 'halfSums1' },
  { name: 'all quads of 255', sums: everyQuad(255), kernel: 'halfSums1' },
  { name: 'four quads of 255, from 4 on', sums: { 4: 64, 5: 64, 6: 64, 7: 63 }, kernel: 'halfSums4' },
  {
    name: 'four quads of 256, from 4 on: one of them apart',
    sums: { 4: 64, 5: 64, 6: 64, 7: 64 },
    kernel: 'halfSums4',
  },
  { name: 'four quads of 256, from 6 on', sums: { 6: 64, 7: 64, 8: 64, 9: 64 }, kernel: 'halfSums4' },
  { name: 'two quads of 255 in groups that meet', sums: { 7: 127, 8: 128 }, kernel: 'halfSums4' },
  { name: 'two quads of 256 in groups that meet', sums: { 7: 128, 8: 128 }, kernel: 'halfSums4' },
  { name: 'two quads of 256 in one group', sums: { 8: 128, 9: 128 }, kernel: 'halfSums4' },
  { name: 'the last quad of 253 after three of 1', sums: { 15: 253, 16: 253 }, kernel: 'halfSums4' },
];

const grouping: readonly Edge[] = quadEdges.flatMap(({ name, sums: own, kernel }) =>
  [64, 68].map((spins) => ({ name: `${name}, of ${spins / 4}`, program: quads(own, spins), calls: [kernel] })),
);

/** Spins that are undecided although their fields are large: H undoes what most neighbors say. */
const opposed = (field: number) => (spin: number) =>
  [field, -field, 0, 300, -300, field - Math.sign(field)][spin % 6] ?? 0;

/** Of 40 spins and 9: one partner each. 127·M / 2^sh is the only sum. */
const oneToOne = (index: number): number => (index % 40 === Math.floor(index / 40) ? 127 : 0);

const fields: readonly Edge[] = [
  ...([32767, 32768] as const).flatMap((field) => [
    {
      name: `|H| = ${field} by a bias`,
      program: dense({ weights: weightsOfSum(1000, 90), a: [40], b: [9], biasA: opposed(300), biasB: opposed(field) }),
      ...(field === 32767 ? short : long),
    },
    {
      name: `|H| = ${field} by a bias, fields of ±${field} against it`,
      program: dense({
        weights: oneToOne,
        a: [40],
        b: [9],
        M: 33025,
        sh: 7,
        biasA: opposed(300),
        biasB: opposed(-field),
      }),
      ...(field === 32767 ? short : long),
    },
  ]),
  ...(
    [
      { M: 33024, sh: 7, largest: 32766 },
      { M: 33025, sh: 7, largest: 32767 },
      { M: 33026, sh: 7, largest: 32768 },
    ] as const
  ).map(({ M, sh, largest }) => ({
    name: `scaled(Σ|w|) = ${largest}`,
    program: dense({
      weights: oneToOne,
      a: [40],
      b: [9],
      M,
      sh,
      biasA: opposed(20000),
      biasB: opposed(32700),
    }),
    ...(largest <= 32767 ? short : long),
  })),
  // A sum that saturates at 16 bits decides all the same, as long as H leaves the room of the table.
  ...([0, 1] as const).map((beyond) => ({
    name: `scaled(Σ|w|) = 32768, |H| = 32767 − ${fieldLimitOf(gentle.fractionBits)} + ${beyond}`,
    program: dense({
      weights: oneToOne,
      a: [40],
      b: [9],
      M: 33026,
      sh: 7,
      biasA: opposed(300),
      biasB: opposed(32767 - fieldLimitOf(gentle.fractionBits) + beyond),
    }),
    ...(beyond === 0 ? short : long),
  })),
  // With 9 bits T is 0 or 65536 from 3017 on: what saturates at 32767 is beyond it with the first H, and not with the second.
  ...[32767 - 3017, 32767 - 3016].map((field) => ({
    name: `scaled(Σ|w|) = 32768, |H| = ${field}`,
    program: dense({
      weights: oneToOne,
      a: [40],
      b: [9],
      M: 33026,
      sh: 7,
      biasA: opposed(20000),
      biasB: opposed(field),
    }),
    ...(field === 32767 - 3017 ? short : long),
  })),
  ...([11, 12] as const).map((fractionBits) => ({
    name: `${fractionBits} fraction bits`,
    program: dense({ weights: (n) => (n % 200) - 99, fractionBits, sh: 20, biasB: opposed(2 ** (fractionBits + 1)) }),
    ...(fractionBits === 11 ? short : long),
  })),
];

const multipliers: readonly Edge[] = [0, 1, 2, 31, 32, 33, 37, 38, 40].flatMap((sh) =>
  [32768, 50001, 65534, 65535].map((M): Edge => {
    // Small shifts leave room for few neighbors only: fields stay below 2²⁶. Below 2¹⁵ a short way may be taken from 1 on.
    const largest = Math.max(1, Math.min(30000, Math.floor((2 ** 25 * 2 ** sh) / M)));
    const isShort = sh >= 1 && sh <= 32 && M <= 65534;
    return {
      name: `M = ${M}, sh = ${sh}, Σ|w| = ${largest}`,
      program: dense({
        a: [300],
        b: [3],
        weights: (n) => (n < 300 ? weightsOfSum(largest, 127, sh)(n) : 0),
        M,
        sh,
        biasB: (spin) => [100, -100, 0][spin] ?? 0,
      }),
      ...(isShort ? short : long),
    };
  }),
);

const conv = (
  a: readonly number[],
  b: readonly number[],
  o: Partial<ConvSketch> & Pick<ConvSketch, 'kernel'>,
): (() => Program) => {
  const rank = o.kernel.length - 2;
  const ones = new Array<number>(rank).fill(1);
  return () =>
    twoBanks({
      a,
      b,
      conv: { strides: ones, pads: [...ones, ...ones].fill(0), dilations: ones, groups: 1, ...o },
      weights: (n) => ((n * 37) % 127) - 63,
      ...gentle,
      sh: 18,
      biasB: (spin) => 50 * (spin % 5) - 100,
    });
};

const geometries: readonly Edge[] = [
  {
    name: '11 × 11 taps',
    program: conv([3, 14, 13], [5, 14, 13], { kernel: [5, 3, 11, 11], pads: [5, 5, 5, 5] }),
  },
  {
    name: '11 × 11 taps on a map of one pixel',
    program: conv([4, 1, 1], [4, 1, 1], { kernel: [4, 4, 11, 11], pads: [5, 5, 5, 5] }),
  },
  ...[1, 2, 3, 5].flatMap((per) =>
    [2, 3, 5].map((groups) => ({
      name: `${groups} groups of ${per} channels`,
      program: conv([per * groups, 5, 4], [2 * per * groups, 5, 4], {
        kernel: [2 * per * groups, per, 3, 3],
        pads: [1, 1, 1, 1],
        groups,
      }),
    })),
  ),
  {
    name: 'dilation 3 with stride 2',
    program: conv([6, 17, 16], [7, 7, 7], {
      kernel: [7, 6, 3, 3],
      strides: [2, 2],
      dilations: [3, 3],
      pads: [2, 2, 1, 2],
    }),
  },
  {
    name: 'stride 3 with a kernel of 2: pixels that no tap reaches',
    program: conv([5, 9, 10], [4, 3, 3], { kernel: [4, 5, 2, 2], strides: [3, 3] }),
  },
  { name: 'rank 1', program: conv([9, 200], [10, 100], { kernel: [10, 9, 7], strides: [2], pads: [3, 3] }) },
  { name: 'rank 1, one tap, more than 256 pixels', program: conv([3, 300], [6, 300], { kernel: [6, 3, 1] }) },
  {
    name: 'maps of more than 256 pixels',
    program: conv([6, 17, 17], [5, 17, 17], { kernel: [5, 6, 3, 3], pads: [1, 1, 1, 1] }),
  },
  {
    name: 'maps of more than 1024 pixels',
    program: conv([5, 33, 33], [6, 33, 33], { kernel: [6, 5, 3, 3], pads: [1, 1, 1, 1] }),
  },
  { name: 'one spin and one spin', program: dense({ a: [1], b: [1], weights: () => 127, sh: 18 }) },
  { name: 'one spin and one spin by a convolution', program: conv([1, 1, 1], [1, 1, 1], { kernel: [1, 1, 1, 1] }) },
  {
    name: '400 spins of one color each, the last of color 65535',
    program: () => manyColors({ spins: 400, colorMax: 65535, weight: 127 }),
  },
  { name: 'an input', program: dense({ a: [300], b: [9], pinned: true, weights: (n) => (n % 200) - 99 }) },
];

const stars: readonly Edge[] = [
  ...[14, 15, 16, 17].map((leaves) => ({
    name: `${leaves} neighbors of ±127`,
    program: () => star({ leaves, weights: (n) => (n % 3 === 0 ? -127 : 127), ...gentle, sh: 18, bias: opposed(700) }),
  })),
  ...[32767, 32768, 65535, 65536].flatMap((total) =>
    [6, 32, 33].map((sh) => ({
      name: `neighbors of Σ|w| = ${total}, sh = ${sh}`,
      program: () => star({ leaves: 520, weights: weightsOfSum(total, 127), ...gentle, M: 33000, sh }),
    })),
  ),
  {
    name: '16513 neighbors, Σ|w| = 2²¹ − 1',
    program: () => star({ leaves: 16513, weights: (n) => (n % 3 === 0 ? -127 : 127), ...gentle, sh: 27 }),
  },
  ...[0, 1, 2, 31, 32, 33, 38, 40].flatMap((sh) =>
    [32768, 65534, 65535].map((M) => ({
      name: `M = ${M}, sh = ${sh} between neighbors`,
      program: () =>
        star({
          leaves: 12,
          weights: weightsOfSum(Math.min(900, 100 * (1 + sh)), 90),
          M,
          sh,
          fractionBits: 9,
          bias: opposed(200),
        }),
    })),
  ),
  ...[32767, 32768, 2 ** 24].map((field) => ({
    name: `|H| = ${field} between neighbors`,
    program: () => star({ leaves: 30, weights: (n) => (n % 7) - 3, ...gentle, sh: 15, bias: opposed(field) }),
  })),
  ...[4, 11, 12].map((fractionBits) => ({
    name: `${fractionBits} fraction bits between neighbors`,
    program: () =>
      star({ leaves: 60, weights: (n) => (n % 90) - 45, M: 40000, sh: 20, fractionBits, bias: opposed(99) }),
  })),
  {
    name: 'a long line in two colors',
    program: () => manyColors({ spins: 6000, colors: 2, colorMax: 9, weight: 3 }),
  },
];

const devices: { readonly uri: string; readonly device: CountedDevice }[] = [];
let witness: Driver;

beforeAll(async () => {
  witness = await openCpu('cpu:scalar');
  for (const simd of ['baseline', 'relaxed']) {
    const uri = `cpu?threads=2&simd=${simd}`;
    if (whyUnavailable(uri) === null) devices.push({ uri, device: await openCounted(15, uri) });
  }
});

afterAll(async () => {
  await Promise.all([witness.close(), ...devices.map(({ device }) => device.driver.close())]);
});

/** From random states at full temperature; from means, with sums of probabilities; at temperatures from none to full. */
function runsOf(program: Program): readonly RunData[] {
  const block = program.json.stages.find((stage) => stage.kind === 'block');
  const free = block?.banks.filter(({ role }) => role === 'free') ?? [];
  const input = program.json.inputs[0];
  const spins = input?.shape.slice(1).reduce<number>((product, n) => product * Number(n), 1);
  const plain = plainRun({
    block: 3,
    images: Uint32Array.of(5, 2 ** 32 - 1),
    chains,
    inputs: spins === undefined ? {} : { a: randomSpins(new Dice(4), images, spins) },
    sweeps: 4,
    keep: 'host',
    readouts: free.flatMap(({ id }) =>
      (['spin-sum', 'conditional-sum'] as const).map(
        (observable) => ({ bank: id, observable, as: 'sums', tie: 1 }) as const,
      ),
    ),
  });
  return [
    plain,
    { ...plain, sweeps: 2, start: { kind: 'feed-forward' } },
    { ...plain, sweeps: 3, temperatures: Uint32Array.of(0, 33333, 65536) },
  ];
}

describe.each(Object.entries({ sums, grouping, fields, multipliers, geometries, stars }))('%s', (_family, edges) => {
  test.each(edges)('$name', async ({ name, program: make, calls = [], callsNot = [] }) => {
    const program = make();
    for (const [n, run] of runsOf(program).entries()) {
      const expected = await deviceOutcome(witness, program, run);
      for (const { uri, device } of devices) {
        if (n === 0) {
          const loaded = await load(device.driver, program);
          device.take();
          await loaded.run(driverRun(run));
          await loaded.unload();
          const called = device.take();
          for (const kernel of calls) expect(called, `${name} on ${uri}`).toHaveProperty(kernel);
          for (const kernel of callsNot) expect(called, `${name} on ${uri}`).not.toHaveProperty(kernel);
        }
        await expectOutcome(device.driver, { program, run, expected, name: `${name}, run ${n} on ${uri}` });
      }
    }
  });
});

test.each([255, 256, 257, 510, 512])('spins that are +1 in all of %i retained sweeps are counted', async (retained) => {
  // Some always +1, some never, some now and then: counts are bytes until they are flushed.
  const decided = (spin: number): number => [30000, -30000, 0][spin % 3] ?? 0;
  const weights = (n: number): number => (n % 5) - 2;
  const sparse = manyColors({ spins: 40, colorMax: 100, weight: 1 });
  const pair = dense({ a: [40], b: [21], weights, biasA: decided, biasB: decided })();
  for (const program of [pair, sparse]) {
    const [first] = runsOf(program);
    const run = { ...(first as RunData), sweeps: 2 * retained + 1, burnIn: 1, stride: 2 };
    const expected = await deviceOutcome(witness, program, { ...run, keep: 'nothing' });
    if (program === pair) expect(expected.readouts[0]?.sums?.[0]).toBe(chains * retained);
    for (const { uri, device } of devices) {
      const loaded = await load(device.driver, program);
      const { readouts } = await loaded.run(driverRun({ ...run, keep: 'nothing' }));
      expect({ uri, readouts }).toEqual({ uri, readouts: expected.readouts });
      await loaded.unload();
    }
  }
});
