/**
 * The named workloads. W1 … W5 are what this project and its peers are compared on, B7 a late block of a network; the
 * blocks of the CIFAR-10 network stand in `paper-blocks.ts`. Quick sizes are of the same kind, small enough for any machine.
 */
import { convWorkload } from './conv-workload.ts';
import { denseWorkload } from './dense-workload.ts';
import { latticeWorkload } from './lattice-workload.ts';
import { regularWorkload } from './regular-workload.ts';
import type { CheckProtocol, Workload } from './workload.ts';

export interface NamedWorkload {
  readonly name: string;
  readonly description: string;
  readonly check: CheckProtocol;
  /**
   * Energies per spin of samplers that agree differ by less, at full size: five times the largest difference seen between
   * samplers in float32 with different random numbers.
   */
  readonly energyTolerance: number;
  /** The same numbers every time. */
  generate(size: WorkloadSize): Workload;
}

/** `quick`: a smoke pass; its figures compare with nothing. */
export type WorkloadSize = 'full' | 'quick';

const convCheck: CheckProtocol = { burnIn: 20, span: 40, stride: 4 };

export const namedWorkloads: readonly NamedWorkload[] = [
  {
    name: 'W1',
    description: 'convolution 64 to 64 channels on 28×28, 16 images',
    check: convCheck,
    energyTolerance: 0.0015,
    generate: (size) =>
      size === 'full'
        ? convWorkload({ seed: 1n, channels1: 64, channels2: 64, size: 28, batch: 16 })
        : convWorkload({ seed: 1n, channels1: 8, channels2: 8, size: 6, batch: 16 }),
  },
  {
    name: 'W2',
    description: 'convolution 32 to 32 channels on 14×14, 64 images',
    check: convCheck,
    energyTolerance: 0.0015,
    generate: (size) =>
      size === 'full'
        ? convWorkload({ seed: 2n, channels1: 32, channels2: 32, size: 14, batch: 64 })
        : convWorkload({ seed: 2n, channels1: 4, channels2: 4, size: 6, batch: 32 }),
  },
  {
    name: 'W3',
    description: '3-D ±J glass, 16³ spins, 64 chains',
    check: { burnIn: 500, span: 500, stride: 10 },
    energyTolerance: 0.005,
    generate: (size) =>
      latticeWorkload({ seed: 3n, side: size === 'full' ? 16 : 4, beta: 0.8, chains: size === 'full' ? 64 : 16 }),
  },
  {
    name: 'W4',
    description: 'dense Boltzmann machine 784×512, 64 chains',
    check: { burnIn: 200, span: 200, stride: 10 },
    energyTolerance: 0.006,
    generate: (size) =>
      size === 'full'
        ? denseWorkload({ seed: 4n, visible: 784, hidden: 512, chains: 64 })
        : denseWorkload({ seed: 4n, visible: 40, hidden: 24, chains: 16 }),
  },
  {
    name: 'W5',
    description: 'random 14-regular graph, 4,264 spins, 64 chains',
    check: { burnIn: 100, span: 400, stride: 10 },
    energyTolerance: 0.004,
    generate: (size) =>
      regularWorkload({
        seed: 5n,
        spinCount: size === 'full' ? 4264 : 96,
        degree: 14,
        colorCount: size === 'full' ? 6 : 7,
        beta: 0.3,
        chains: size === 'full' ? 64 : 16,
      }),
  },
  {
    name: 'B7',
    description: 'convolution 96 to 72 channels on 7×7, 64 images',
    check: convCheck,
    energyTolerance: 0.0025,
    generate: (size) =>
      size === 'full'
        ? convWorkload({ seed: 7n, channels1: 96, channels2: 72, size: 7, batch: 64 })
        : convWorkload({ seed: 7n, channels1: 8, channels2: 6, size: 3, batch: 16 }),
  },
];
