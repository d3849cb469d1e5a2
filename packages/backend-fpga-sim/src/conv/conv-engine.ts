/** The convolution engine as the driver sees one (devices.md 5.5). */
import type { KernelModules } from '@isinglass/kernels';
import type { Engine } from '../driver/placed-block.ts';
import { generatorEntry } from '../generators/catalogue.ts';
import type { ConvParameters } from '../parameters/engine-parameters.ts';
import { addersOf } from '../timing/utilisation.ts';
import { convImage } from './conv-image.ts';
import { ConvMachine } from './conv-machine.ts';
import { convMisfits } from './conv-misfits.ts';

/** `kernels`: compiled, for sums that are many times as fast; null: plain TypeScript, the same bits. */
export function convEngine(parameters: ConvParameters, kernels: KernelModules | null = null): Engine {
  const { wordsPerLane, sharedWords } = generatorEntry(parameters.generator);
  return {
    misfits: (program, block) => convMisfits(parameters, program, block),
    place: (program, block) => convImage(parameters, program, block),
    build: () => new ConvMachine(parameters, kernels),
    temperatureDepth: parameters.temperatureSweeps,
    generatorWords: wordsPerLane * parameters.samplers + sharedWords,
    readout: parameters.readout,
    adders: addersOf(parameters),
    weightBitsPerStep: parameters.channels * parameters.taps * parameters.weightBits,
  };
}
