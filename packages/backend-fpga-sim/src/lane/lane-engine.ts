/** The lane engine as the driver sees engines. */

import type { Engine } from '../driver/placed-block.ts';
import { generatorEntry } from '../generators/catalogue.ts';
import type { LaneParameters } from '../parameters/engine-parameters.ts';
import { addersOf } from '../timing/utilisation.ts';
import { LaneMachine } from './lane-machine.ts';
import { laneMisfits } from './lane-misfits.ts';
import { placeOnLanes } from './placed-on-lanes.ts';

export function laneEngine(parameters: LaneParameters): Engine {
  const { wordsPerLane, sharedWords } = generatorEntry(parameters.generator);
  return {
    misfits: (program, block) => laneMisfits(parameters, program, block),
    place: (program, block) => placeOnLanes(parameters, program, block),
    build: () => new LaneMachine(parameters),
    temperatureDepth: parameters.temperatureSweeps,
    generatorWords: wordsPerLane * parameters.lanes + sharedWords,
    readout: parameters.readout,
    adders: addersOf(parameters),
    weightBitsPerStep: parameters.lanes * parameters.couplingsPerLane * parameters.weightBits,
  };
}
