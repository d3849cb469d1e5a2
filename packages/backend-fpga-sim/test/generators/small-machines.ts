/** A small machine of each engine for any generator: room for what the conformance suite runs at the level quick, probabilities of the fixed law. */
import type { GeneratorKind } from '../../src/generators/catalogue.ts';
import type { Engine } from '../../src/parameters/choices.ts';

const machines: Readonly<Record<Engine, (rng: GeneratorKind) => string>> = {
  lane: (rng) => `fpga-sim:toy?rng=${rng}`,
  fabric: (rng) => `fpga-sim:niazi?rng=${rng}&spins=256`,
  'dense-serial': (rng) => `fpga-sim:dense?rng=${rng}&activation=exact&weightBits=8&spins=256&colors=256&degree=255`,
  conv: (rng) => `fpga-sim:conv-s?rng=${rng}&activation=exact&spins=4096&channels=4&taps=4&pixels=8&samplers=8`,
};

export const smallMachine = (engine: Engine, rng: GeneratorKind): string => machines[engine](rng);
