/** Machines, programs and runs by which the emulator and its SystemVerilog are compared: small, and of everything a little. */
import type { Program } from '@isinglass/sdk';
import { Dice, randomProgram } from '@isinglass/sdk/testing';
import { laneMisfits } from '../../src/lane/lane-misfits.ts';
import type { PlacedOnLanes } from '../../src/lane/placed-on-lanes.ts';
import type { LaneParameters } from '../../src/parameters/engine-parameters.ts';
import type { GivenValues } from '../../src/parameters/resolve-parameters.ts';
import type { BusRun } from './bus-run.ts';
import { laneParameters, onlyBlock } from './lane-cases.ts';

const temperatureSweeps = 8;

const small: GivenValues = {
  spins: 256,
  colors: 16,
  couplingSlots: 2 ** 14,
  temperatureSweeps,
  format: { integerBits: 5, fractionBits: 7 },
};

/** The machines of every run of the tests: draws by spin; streams; sums that stop. */
export const fewMachines: readonly [LaneParameters, LaneParameters, LaneParameters] = [
  laneParameters({ ...small, lanes: 1, rng: 'philox' }),
  laneParameters({ ...small, lanes: 4, couplingsPerLane: 2, rng: 'xoshiro128pp', syncCycles: 2, sweepCycles: 0 }),
  laneParameters({
    ...small,
    lanes: 8,
    rng: 'lfsr32',
    overflow: 'saturate',
    accumulatorBits: 9,
    counterBits: 13,
    activation: 'table',
    tableEntries: 256,
    readout: 'walk',
    walkCycles: 2,
  }),
];

/** Any machine, by number. */
export function anyMachine(seed: number): LaneParameters {
  const dice = new Dice(seed, 3);
  const lanes = dice.pick([1, 2, 4, 8, 16, 32, 64]);
  const saturate = dice.chance(0.3);
  return laneParameters({
    ...small,
    lanes,
    couplingsPerLane: dice.pick([1, 1, 2, 3, 5]),
    couplingSlots: 2 ** 14 * lanes,
    rng: dice.pick([
      'philox',
      'philox',
      'xoshiro128pp',
      'xoshiro128p',
      'xorshift32',
      'lfsr32',
      'lfsr32-leap1',
      'lfsr32-seeds',
      ...(lanes <= 32 ? (['lfsr32-rotations'] as const) : []),
      'xoshiro128p-low',
      'shared-word',
    ]),
    syncCycles: dice.pick([0, 0, 1, 4]),
    sweepCycles: dice.pick([0, 1, 1, 3]),
    ...(saturate
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

/** The first program from a seed on that fits: several banks, colors and couplings, pinned spins. */
export function fittingProgram(p: LaneParameters, seed: number): Program {
  for (let n = 0; n < 200; n++) {
    const program = randomProgram({ seed: 1000 * seed + n, freeSpinsMax: 150, pinnedSpinsMax: 60 });
    if (laneMisfits(p, program, onlyBlock(program)).length === 0) return program;
  }
  throw new RangeError(`no program from seed ${seed} on fits ${JSON.stringify(p)}`);
}

export function randomBusRun(image: PlacedOnLanes, seed: number): BusRun {
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
