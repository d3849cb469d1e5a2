/** The convolution engine over WebAssembly kernels is the one in plain TypeScript, bit for bit: sums of whatever descriptors say, and whole runs. */
import type { KernelModules } from '@isinglass/kernels';
import { Dice } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import { ScalarConvArithmetic } from '../../src/conv/conv-arithmetic.ts';
import { convEngine } from '../../src/conv/conv-engine.ts';
import { ConvMachine } from '../../src/conv/conv-machine.ts';
import { ConvMemories } from '../../src/conv/conv-memories.ts';
import { invalidSource } from '../../src/conv/conv-memory-map.ts';
import type { ScheduledTerm, ScheduledTile } from '../../src/conv/conv-schedule.ts';
import { compiledKernels } from '../../src/conv/kernel-sums/compiled-kernels.ts';
import { KernelConvArithmetic } from '../../src/conv/kernel-sums/kernel-arithmetic.ts';
import { planTerm } from '../../src/conv/kernel-sums/term-plan.ts';
import type { ConvParameters } from '../../src/parameters/engine-parameters.ts';
import { busRun } from '../lane/bus-run.ts';
import { drained, placed, writeImages } from './conv-bus.ts';
import { convParameters } from './conv-cases.ts';
import { anyMachine, fittingProgram, randomBusRun } from './rtl-cases.ts';

async function kernels(): Promise<KernelModules> {
  const modules = await compiledKernels();
  if (modules === null) throw new TypeError('this engine has no SIMD');
  return modules;
}

/** Weights up to `weightMax`, SOURCES of any pixel or none; fewer inputs than weights of a term, so that terms overlap. */
function randomTile(
  dice: Dice,
  memories: ConvMemories,
  { weightMax, inputsMax }: { weightMax: number; inputsMax: number },
): ScheduledTile {
  const channels = dice.integer(1, 40);
  const pixels = dice.pick([1, 1, dice.integer(2, 50)]);
  const { weights, sources, states } = memories;
  for (let n = 0; n < weights.length; n++) weights[n] = dice.integer(-weightMax, weightMax);
  if (weightMax === 127 && dice.chance(0.5)) weights.fill(dice.pick([-128, 127]), 0, weights.length / 2);
  for (let n = 0; n < states.length; n++) states[n] = dice.pick([-1, 1]);
  const terms = Array.from({ length: dice.integer(1, 3) }, (_, n): ScheduledTerm => {
    const taps = pixels === 1 && inputsMax > 100 ? 1 : dice.integer(1, 9);
    const inputs = dice.integer(1, inputsMax);
    const sitesPerInput = inputsMax > 100 ? 1 : dice.integer(1, 60);
    const first = 1000 * n;
    for (let at = first; at < first + taps * pixels; at++) {
      sources[at] = dice.chance(0.1) ? invalidSource : dice.integer(0, sitesPerInput - 1);
    }
    // A whole convolution is more regular: neighbours touch neighbours.
    if (dice.chance(0.5)) {
      for (let at = first; at < first + taps * pixels; at++) {
        const pixel = (at - first) % pixels;
        const tap = Math.floor((at - first) / pixels);
        sources[at] = pixel + tap < sitesPerInput ? pixel + tap : invalidSource;
      }
    }
    const adjoint = dice.chance(0.5);
    const shift = dice.pick([0, 1, 8, 9, 14, 20, 30, 38, 45]);
    return {
      steps: 1,
      weight: dice.integer(0, 50),
      weightsPerChannel: adjoint ? taps : inputs * taps,
      weightsPerInput: adjoint ? channels * taps : taps,
      inputs,
      taps,
      source: dice.integer(0, 50),
      sitesPerInput,
      sources: first,
      coupling: n,
      adjoint: Number(adjoint),
      factor: dice.integer(0, shift < 9 ? 3 : 65535),
      shift,
      half: shift === 0 ? 0 : 2 ** (shift - 1),
      divisor: 2 ** shift,
    };
  });
  return { number: 5, site: 0, spinIndex: 0, channels, pixels, terms };
}

test('tiles of any descriptors, weights and sources: kernels add what the witness adds, by each of their forms', async () => {
  const modules = await kernels();
  const seen = new Map<string, number>();
  const count = (what: string): void => {
    seen.set(what, (seen.get(what) ?? 0) + 1);
  };
  for (let seed = 1; seed <= 400; seed++) {
    const dice = new Dice(seed, 77);
    const p = convParameters({
      weightMemoryKiB: 64,
      accumulatorBits: dice.pick([9, 12, 16, 22, 32]),
      overflow: dice.pick(['saturate', 'refuse']),
    });
    const memories = new ConvMemories(p);
    const tile = randomTile(dice, memories, {
      weightMax: dice.pick([1, 7, 20, 40, 127]),
      inputsMax: dice.pick([3, 20, 40, 1000]),
    });
    const witness = new ScalarConvArithmetic(memories, p);
    const fast = new KernelConvArithmetic(modules, memories, p);
    drained(fast.prepare({ staticPass: [], sweep: [[tile]], streamed: false }));
    const [slow, quick] = [new Int32Array(2000), new Int32Array(2000)];
    for (let round = 0; round < 2; round++) {
      witness.begin();
      fast.begin();
      witness.addTile(tile, slow);
      fast.addTile(tile, quick);
      expect(quick, `seed ${seed}`).toEqual(slow);
      expect(fast.saturations).toBe(witness.saturations);
      for (let n = 0; n < memories.states.length; n++) memories.states[n] = dice.pick([-1, 1]);
    }
    count(fast.byKernels(tile) ? 'kernels' : 'witness');
    if (witness.saturations > 0) count('saturations');
    if (!fast.byKernels(tile)) continue;
    for (const term of tile.terms) {
      const plan = drained(planTerm(memories.weights, term, tile.channels));
      count(plan?.kernel ?? 'none');
      if ((plan?.passes.length ?? 0) > 1) count('several passes');
    }
  }
  for (const what of [
    ...['kernels', 'witness', 'saturations', 'several passes'],
    ...['rowHalfSums1', 'rowHalfSums2', 'rowHalfSums4', 'rowWideHalfSums'],
  ]) {
    expect(seen.get(what) ?? 0, what).toBeGreaterThan(5);
  }
});

test('runs on any machine: states, sums, fields, generators and counters are the same over kernels, program after program', async () => {
  const modules = await kernels();
  let programs = 0;
  let updates = 0;
  for (let seed = 1; seed <= 24; seed++) {
    const p: ConvParameters = anyMachine(seed);
    const [plain, fast] = [new ConvMachine(p), new ConvMachine(p, modules)];
    const { generatorWords } = convEngine(p);
    for (let n = 0; n < 4; n++) {
      const program = fittingProgram(p, 4 * seed + n);
      const image = placed(p, program);
      const run = randomBusRun(image, 4 * seed + n);
      await writeImages(plain, image, program);
      await writeImages(fast, image, program);
      const expected = await busRun(plain, run, image, generatorWords);
      expect(await busRun(fast, run, image, generatorWords), `machine ${seed}, program ${n}`).toEqual(expected);
      programs++;
      updates += expected.at(-1)?.counters.UPDATES ?? 0;
    }
  }
  expect({ programs, enough: updates > 10_000 }).toEqual({ programs: 96, enough: true });
});
