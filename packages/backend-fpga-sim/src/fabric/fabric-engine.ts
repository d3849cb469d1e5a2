/**
 * The fabric: one circuit for each spin, weights in registers beside it (devices.md 5.1). Its bits are those of the lane engine; its time is not.
 */
import type { Engine } from '../driver/placed-block.ts';
import { generatorEntry } from '../generators/catalogue.ts';
import { laneGenerators } from '../generators/create-lane-generators.ts';
import { header } from '../lane/lane-memory-map.ts';
import { oneLaneEngine } from '../lane/one-lane-engine.ts';
import type { FabricParameters } from '../parameters/engine-parameters.ts';
import { FabricTiming } from './fabric-timing.ts';
import { OwnStreams } from './own-streams.ts';

/** What ENGINE says. */
export const fabricEngineId = 3;

export function fabricEngine(p: FabricParameters): Engine {
  const { wordsPerLane, sharedWords } = generatorEntry(p.generator);
  return oneLaneEngine(p, {
    generatorWords: wordsPerLane * p.spins + sharedWords,
    weightBitsPerStep: 0,
    parts: {
      engineId: fabricEngineId,
      timing: new FabricTiming(p),
      generators: (memories) =>
        new OwnStreams({
          make: (circuits) => laneGenerators(p.generator, circuits),
          circuits: p.spins,
          inUse: () => memories.header[header.spins] as number,
        }),
    },
  });
}
