/** What differs between engines where a project of them is written. */
import { InvalidRequestError } from '@isinglass/sdk';
import { convEngine } from '../../conv/conv-engine.ts';
import { convBitFields, phaseParts as convPhaseParts } from '../../conv/conv-memory-map.ts';
import type { Engine } from '../../driver/placed-block.ts';
import { laneEngine } from '../../lane/lane-engine.ts';
import { type BitField, laneBitFields, phaseParts as lanePhaseParts } from '../../lane/lane-memory-map.ts';
import type { EngineParameters } from '../../parameters/engine-parameters.ts';
import { convEngineSource } from '../conv/conv-engine-source.ts';
import { laneEngineSource } from '../lane/lane-engine-source.ts';

export interface ProjectEngine {
  readonly engine: Engine;
  /** All modules. */
  readonly source: () => string;
  readonly bitFields: readonly BitField[];
  /** Where the parts of the window PHASES begin. */
  readonly phaseParts: Readonly<Record<string, number>>;
  /** How it works, in a paragraph. */
  readonly text: string;
}

/** Throws InvalidRequestError for machines that have no SystemVerilog: other kinds, and lanes that are no power of two. */
export function projectEngine(parameters: EngineParameters): ProjectEngine {
  switch (parameters.engine) {
    case 'lane': {
      const { lanes, couplingsPerLane } = parameters;
      if (!Number.isInteger(Math.log2(lanes))) {
        throw new InvalidRequestError(
          `${lanes} lanes: SystemVerilog is written of a power of two, so that a word's lane is bits of its address; take &lanes=${2 ** Math.round(Math.log2(lanes))}`,
          { where: 'lanes' },
        );
      }
      return {
        engine: laneEngine(parameters),
        source: () => laneEngineSource(parameters),
        bitFields: laneBitFields,
        phaseParts: lanePhaseParts,
        text: `A lane engine: ${lanes} lanes sum the couplings of ${lanes} spins at once, ${couplingsPerLane} of each spin in a cycle, and then sample them. Spins of one color are dealt to the lanes in chunks; the schedule walks over colors, chunks, coupling groups and their steps. Every lane has a copy of all states, so that it can look up any spin: it takes any graph.`,
      };
    }
    case 'conv': {
      const { channels, taps, pixels, samplers } = parameters;
      return {
        engine: convEngine(parameters),
        source: () => convEngineSource(parameters),
        bitFields: convBitFields,
        phaseParts: convPhaseParts,
        text: `A convolution engine: an array of ${channels} channels × ${taps} taps × ${pixels} pixels adds ${channels * taps * pixels} couplings in a cycle, and ${samplers} samplers update the spins that it has summed while it sums the next ones. Each weight of a convolution is held once, for both directions; a table says which pixel each tap looks at.`,
      };
    }
    case 'fabric':
    case 'dense-serial':
      throw new InvalidRequestError(
        `fpga-sim:${parameters.set} is a machine of kind ${parameters.engine}; SystemVerilog is written of kinds lane and conv`,
        { where: 'engine' },
      );
    default:
      return parameters satisfies never;
  }
}
