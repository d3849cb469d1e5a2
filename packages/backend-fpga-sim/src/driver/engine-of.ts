import type { KernelModules } from '@isinglass/kernels';
import { convEngine } from '../conv/conv-engine.ts';
import { denseSerialEngine } from '../dense-serial/dense-serial-engine.ts';
import { fabricEngine } from '../fabric/fabric-engine.ts';
import { laneEngine } from '../lane/lane-engine.ts';
import type { EngineParameters } from '../parameters/engine-parameters.ts';
import type { Engine } from './placed-block.ts';

/** The engine that parameters describe. `kernels`: compiled, for engines that can use them. */
export function engineOf(parameters: EngineParameters, kernels: KernelModules | null): Engine {
  switch (parameters.engine) {
    case 'lane':
      return laneEngine(parameters);
    case 'conv':
      return convEngine(parameters, kernels);
    case 'fabric':
      return fabricEngine(parameters);
    case 'dense-serial':
      return denseSerialEngine(parameters);
    default:
      return parameters satisfies never;
  }
}
