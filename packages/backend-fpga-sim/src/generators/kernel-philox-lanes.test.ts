import { Dice } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import { compiledKernels } from '../conv/kernel-sums/compiled-kernels.ts';
import { KernelPhiloxLanes } from './kernel-philox-lanes.ts';
import { PhiloxLanes } from './philox-lanes.ts';

test('any spins in any order, of any row and sweep, draw what the plain generator draws', async () => {
  const modules = await compiledKernels();
  if (modules === null) throw new TypeError('this engine has no SIMD');
  const [plain, fast] = [new PhiloxLanes(), new KernelPhiloxLanes(modules)];
  const dice = new Dice(1, 9);
  for (let round = 0; round < 300; round++) {
    const key = { seed: dice.bits64(), image: dice.word(), blockAndChain: dice.word(), sweepOffset: dice.word() };
    if (dice.chance(0.7)) for (const lanes of [plain, fast]) lanes.seed(key);
    const lanes = dice.integer(1, 200);
    const [a, b] = [new Uint16Array(lanes), new Uint16Array(lanes)];
    const from = dice.pick([0, dice.integer(0, 1000), 2 ** 24 - 300]);
    const stride = dice.pick([1, 1, 7, 784]);
    const spins = Uint32Array.from({ length: lanes + 5 }, (_, n) =>
      dice.chance(0.05) ? dice.integer(0, 2 ** 23) : from + n * stride,
    );
    const sweep = dice.pick([0, 1, dice.word()]);
    plain.draw(a, spins, 5, sweep);
    fast.draw(b, spins, 5, sweep);
    expect(b, `round ${round}`).toEqual(a);
  }
});
