/** Machines, programs and runs by which the emulated convolution engine and its SystemVerilog are compared: small, and of everything a little. */
import type { Program } from '@isinglass/sdk';
import { Dice, programFamilies, randomProgram } from '@isinglass/sdk/testing';
import type { ConvImage } from '../../src/conv/conv-image.ts';
import type { ConvParameters } from '../../src/parameters/engine-parameters.ts';
import type { GivenValues } from '../../src/parameters/resolve-parameters.ts';
import type { BusRun } from '../lane/bus-run.ts';
import { convParameters, fits, onlyBlock } from './conv-cases.ts';

const small: GivenValues = {
  spins: 640,
  colors: 16,
  temperatureSweeps: 16,
  weightMemoryKiB: 16,
  format: { integerBits: 5, fractionBits: 9 },
};

/** The machines of every run of the tests: draws by spin; streams, sums that stop and weights from outside; a walk over the sums. */
export const fewMachines: readonly [ConvParameters, ConvParameters, ConvParameters] = [
  convParameters({ ...small, channels: 2, taps: 3, pixels: 5, samplers: 4, fillCycles: 3 }),
  convParameters({
    ...small,
    channels: 4,
    taps: 2,
    pixels: 4,
    samplers: 3,
    rng: 'xoshiro128pp',
    weightMemoryKiB: 1,
    weightMBps: 600,
    fillCycles: 0,
    overflow: 'saturate',
    accumulatorBits: 9,
    activation: 'table',
    tableEntries: 256,
  }),
  convParameters({
    ...small,
    channels: 3,
    taps: 4,
    pixels: 8,
    samplers: 8,
    rng: 'lfsr32',
    counterBits: 13,
    readout: 'walk',
    walkCycles: 2,
  }),
];

/** Any machine, by number. */
export function anyMachine(seed: number): ConvParameters {
  const dice = new Dice(seed, 3);
  const channels = dice.integer(1, 5);
  const pixels = dice.integer(1, 8);
  const outside = dice.chance(0.4);
  return convParameters({
    ...small,
    channels,
    taps: dice.integer(1, 5),
    pixels,
    samplers: Math.min(channels * pixels, dice.integer(1, 10)),
    fillCycles: dice.pick([0, 1, 12]),
    rng: dice.pick([
      'philox',
      'philox',
      'xoshiro128pp',
      'xoshiro128p',
      'xorshift32',
      'lfsr32',
      'lfsr32-seeds',
      'shared-word',
    ]),
    ...(outside ? { weightMemoryKiB: 1, weightMBps: dice.pick([200, 700, 3000, 100_000]) } : {}),
    ...(dice.chance(0.3)
      ? { overflow: 'saturate', accumulatorBits: dice.integer(8, 12) }
      : { accumulatorBits: dice.pick([22, 32]) }),
    counterBits: dice.pick([13, 32]),
    ...dice.pick<GivenValues>([
      { activation: 'exact' },
      { activation: 'table', tableEntries: dice.pick([16, 512, 4096]) },
      { activation: 'clip', clipField: dice.pick([0.5, 1, 8]), thresholdBits: dice.pick(['8', '16']) },
    ]),
    ...(dice.chance(0.3) ? { readout: 'walk', walkCycles: dice.integer(1, 3) } : {}),
  });
}

/** The first program from a seed on that fits: maps and vectors, several couplings, pinned banks. */
export function fittingProgram(p: ConvParameters, seed: number): Program {
  for (let n = 0; n < 400; n++) {
    const at = 1000 * seed + n;
    const makers = [
      () => programFamilies.convolutions(at),
      () => programFamilies.convolutions(at),
      () => programFamilies.layers(at),
      () => randomProgram({ seed: at, freeSpinsMax: 400, pinnedSpinsMax: 100, forms: ['conv', 'dense'] }),
    ];
    const program = (makers[seed % makers.length] as () => Program)();
    // Something has to join its spins.
    if (fits(p, program) && onlyBlock(program).couplings.length > 0) return program;
  }
  throw new RangeError(`no program from seed ${seed} on fits ${JSON.stringify(p)}`);
}

export function randomBusRun(image: ConvImage, seed: number): BusRun {
  const dice = new Dice(seed, 4);
  // Most commands are one sweep, so that states are compared after it.
  const pieces = Array.from({ length: dice.integer(2, 5) }, () => dice.pick([1, 1, 1, 2, 4]));
  if (dice.chance(0.2)) pieces.unshift(0);
  const sweeps = pieces.reduce((sum, piece) => sum + piece, 0);
  return {
    seed: dice.bits64(),
    image: dice.word(),
    blockAndChain: dice.word(),
    sweepOffset: dice.pick([0, dice.integer(1, 100), 2 ** 32 - 1 - sweeps]),
    burnIn: dice.integer(0, sweeps),
    stride: dice.integer(1, 3),
    start: dice.pick(['random', 'given'] as const),
    spins: Uint32Array.from({ length: image.spinWords }, () => dice.word()),
    temperatures: dice.chance(0.5)
      ? Uint32Array.from({ length: sweeps }, () => dice.pick([0, 65536, 65535, dice.integer(1, 65535)]))
      : null,
    conditionalSums: dice.chance(0.7),
    pieces,
  };
}
