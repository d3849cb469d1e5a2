/** M22 … M32: random numbers that are not independent, do not last, or do not come from the seed. */
import type { UniformFault } from '../sampler-fault.ts';
import { imagesShareStream, restarted, seedBits, seedIgnored, seedOfLoad } from '../seed-faults.ts';
import { planted } from './planted.ts';

const lag = (probability: number): readonly UniformFault[] => [{ kind: 'uniform', change: 'lag', probability }];
const shared = (probability: number): readonly UniformFault[] => [
  { kind: 'uniform', change: 'shared-by-neighbours', probability },
];

export const generatorFaults = [
  planted({
    id: 'M22',
    title: 'One random number serves all spins of a color.',
    effect: 'total',
    killedBy: { quick: ['chain.distinct', 'law.joint', 'law.update'] },
    blind: ['means of single spins'],
    make: [{ kind: 'uniform', change: 'shared-in-color' }],
  }),
  planted({
    id: 'M23',
    title: 'A spin takes the random number of a neighbour with probability 0.1.',
    effect: 'correlation 0.1',
    killedBy: { quick: ['rng.white', 'law.update'] },
    blind: ['pin.transfer', 'law.score'],
    make: shared(0.1),
    twin: { effect: 'correlation 0.0005', make: shared(0.0005) },
  }),
  planted({
    id: 'M24',
    title: 'A spin takes its random number of the sweep before with probability 0.05.',
    effect: 'correlation 0.05',
    killedBy: { quick: ['rng.white', 'law.update'] },
    blind: ['law.joint', 'law.score'],
    make: lag(0.05),
    twin: { effect: 'correlation 0.0005', make: lag(0.0005) },
  }),
  planted({
    id: 'M25/16',
    title: 'Every spin has a shift register of 16 bits.',
    effect: 'total',
    killedBy: { quick: ['rng.complexity'] },
    blind: ['law.joint'],
    make: [{ kind: 'uniform', change: 'lfsr', bits: 16 }],
  }),
  planted({
    id: 'M25/32',
    title: 'Every spin has a shift register of 32 bits.',
    effect: 'total',
    killedBy: { quick: ['rng.complexity'] },
    blind: ['law.joint'],
    make: [{ kind: 'uniform', change: 'lfsr', bits: 32 }],
  }),
  planted({
    id: 'M26',
    title: 'All spins read one shift register of 32 bits, each 64 sweeps ahead of the one before.',
    effect: 'total',
    killedBy: { quick: ['rng.complexity'], standard: ['chain.distinct'] },
    blind: ['rng.white below 64 sweeps'],
    make: [{ kind: 'uniform', change: 'phase-shifted-lfsr', sweeps: 64 }],
  }),
  planted({
    id: 'M27',
    title: 'Random numbers of a row repeat after 2¹⁶ draws.',
    effect: 'period 2¹⁶',
    killedBy: { standard: ['chain.distinct'] },
    blind: ['short runs'],
    make: [{ kind: 'uniform', change: 'period', draws: 2 ** 16 }],
  }),
  planted({
    id: 'M28',
    title: 'The generator is restarted at every run.',
    effect: 'total',
    killedBy: { quick: ['seed.use', 'seed.neighbours', 'sch.split', 'chain.distinct'] },
    blind: ['checks inside one run'],
    make: restarted,
  }),
  planted({
    id: 'M29/two',
    title: 'Chains 0 and 1 share their random numbers.',
    effect: 'two chains',
    killedBy: { quick: ['chain.distinct', 'chain.correlation'] },
    blind: ['checks of one chain'],
    make: [{ kind: 'uniform', change: 'shared-by-chains', chains: 2 }],
  }),
  planted({
    id: 'M29/all',
    title: 'All chains share their random numbers.',
    effect: 'all chains',
    killedBy: { quick: ['chain.distinct', 'chain.correlation'] },
    blind: ['checks of one chain'],
    make: [{ kind: 'uniform', change: 'shared-by-chains', chains: 2 ** 24 }],
  }),
  planted({
    id: 'M29/images',
    title: 'All images of a run share their random numbers.',
    effect: 'all images',
    killedBy: { quick: ['chain.distinct', 'law.update'] },
    blind: ['checks of one image'],
    make: imagesShareStream,
  }),
  planted({
    id: 'M30/8',
    title: 'Only the lowest 8 bits of the seed count.',
    effect: '56 bits',
    killedBy: { quick: ['seed.use'] },
    blind: ['seed.repeat'],
    make: () => seedBits(8),
  }),
  planted({
    id: 'M30/32',
    title: 'Only the lowest 32 bits of the seed count.',
    effect: '32 bits',
    killedBy: { quick: ['seed.use'] },
    blind: ['seed.repeat'],
    make: () => seedBits(32),
  }),
  planted({
    id: 'M31',
    title: 'The seed is ignored by a device that claims to be repeatable.',
    effect: 'total',
    killedBy: { quick: ['seed.repeat', 'batch.single', 'stable.splits', 'stable.resume'] },
    blind: ['every check of the law'],
    make: seedIgnored,
  }),
  planted({
    id: 'M32',
    title: 'Random numbers depend on what else is in flight.',
    effect: 'total',
    killedBy: { quick: ['seed.repeat'] },
    blind: ['runs one after another'],
    make: seedOfLoad,
  }),
];
