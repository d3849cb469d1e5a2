/**
 * The serial machine with a complete graph (pc-COP, devices.md 5.3). Its order is one spin after the other: a group of k is worked out ahead for every outcome of its
 * own first spins, so that each spin sees the states of all before it. It therefore runs every coloring right, from one color for each spin, which a complete graph
 * needs, to colors of many spins, which have the same states one after the other as at once; and always takes the time of its spins, not of their colors.
 */
import type { Engine } from '../driver/placed-block.ts';
import { generatorEntry } from '../generators/catalogue.ts';
import { laneGenerators } from '../generators/create-lane-generators.ts';
import { oneLaneEngine } from '../lane/one-lane-engine.ts';
import type { DenseSerialParameters } from '../parameters/engine-parameters.ts';
import { DenseSerialTiming } from './dense-serial-timing.ts';
import { pathCount, SpeculatedStreams } from './speculated-streams.ts';

/** What ENGINE says. */
export const denseSerialEngineId = 4;

export function denseSerialEngine(p: DenseSerialParameters): Engine {
  const { wordsPerLane, sharedWords } = generatorEntry(p.generator);
  const paths = pathCount(p.parallelPaths);
  return oneLaneEngine(p, {
    generatorWords: wordsPerLane * paths + sharedWords,
    // Where the published machine keeps its couplings is not known.
    weightBitsPerStep: null,
    parts: {
      engineId: denseSerialEngineId,
      timing: new DenseSerialTiming(p),
      generators: ({ states }) =>
        new SpeculatedStreams(laneGenerators(p.generator, paths), { parallelPaths: p.parallelPaths, states }),
    },
  });
}
