/**
 * Engines with the arithmetic of one lane: spins are walked one after the other, in the order of their colors, and what that takes and where random numbers come
 * from is the engine's own. Spins of one color are never coupled (semantics 1.4), so that a machine which updates them at once has the same states.
 */
import type { Engine } from '../driver/placed-block.ts';
import type { DenseSerialParameters, FabricParameters, LaneParameters } from '../parameters/engine-parameters.ts';
import { addersOf } from '../timing/utilisation.ts';
import { LaneMachine, type LaneParts } from './lane-machine.ts';
import { laneMisfits } from './lane-misfits.ts';
import { placeOnLanes } from './placed-on-lanes.ts';

/** Couplings that are added at once; what is padded to it shows in the images alone, and where sums saturate. */
const couplingsAtOnce = 16;

/** Room for couplings to pinned spins and for padding, in multiples of the couplings to free ones: the emulator's own limit. */
const couplingRoom = 16;

/** What the slot memory of any lane engine holds at most. */
const couplingSlotsMax = 2 ** 24;

export function oneLane(p: FabricParameters | DenseSerialParameters): LaneParameters {
  const perSpin = couplingsAtOnce * Math.ceil(p.degree / couplingsAtOnce);
  return {
    ...p,
    engine: 'lane',
    lanes: 1,
    couplingsPerLane: Math.min(p.degree, couplingsAtOnce),
    couplingSlots: Math.min(couplingSlotsMax, couplingRoom * perSpin * p.spins),
    syncCycles: 0,
    sweepCycles: 0,
  };
}

export function oneLaneEngine(
  p: FabricParameters | DenseSerialParameters,
  o: Pick<Engine, 'generatorWords' | 'weightBitsPerStep'> & { readonly parts: LaneParts },
): Engine {
  const lane = oneLane(p);
  return {
    // Limits of the emulator's memories bear the name of the engine.
    misfits: (program, block) =>
      laneMisfits(lane, program, block).map((misfit) =>
        misfit.limit.startsWith('lane.')
          ? {
              ...misfit,
              limit: misfit.limit.replace('lane', p.engine),
              remedies: ['fewer couplings to pinned spins', 'a machine with more: &degree='],
            }
          : misfit,
      ),
    place: (program, block) => placeOnLanes(lane, program, block),
    build: () => new LaneMachine(lane, o.parts),
    temperatureDepth: p.temperatureSweeps,
    generatorWords: o.generatorWords,
    readout: p.readout,
    adders: addersOf(p),
    weightBitsPerStep: o.weightBitsPerStep,
  };
}
