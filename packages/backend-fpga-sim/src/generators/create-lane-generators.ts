/** Generators by name. */
import type { KernelModules } from '@isinglass/kernels';
import type { GeneratorKind } from './catalogue.ts';
import { KernelPhiloxLanes } from './kernel-philox-lanes.ts';
import type { LaneGenerators } from './lane-generators.ts';
import { PhiloxLanes } from './philox-lanes.ts';
import {
  consecutiveSeed,
  lowestFour,
  SharedStreamLanes,
  StreamLanes,
  scrambledSeed,
  upperHalf,
} from './stream-lanes.ts';
import { streams } from './streams.ts';

/** The generators of a machine of `lanes` lanes, seeded with zeros; by kernels where there are such. */
export function laneGenerators(
  kind: GeneratorKind,
  lanes: number,
  kernels: KernelModules | null = null,
): LaneGenerators {
  switch (kind) {
    case 'philox':
      return kernels === null ? new PhiloxLanes() : new KernelPhiloxLanes(kernels);
    case 'xoshiro128pp':
      return new StreamLanes(streams.xoshiro128pp, lanes, upperHalf, scrambledSeed);
    case 'xoshiro128p':
      return new StreamLanes(streams.xoshiro128p, lanes, upperHalf, scrambledSeed);
    case 'xorshift32':
      return new StreamLanes(streams.xorshift32, lanes, upperHalf, scrambledSeed);
    case 'lfsr32':
      return new StreamLanes(streams.lfsr32, lanes, upperHalf, scrambledSeed);
    case 'lfsr32-leap1':
      return new StreamLanes(streams.lfsr32Leap1, lanes, upperHalf, scrambledSeed);
    case 'lfsr32-leap2':
      return new StreamLanes(streams.lfsr32Leap2, lanes, upperHalf, scrambledSeed);
    case 'lfsr32-seeds':
      return new StreamLanes(streams.lfsr32, lanes, upperHalf, consecutiveSeed);
    case 'lfsr32-rotations':
      return new SharedStreamLanes(streams.lfsr32, 5);
    case 'xoshiro128p-low':
      return new StreamLanes(streams.xoshiro128p, lanes, lowestFour, scrambledSeed);
    case 'shared-word':
      return new SharedStreamLanes(streams.xoshiro128pp, 0);
    default:
      return kind satisfies never;
  }
}
